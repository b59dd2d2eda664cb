"""Three real genes as records under ``tests/`` only: what was once misread in silence is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.engine.classes import contains
from service.engine.model import Truth
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.knowledge.classes import build_class, build_gene
from service.knowledge.schemas import SCHEMAS, load_record
from service.knowledge.store import KnowledgeBase

ROOT = Path(__file__).parents[3]
ADDED = Path(__file__).parent / "added"


def _load(path: Path, schema: str) -> list[dict[str, Any]]:
    records = []
    for row in yaml.load(path.read_text("utf-8"), yaml.BaseLoader):
        record, messages = load_record(SCHEMAS[schema], row)
        assert record is not None, messages
        records.append(record)
    return records


FAMILIES = {
    row["id"]: row for row in _load(ROOT / "seed_data/vocabulary/families.yaml", "families")
}
GENES = {
    row["symbol"]: build_gene(row, {}, FAMILIES) for row in _load(ADDED / "genes.yaml", "genes")
}
CLASSES = {
    row["name"]: build_class(row, GENES[row["gene"]])
    for row in _load(ADDED / "classes.yaml", "biomarker_classes")
}


@pytest.fixture(scope="module")
def reader(kb: KnowledgeBase) -> BiomarkerReader:
    """Return a reader that knows the curated genes and the added ones."""
    known = (*kb.rulebook.genes.values(), *GENES.values())
    return BiomarkerReader(known, {}, human_genes=kb.reader.human_genes)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("RET FISH positive", "RET fusion", "fusion"),
        ("RET ISH positive", "RET fusion", "fusion"),
        ("RET (FISH): positive", "RET fusion", "fusion"),
        ("RET break-apart positive", "RET fusion", "fusion"),
        ("RET FISH amplified", "RET ISH amplified", "in_situ_hybridization"),
        ("CCDC6-RET", "CCDC6::RET fusion", "fusion"),
        ("FLT3-ITD", "FLT3 ITD", "sequence_variant"),
        ("FLT3 ITD positive", "FLT3 ITD", "sequence_variant"),
        ("FLT3::ITD", "FLT3 ITD", "sequence_variant"),
        ("FLT3-TKD", "FLT3 kinase domain mutation", "sequence_variant"),
        ("CD115 IHC positive", "CSF1R IHC positive", "expression"),
        ("CSF1R CD115 IHC positive", "CSF1R IHC positive", "expression"),
        ("CSF1R exon 11 mutation", "CSF1R exon 11 mutation", "sequence_variant"),
    ],
)
def test_a_text_means_what_the_record_says(
    reader: BiomarkerReader, text: str, name: str, kind: str
) -> None:
    assert [(f.name, f.kind) for f in reader.read_text(text).findings] == [(name, kind)]


@pytest.mark.parametrize(
    "text",
    ["CD115 positive", "CSF1R positive", "CD115+", "CSF1R CD115 +", "c-Fms (CD115): positive"],
)
def test_a_protein_that_is_a_gene_too_is_ambiguous(reader: BiomarkerReader, text: str) -> None:
    with pytest.raises(NotationError) as refused:
        reader.read_text(text)
    assert refused.value.code == "ambiguous_result"
    assert refused.value.suggestions == ("CSF1R IHC positive", "CSF1R mutation")


@pytest.mark.parametrize("text", ["CSF1R CD115", "ALK CD246", "EGFR HER1", "RET RET"])
def test_two_names_of_a_gene_are_no_fusion(reader: BiomarkerReader, text: str) -> None:
    with pytest.raises(NotationError):
        reader.read_text(text)


def test_the_tandem_duplication_lies_in_its_class_and_the_fusion_in_none(
    reader: BiomarkerReader,
) -> None:
    (itd,) = reader.read_text("FLT3-ITD").findings
    (fusion,) = reader.read_text("RET FISH positive").findings
    assert contains(CLASSES["FLT3-ITD"], itd, GENES["FLT3"]) is Truth.TRUE
    assert contains(CLASSES["RET fusion"], fusion, GENES["RET"]) is Truth.TRUE
    assert contains(CLASSES["RET amplification"], fusion, GENES["RET"]) is Truth.FALSE
