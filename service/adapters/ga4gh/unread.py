"""The parts of a phenopacket that are not read: named, and set apart where they may hold a result.

A result may stand in words (``summary``), in a file that is elsewhere (``files``), in the markers
of a sample, or among the features. It counts as not understood where it names a covered gene of
which nothing that was read says the same; words and files also where they may be all that is said.

Source: GA4GH Phenopacket Schema 2.0, Interpretation.summary, File, Biosample.diagnosticMarkers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.reports import unsaid_gene
from service.engine.model import Finding
from service.engine.reading import Item

Json = dict[str, Any]
#: Parts of which the labels are looked through; of a sample its measurements are read.
PARTS = ("medicalActions", "phenotypicFeatures", "biosamples")
_READ_ELSEWHERE = frozenset({"measurements", "files"})
_MAX_DEPTH = 6


def unread_parts(
    vocabulary: FhirVocabulary, packet: Json, findings: list[Finding]
) -> Iterator[Item]:
    """Yield what became of each part that is not read, when all else was.

    Args:
        packet: in the names of the schema.
        findings: what was read of the rest.
    """
    genes = GeneCodes(vocabulary)
    for name in PARTS:
        for part, place in _objects(packet, name, ""):
            said = ", ".join(_labels(part))[:500]
            gene = unsaid_gene(vocabulary, genes, said, findings) if said else None
            yield _apart(place, said, gene) if gene else Item(place, said[:200], "context")
    for part, place in _objects(packet, "interpretations", ""):
        summary = part.get("summary")
        if isinstance(summary, str) and summary.strip():
            gene = unsaid_gene(vocabulary, genes, summary, findings)
            matters = gene is not None or not findings
            yield _apart(f"{place}/summary", summary[:500], gene, may_matter=matters)
    holders = [(packet, ""), *_objects(packet, "biosamples", "")]
    for holder, at in holders:
        for part, place in _objects(holder, "files", at):
            uri = part.get("uri")
            said = uri[:200] if isinstance(uri, str) else "a file"
            yield _apart(place, said, None, may_matter=not findings)


def _apart(place: str, said: str, gene: str | None, *, may_matter: bool = True) -> Item:
    named = f"; it names {gene}" if gene else ""
    message = f"this is not read: {said[:80]!r}{named}"
    return Item(
        place, said, "set_apart", reason="text_not_read", message=message, gene=gene,
        may_matter=may_matter,
    )  # fmt: skip


def _objects(node: Json, key: str, place: str) -> Iterator[tuple[Json, str]]:
    values = node.get(key)
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, dict):
            yield value, f"{place}/{key}/{index}"


def _labels(part: Any, depth: int = 0) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(part, list):
        for value in part:
            yield from _labels(value, depth + 1)
    elif isinstance(part, dict):
        if isinstance(part.get("label"), str):
            yield part["label"]
        for key, value in part.items():
            if key not in _READ_ELSEWHERE:
                yield from _labels(value, depth + 1)
