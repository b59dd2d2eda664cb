"""What a specimen changes of a result: mutational burden of plasma is never one of tissue.

Which marker is the one of blood is data of the marker (``in_blood``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.model import Gene
from service.engine.reading import Item


def read_in_blood(vocabulary: BiomarkerVocabulary, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items of a report about blood, with the markers of blood for those of tissue."""
    names = vocabulary.reader.names
    for item in items:
        moved = [
            gene
            for gene in map(names.lookup, {finding.gene for finding in item.findings})
            if gene is not None and gene.in_blood is not None
        ]
        if item.fate != "finding" or not moved:
            yield item
            continue
        given = item.given
        for gene in moved:
            given = _in_blood(vocabulary, given, gene)
        read = read_biomarker(vocabulary, given, item.place, text=item.text)
        yield next((one for one in read if one.fate == "finding"), read[0])


def _in_blood(vocabulary: BiomarkerVocabulary, given: Any, gene: Gene) -> Any:
    names, name = vocabulary.reader.names, str(gene.in_blood)
    if isinstance(given, str):
        return names.renamed(given, gene, name)
    if isinstance(given, Mapping) and given.get("gene"):
        return {**given, "gene": name}
    return {**given, "alteration": names.renamed(str(given.get("alteration") or ""), gene, name)}
