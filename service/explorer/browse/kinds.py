"""The kinds of record that can be looked at: their addresses, columns and filters, as one table.

``lists`` shows a kind, ``records`` a single record. A record's page has the address
``/browse/<segment>/<identifier>``, which stays as long as the identifier does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from service.knowledge.links import Ref

Record = dict[str, Any]
#: Where an identifier of another registry is looked up; none of it is loaded by a page.
EXTERNAL: Mapping[str, str] = {
    "entrez": "https://www.ncbi.nlm.nih.gov/gene/{}",
    "hgnc": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/{}",
    "ncit": "https://evsexplore.semantics.cancer.gov/evsexplore/concept/ncit/{}",
    "nct": "https://clinicaltrials.gov/study/{}",
    "pma": "https://www.accessdata.fda.gov/scripts/cdrh/cfdocs/cfpma/pma.cfm?id={}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "rxnorm": "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm={}",
    "uniprot": "https://www.uniprot.org/uniprotkb/{}/entry",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A piece of text, perhaps a link, with a remark beside it."""

    text: str
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record.

    Args:
        name: as in ``KnowledgeBase.records``.
        key: field that holds the identifier.
        columns: (field, heading) beside the identifier in a list.
        filters: fields of one value that a list can be narrowed by.
        has_json: whether ``/v1/<segment>`` gives it as JSON.
    """

    name: str
    title: str
    singular: str
    about: str
    key: str
    columns: tuple[tuple[str, str], ...]
    filters: tuple[str, ...] = ()
    has_json: bool = True

    @property
    def segment(self) -> str:
        """Return the kind as it stands in an address."""
        return self.name.replace("_", "-")


_NAME = ("name", "Name")
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "genes", "Genes and markers", "Gene",
            "Genes, and other markers, that findings speak about.",
            "symbol", (_NAME, ("hgnc", "HGNC"), ("aliases", "Also written")),
        ),
        Kind(
            "biomarker_classes", "Biomarker classes", "Biomarker class",
            "Named sets of alterations, defined by rule: what the criteria of assertions ask for.",
            "name", (("gene", "Gene"), ("description", "Meaning")), ("gene",),
        ),
        Kind(
            "variants", "Variants", "Variant",
            "Variants whose oncogenicity is curated.",
            "id", (("oncogenicity", "Oncogenicity"), ("structural_class", "Structural class")),
            ("gene", "oncogenicity"),
        ),
        Kind(
            "drugs", "Drugs and drug groups", "Drug",
            "Active substances by INN, and the groups that labels leave open.",
            "name", (("kind", "Kind"), ("brands", "Brands"), ("groups", "Groups")), ("kind",),
        ),
        Kind(
            "regimens", "Regimens", "Regimen",
            "Sets of drugs that are given together; the set is the identity.",
            "id", (_NAME, ("drugs", "Drugs")),
        ),
        Kind(
            "assertions", "Assertions", "Assertion",
            "One statement each: regimen, effect, population, sources, and dated authorisations.",
            "id",
            (
                ("regimen", "Regimen"), ("effect", "Effect"), ("standing", "Standing today"),
                ("statement", "Statement"),
            ),
        ),
        Kind(
            "studies", "Studies", "Study",
            "Studies behind the assertions, with their numbers as published.",
            "id", (_NAME, ("phase", "Phase"), ("n", "Patients"), ("result", "Result")), ("phase",),
        ),
        Kind(
            "diagnostics", "Companion diagnostics", "Companion diagnostic",
            "Devices that are approved to select patients for a drug.",
            "id", (_NAME, ("technology", "Technology"), ("specimen", "Specimen")),
            ("technology", "specimen"),
        ),
        Kind(
            "tumor_types", "Tumour types", "Tumour type",
            "OncoTree, with the groups above the tissues.",
            "code", (_NAME, ("parent", "Kind of"), ("tissue", "Tissue")), ("tissue",),
        ),
        Kind(
            "conditions", "Clinical conditions", "Clinical condition",
            "Yes/no facts about a patient that criteria ask for.",
            "name", (("description", "Meaning"),),
        ),
        Kind(
            "assay_methods", "Assay methods", "Assay method",
            "Ways of measuring, with the days that they typically take.",
            "id", (_NAME, ("technology", "Technology"), ("specimen", "Specimen")),
            has_json=False,
        ),
        Kind(
            "sources", "Documents", "Document",
            "Documents that facts were taken from, and whether they were opened.",
            "id", (("title", "Title"), ("kind", "Kind"), ("publisher", "Publisher")),
            ("kind", "verification"),
        ),
    )
}  # fmt: skip
BY_SEGMENT: Mapping[str, Kind] = {kind.segment: kind for kind in KINDS.values()}


def href_of(record: Ref) -> str:
    """Return the address of a record's page."""
    kind, id_ = record
    return f"/browse/{KINDS[kind].segment}/{quote(id_, safe='/+')}"


def json_href_of(record: Ref) -> str | None:
    """Return the address of a record as JSON, ``None`` where the API has none."""
    kind, id_ = record
    return f"/v1/{KINDS[kind].segment}/{quote(id_, safe='/+')}" if KINDS[kind].has_json else None


def evidence_href(regimen: str) -> str:
    """Return the address of the evidence of a regimen, by its identifier."""
    return f"/evidence/{quote(regimen, safe='/+')}"


def title_of(record: Ref, content: Record) -> str:
    """Return what a record is called."""
    kind, id_ = record
    if kind == "assertions":
        return f"{id_}: {' + '.join(content['regimen'])}"
    if kind == "diagnostics" and content["specimen"]:
        return f"{content['name']} ({content['specimen']})"
    if kind == "tumor_types":
        return f"{content['name']} ({id_})"
    return str(content.get("title") or (id_ if kind == "genes" else content.get("name")) or id_)


def words_of(value: Any) -> Iterator[str]:
    """Yield every text and number that a record holds, at any depth."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from words_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from words_of(inner)
    elif value is not None and not isinstance(value, bool):
        yield f"{value:g}" if isinstance(value, float) else str(value)


def plain(value: Any) -> str:
    """Return a field in words: lists with commas, words of the schema without underscores."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(words_of(value))
