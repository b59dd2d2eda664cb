"""``/search``: one box over all records, and what the text means as a gene, drug, tumour, result.

Records are found by the words in them (full-text search). Before that the readers of a question
are asked: a brand, a synonym or another spelling leads to the record that it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request

from service.engine.facts import Facts
from service.engine.model import Case
from service.engine.notation.faults import NotationError
from service.errors import InputError
from service.explorer.browse.kinds import KINDS, Kind, Linked, href_of, title_of
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.knowledge.catalogue import MAX_HITS_A_KIND
from service.knowledge.links import Ref

MIN_TEXT, MAX_TEXT = 2, 200


@dataclass(frozen=True, slots=True)
class Hits:
    """Records of one kind in which the words occur, best first."""

    kind: Kind
    items: tuple[Linked, ...]
    is_cut: bool


@blueprint.get("/search")
def search() -> Response:
    """Search the whole knowledge base."""
    text = request.args.get("q", "").strip()
    fault = ""
    if text and not MIN_TEXT <= len(text) <= MAX_TEXT:
        fault = f"Give {MIN_TEXT} to {MAX_TEXT} characters to look for."
    asked = text if not fault else ""
    shared = explorer()
    return page(
        "search.html",
        status=422 if fault else 200,
        here="search",
        title=f"Search: {text[:80]}" if text else "Search",
        text=text,
        fault=fault,
        meanings=tuple(_meanings(shared, asked)) if asked else (),
        hits=tuple(_hits(shared, asked)) if asked else (),
    )


def _hits(shared: Explorer, text: str) -> Iterator[Hits]:
    found: dict[str, list[Linked]] = {}
    for hit in shared.knowledge.catalogue.search(text):
        name = _VOCABULARY[hit["kind"]]
        found.setdefault(name, []).append(_hit(shared, (name, hit["id"]), hit["text"]))
    for name, items in found.items():
        yield Hits(KINDS[name], tuple(items), len(items) >= MAX_HITS_A_KIND)


def _hit(shared: Explorer, ref: Ref, shown: str) -> Linked:
    """Return a hit by its title, with the statement of an assertion or the identifier beside it."""
    title = title_of(ref, shared.knowledge.catalogue.records(ref[0])[ref[1]])
    note = shown if ref[0] == "assertions" else "" if ref[1] in title else ref[1]
    return Linked(title, href_of(ref), note)


#: Kind of a hit -> vocabulary.
_VOCABULARY: Mapping[str, str] = {
    "assertion": "assertions",
    "biomarker_class": "biomarker_classes",
    "diagnostic": "diagnostics",
    "drug": "drugs",
    "gene": "genes",
    "regimen": "regimens",
    "source": "sources",
    "study": "studies",
    "tumor_type": "tumor_types",
}


def _meanings(shared: Explorer, text: str) -> Iterator[tuple[str, Linked]]:
    """Yield what the text means to each reader, each record once."""
    seen: set[Ref] = set()
    for how, read in _READERS:
        for ref in read(shared, text):
            if ref not in seen and shared.links.has(ref):
                seen.add(ref)
                content = shared.knowledge.catalogue.records(ref[0])[ref[1]]
                yield how, Linked(title_of(ref, content), href_of(ref), KINDS[ref[0]].singular)
    if any(ref[0] == "biomarker_classes" for ref in seen):
        query = urlencode({"biomarker": text})
        yield "", Linked("Ask with this result", f"/?{query}")


def _by_id(shared: Explorer, text: str) -> Iterator[Ref]:
    for name in KINDS:
        for id_ in (text, text.upper(), text.lower()):
            if shared.links.has((name, id_)):
                yield name, id_
    for study in shared.knowledge.records["studies"].values():
        if text.upper() == study["nct"] or text == study["pmid"]:
            yield "studies", study["id"]


def _gene(shared: Explorer, text: str) -> Iterator[Ref]:
    gene = shared.knowledge.reader.names.lookup(text)
    for symbol in (gene.members or (gene.symbol,)) if gene is not None else ():
        yield "genes", symbol


def _drug(shared: Explorer, text: str) -> Iterator[Ref]:
    name = shared.knowledge.drug_names.find(text)
    if name is not None:
        yield "drugs", name


def _tumor(shared: Explorer, text: str) -> Iterator[Ref]:
    try:
        yield "tumor_types", shared.knowledge.tumor_terms.read_text(text, "?q").code
    except InputError:
        return


def _result(shared: Explorer, text: str) -> Iterator[Ref]:
    """Yield the gene and the classes of a result as a laboratory prints it."""
    kb = shared.knowledge
    try:
        findings = kb.reader.read_text(text).findings
    except NotationError:
        return
    for finding in findings:
        facts = Facts(kb.rulebook, Case("TISSUE", (finding,), shared.today()))
        for gene in finding.genes:
            yield "genes", gene
        yield "variants", f"{finding.gene} {finding.hgvs_p_short or ''}".replace(" p.", " ")
        for name in facts.classes_that_hold():
            yield "biomarker_classes", name


_READERS: tuple[tuple[str, Callable[[Explorer, str], Iterator[Ref]]], ...] = (
    ("an identifier", _by_id),
    ("a gene", _gene),
    ("a drug", _drug),
    ("a tumour type", _tumor),
    ("a laboratory result", _result),
)
