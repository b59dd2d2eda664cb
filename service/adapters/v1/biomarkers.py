"""The biomarkers of a v1 request to items: each understood, not covered, or set apart.

Reading words is here; making a case of what was read is in ``case``. A reader of another format
makes its items with ``read_biomarker`` too, so that every text is read once and in one way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from service.adapters.v1.notice import Notice
from service.engine.model import Finding
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.engine.reading import Item, is_placeholder
from service.errors import Fault

Json = dict[str, Any]
#: Names as close as this to a covered gene may be that gene with a slip of the pen.
_CLOSE = 75.0


class BiomarkerVocabulary(Protocol):
    """The part of a knowledge base that reading biomarkers needs."""

    @property
    def reader(self) -> BiomarkerReader: ...


def read_biomarker(
    vocabulary: BiomarkerVocabulary, given: Any, place: str, *, text: str | None = None
) -> tuple[Item, ...]:
    """Read one biomarker of the v1 contract, a text or an object.

    Args:
        given: as in ``POST /v1/match``.
        place: where it stands, for a fault and for ``set_apart``.
        text: what stood there, when it is not ``given`` itself.

    Returns:
        One item, or more when it names genes that are covered and genes that are not.
    """
    said = text if text is not None else _text_of(given)
    try:
        if isinstance(given, str):
            found = vocabulary.reader.read_text(given)
        else:
            found = vocabulary.reader.read_fields(
                gene=given.get("gene"),
                alteration=given.get("alteration"),
                assay=given.get("assay"),
                result=given.get("result"),
                origin=given.get("origin"),
            )
    except NotationError as error:
        return (refused(vocabulary, error, given, place, said),)
    items = [
        Item(place, said, "not_covered", given, findings=(stranger,), gene=stranger.gene)
        for stranger in found.strangers
    ]
    items += [
        Item(
            place, part.text, "set_apart", given,
            reason=part.reason, message=part.message, gene=_gene_in(vocabulary, part.text),
        )
        for part in found.apart
    ]  # fmt: skip
    if found.findings:
        genes = {finding.gene for finding in found.findings}
        gene = genes.pop() if len(genes) == 1 else None
        items.insert(
            0, Item(place, said, "finding", given, found.findings, found.remarks, gene=gene)
        )
    return tuple(items)


def refused(
    vocabulary: BiomarkerVocabulary, error: NotationError, given: Any, place: str, said: str
) -> Item:
    """Return the item of a biomarker that was not understood."""
    suggestions = error.suggestions
    if error.code == "unknown_gene" and not suggestions:
        suggestions = near_genes(vocabulary, _name_in(given))
    gene = _gene_in(vocabulary, said)
    return Item(
        place,
        said,
        "set_apart",
        given,
        reason=error.code,
        message=error.message,
        suggestions=suggestions,
        gene=gene,
        may_matter=gene is not None or not _is_stranger(vocabulary, given),
    )


def _gene_in(vocabulary: BiomarkerVocabulary, text: str) -> str | None:
    covered = vocabulary.reader.names.all_in(text)
    return covered[0].symbol if covered else None


def fault_of(item: Item) -> Fault:
    """Return the fault of an item that was not understood, where it is refused."""
    place = item.place
    if isinstance(item.given, Mapping) and place.startswith("/biomarkers/"):
        if item.reason == "unknown_gene" and item.gene is None and item.given.get("gene"):
            place = f"{place}/gene"
        elif item.reason == "unknown_result":
            place = f"{place}/result"
        elif item.given.get("alteration"):
            place = f"{place}/alteration"
    code = item.reason or ""
    return Fault(place, code, item.message, item.suggestions)


def notices_of(items: Iterable[Item]) -> list[Notice]:
    """Return what must be said about how items were read, each at its place."""
    return [
        Notice(remark.code, remark.message, item.place, remark.suggestions)
        for item in items
        for remark in item.remarks
    ]


def findings_of(items: Iterable[Item]) -> list[Finding]:
    """Return the findings about covered genes, in order."""
    return [finding for item in items if item.fate == "finding" for finding in item.findings]


def near_genes(vocabulary: BiomarkerVocabulary, text: str) -> tuple[str, ...]:
    """Return the covered genes whose names are nearest to the first word of a text."""
    first = text.strip().split(" ")[0][:40].upper()
    found = process.extract(
        first, vocabulary.reader.names.names(), scorer=fuzz.ratio, limit=3, score_cutoff=50
    )
    return tuple(name for name, _, _ in found)


def _is_stranger(vocabulary: BiomarkerVocabulary, given: Any) -> bool:
    """Tell whether what was not understood is surely about a gene that is not covered.

    What names no gene at all may be a result of the one that was named before it.
    """
    name = _name_in(given)
    words = name.split()
    has_field = isinstance(given, Mapping) and not is_placeholder(given.get("gene") or "")
    if not words or not vocabulary.reader.is_about_others(name, is_field=has_field):
        return False
    close = process.extractOne(
        words[0].upper(), vocabulary.reader.names.names(), scorer=fuzz.ratio, score_cutoff=_CLOSE
    )
    return close is None


def _name_in(given: Any) -> str:
    if isinstance(given, str):
        return given
    names = (given.get(key) or "" for key in ("gene", "alteration"))
    return next((name for name in names if not is_placeholder(name)), "")


def _text_of(given: Any) -> str:
    if isinstance(given, str):
        return given
    said = (given.get(key) for key in ("gene", "assay", "alteration", "result"))
    return " ".join(str(word) for word in said if word)
