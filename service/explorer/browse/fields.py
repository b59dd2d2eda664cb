"""The fields of each kind of record: what they are called, and where their values lead.

Every field of a record is shown, in the order of its table here; a field that is empty is left out.
``test_records`` holds the pages against the records, value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.explorer.browse.kinds import EXTERNAL, Linked, href_of, plain, title_of
from service.knowledge.store import KnowledgeBase

Record = dict[str, Any]
#: (knowledge base, value, record) -> items.
_Read = Callable[[KnowledgeBase, Any, Record], Iterable[Linked]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A field in readable form; several items are a list."""

    label: str
    items: tuple[Linked, ...]


def facts_of(kb: KnowledgeBase, ref: tuple[str, str]) -> tuple[Fact, ...]:
    """Return the fields of a record that are not empty."""
    kind, id_ = ref
    record = kb.catalogue.records(kind)[id_]
    facts = []
    for field, label, read in FIELDS[kind]:
        value = record[field]
        items = () if value in (None, "", [], {}) else tuple(read(kb, value, record))
        if items:
            facts.append(Fact(label, items))
    if kind == "genes":
        facts += list(_status_tables(kb, id_))
    return tuple(facts)


def _text(_: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    values = value if isinstance(value, list) else [value]
    return (Linked(plain(one)) for one in values)


def _word(_: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    values = value if isinstance(value, list) else [value]
    return (Linked(plain(one).replace("_", " ")) for one in values)


def _link(kind: str) -> _Read:
    """Read identifiers of other records."""

    def read(kb: KnowledgeBase, value: Any, _: Record) -> Iterator[Linked]:
        records = kb.catalogue.records(kind)
        for id_ in value if isinstance(value, list) else [value]:
            if id_ in records:
                shown = title_of((kind, id_), records[id_])
                note = "" if id_ in shown or kind in ("sources", "diagnostics") else id_
                yield Linked(shown, href_of((kind, id_)), note)
            else:
                yield Linked(str(id_))

    return read


def _outside(registry: str) -> _Read:
    """Read an identifier of another registry."""
    return lambda _, value, __: (Linked(str(value), EXTERNAL[registry].format(value)),)


def _web(_: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    yield Linked(value, value)


def _named(kind: str, key: str) -> _Read:
    """Read a list of objects, each of which names a record and may say where."""

    def read(kb: KnowledgeBase, value: Any, record: Record) -> Iterator[Linked]:
        for row in value:
            for item in _link(kind)(kb, row[key], record):
                yield Linked(item.text, item.href, row.get("where") or item.note)

    return read


def _studies(kb: KnowledgeBase, value: Any, record: Record) -> Iterator[Linked]:
    """Read the studies of an assertion, with what they say of it where that differs."""
    for row in value:
        said = [row[key] for key in ("population", "result") if row.get(key)]
        for item in _link("studies")(kb, row["study"], record):
            yield Linked(item.text, item.href, ": ".join(said) or item.note)


def _replaced(kb: KnowledgeBase, value: Any, record: Record) -> Iterator[Linked]:
    """Read the regimens whose place this one took, and the source that says so."""
    for row in value:
        for item in _link("sources")(kb, row["source"], record):
            yield Linked(" + ".join(row["regimen"]), item.href, item.text)


def _claims(kb: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    """Read the claims of a device: the class, the drug, the tumour types, the day."""
    types = kb.records["tumor_types"]
    for claim in value:
        href = href_of(("biomarker_classes", claim["biomarker"]))
        tumors = ", ".join(f"{types[code]['name']} ({code})" for code in claim["tumor_types"])
        since = f"; approved {claim['approved_on']}" if claim["approved_on"] else ""
        yield Linked(claim["biomarker"], href, f"for {claim['drug']} in {tumors}{since}")


def _documents_of_claims(kb: KnowledgeBase, value: Any, record: Record) -> Iterator[Linked]:
    documents = dict.fromkeys(claim["source"] for claim in value if claim["source"])
    return iter(_link("sources")(kb, list(documents), record))


def _boxed_warning(kb: KnowledgeBase, value: Any, record: Record) -> Iterator[Linked]:
    """Read the facts of a boxed warning, whose label it stands on, and where."""
    yield from (
        Linked(fact, None, f"boxed warning, {value['jurisdiction']}") for fact in value["facts"]
    )
    for item in _link("sources")(kb, value["source"], record):
        yield Linked(item.text, item.href, value["where"])


def _endpoints(_: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    for row in value:
        given = {k: v for k, v in row.items() if v is not None and k != "endpoint"}
        note = ", ".join(f"{k.replace('_', ' ')} {plain(v)}" for k, v in given.items())
        yield Linked(row["endpoint"].replace("_", " "), note=note)


def _exons(_: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    for exon in sorted(value, key=int):
        first, last = value[exon]
        yield Linked(f"exon {exon}: codons {first} to {last}")


def _span(_: KnowledgeBase, value: Any, __: Record) -> Iterator[Linked]:
    yield Linked(f"{value[0]} to {value[1]}")


def _rule(kb: KnowledgeBase, value: Any, record: Record) -> Iterator[Linked]:
    """Read the rule of a biomarker class; ``docs/curation.md`` says what the words mean."""
    for key, inner in value.items():
        if inner in (None, [], False):
            continue
        label = key.replace("_", " ")
        if key in ("any_of", "all_of", "opposite"):
            for item in _link("biomarker_classes")(kb, inner, record):
                yield Linked(f"{label}: {item.text}", item.href)
        elif inner is True:
            yield Linked(label)
        elif isinstance(inner, dict):
            said = ", ".join(f"{k} {plain(v)}" for k, v in inner.items() if v is not None)
            yield Linked(f"{label}: {said}")
        else:
            yield Linked(f"{label}: {plain(inner).replace('_', ' ')}")


def _status_tables(kb: KnowledgeBase, gene: str) -> Iterator[Fact]:
    """Yield the tables by which graded results of a gene become a status (rule M10)."""
    for table in kb.rulebook.status_tables:
        if table.gene == gene:
            where = ", ".join(table.applies_to)
            rows = [
                Linked(
                    f"IHC {row.ihc or 'not done'}, ISH {row.ish or 'not done'}: "
                    f"{' or '.join(row.statuses) or 'no status'}"
                    f"{', discordant' if row.discordant else ''}"
                )
                for row in table.rows
            ]
            source = kb.records["sources"][table.source]
            rows.append(Linked(source["title"], href_of(("sources", table.source)), "source"))
            yield Fact(f"Status from IHC and ISH in {where}", tuple(rows))


FIELDS: Mapping[str, tuple[tuple[str, str, _Read], ...]] = {
    "assertions": (
        ("regimen", "Drugs", _link("drugs")),
        ("effect", "Effect", _word),
        ("jurisdiction", "Jurisdiction", _text),
        ("authority", "Authority", _text),
        ("support", "Support without an authority", _word),
        ("known_since", "Published since", _text),
        ("formulation", "Formulation", _text),
        ("test_required", "Needs a biomarker test", _text),
        ("evidence", "Studies", _studies),
        ("companion_diagnostics", "Companion diagnostics", _link("diagnostics")),
        ("preferred_by", "Named first by", _link("sources")),
        ("replaces", "Took the place of", _replaced),
        ("sources", "Sources, and where in them", _named("sources", "id")),
        ("notes", "Notes", _text),
        ("reviewed_on", "Reviewed on", _text),
    ),
    "assay_methods": (
        ("name", "Name", _text),
        ("technology", "Technology", _text),
        ("scope", "Reads at a time", _text),
        ("measures", "Measures", _word),
        ("specimen", "Specimen", _text),
        ("typical_days", "Typical days from receipt to report", _span),
        ("source", "Source", _link("sources")),
    ),
    "biomarker_classes": (
        ("gene", "Gene", _link("genes")),
        ("rule", "Rule", _rule),
        ("absence", "Says that something is absent", _text),
        ("reported_as", "Reported as", _text),
        ("loosely_reported_as", "Loosely reported as", _text),
        ("otherwise_reported_as", "Words for what is in none of these", _text),
        ("source", "Source", _text),
    ),
    "conditions": (("description", "Meaning", _text),),
    "diagnostics": (
        ("name", "Name", _text),
        ("maker", "Maker", _text),
        ("pma", "Premarket approval (FDA)", _outside("pma")),
        ("jurisdiction", "Approved in", _text),
        ("specimen", "Specimen", _text),
        ("technology", "Technology", _text),
        ("claims", "Selects by", _claims),
        ("claims", "Days of approval from", _documents_of_claims),
        ("source", "Source", _link("sources")),
    ),
    "drugs": (
        ("kind", "Kind", _text),
        ("brands", "Brands", _text),
        ("aliases", "Also written", _text),
        ("groups", "Belongs to", _link("drugs")),
        ("targets", "Acts on", _text),
        ("rxnorm", "RxNorm", _outside("rxnorm")),
        ("ncit", "NCI Thesaurus", _outside("ncit")),
        ("codes_source", "Codes read in", _text),
        ("boxed_warning", "Boxed warning", _boxed_warning),
        ("notes", "Notes", _text),
    ),
    "genes": (
        ("name", "Name", _text),
        ("protein_name", "Reported as", _text),
        ("aliases", "Also written", _text),
        ("hgnc", "HGNC", _outside("hgnc")),
        ("entrez", "NCBI Gene", _outside("entrez")),
        ("uniprot", "UniProt", _outside("uniprot")),
        ("protein_refseq", "Reference protein", _text),
        ("transcripts", "Transcripts that are read", _text),
        ("negative_covers", 'A plain "not detected" speaks about', _word),
        ("kinase_domain", "Kinase domain, codons", _span),
        ("kinase_domain_source", "Kinase domain from", _text),
        ("other_numberings", "Other numberings", _text),
        ("families", "Results are graded as", _text),
        ("symbol_is_sequenced", "The symbol alone is the sequence", _text),
        ("in_blood", "In blood it is", _text),
        ("fusion_end", "End of its fusions", _text),
        ("named_changes", "Changes with a name", _text),
        ("itd_region", "Internal tandem duplications, codons", _span),
        ("skipped_exons", "Exons that are skipped", _text),
        ("last_lof_codon", "Last codon of a loss of function", _text),
        ("last_lof_codon_source", "That codon from", _text),
        ("exons", "Coding exons", _exons),
        ("exons_source", "Exons from", _text),
    ),
    "regimens": (("drugs", "Drugs", _link("drugs")),),
    "sources": (
        ("kind", "Kind", _word),
        ("publisher", "Publisher", _text),
        ("url", "Address", _web),
        ("pmid", "PubMed", _outside("pmid")),
        ("accessed_on", "Read on", _text),
        ("verification", "Verification", _text),
    ),
    "studies": (
        ("phase", "Phase", _text),
        ("design", "Design", _text),
        ("arms", "Arms", _text),
        ("n", "Patients", _text),
        ("result", "Result", _text),
        ("endpoints", "Numbers", _endpoints),
        ("nct", "ClinicalTrials.gov", _outside("nct")),
        ("pmid", "PubMed", _outside("pmid")),
    ),
    "tumor_types": (
        ("name", "Name", _text),
        ("parent", "Kind of", _link("tumor_types")),
        ("may_be", "May be", _link("tumor_types")),
        ("tissue", "Tissue", _text),
        ("ncit", "NCI Thesaurus", _outside("ncit")),
        ("umls", "UMLS", _text),
    ),
    "variants": (
        ("gene", "Gene", _link("genes")),
        ("variant", "Variant", _text),
        ("oncogenicity", "Oncogenicity", _word),
        ("functional_class", "Functional class", _text),
        ("structural_class", "Structural class", _text),
        ("sources", "Sources", _link("sources")),
        ("notes", "Notes", _text),
    ),
}
