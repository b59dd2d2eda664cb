"""Words in the tumour type become facts of the case, or are said (decision 0004)."""

from __future__ import annotations

from typing import Any

import pytest

from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import ReadCase, read_case
from service.engine.match import match
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY, answer

Json = dict[str, Any]


def _read(kb: KnowledgeBase, tumor_type: Any, *biomarkers: Any, **patient: Any) -> ReadCase:
    data = {"tumor_type": tumor_type, "biomarkers": list(biomarkers), "patient": patient}
    return read_case(kb, data, today=TODAY)


def _bytes(kb: KnowledgeBase, tumor_type: Any, *biomarkers: Any, **patient: Any) -> bytes:
    read = _read(kb, tumor_type, *biomarkers, **patient)
    report = match(kb.rulebook, read.case, explain="brief")
    return AnswerWriter(kb).to_bytes(read, report, echo=False)


def _codes(read: ReadCase) -> list[str]:
    return [notice.code for notice in read.notices]


@pytest.mark.parametrize(
    ("words", "plain", "biomarkers", "patient"),
    [
        ("adenocarcinoma of the lung", "LUAD", (), {}),
        ("stage IV colon cancer", "COAD", (), {"disease_stage": "metastatic"}),
        ("BRAF V600E melanoma", "MEL", ("BRAF V600E",), {}),
        ("unresectable BRAF V600E melanoma", "MEL", ("BRAF V600E",),
         {"disease_stage": "unresectable"}),
        ("HER2-positive breast cancer", "breast cancer", ("HER2 positive",), {}),
        ("KRAS G12C NSCLC, stage IV", "NSCLC", ("KRAS G12C",), {"disease_stage": "metastatic"}),
        ("triple-negative breast cancer", "TNBC", (), {}),
    ],
)  # fmt: skip
def test_a_case_in_one_text_answers_like_the_case_in_fields(
    kb: KnowledgeBase, words: str, plain: str, biomarkers: tuple[str, ...], patient: Json
) -> None:
    assert _bytes(kb, words) == _bytes(kb, plain, *biomarkers, **patient)


def test_a_biomarker_in_the_tumour_type_brings_its_drugs(kb: KnowledgeBase) -> None:
    got = answer(kb, {"tumor_type": "metastatic BRAF V600E melanoma", "biomarkers": []})
    assert "dabrafenib+trametinib" in {row["regimen"]["id"] for row in got["therapies"]}
    (finding,) = got["case"]["findings"]
    assert (finding["name"], finding["input_index"]) == ("BRAF V600E", None)
    assert got["case"]["tumor_type"]["set_aside"] == ["metastatic", "BRAF V600E"]
    assert got["case"]["tumor_type"]["resolved_by"] == "name"


def test_the_stage_that_the_caller_gives_counts_and_the_other_is_said(kb: KnowledgeBase) -> None:
    read = _read(kb, "metastatic melanoma", disease_stage="early")
    assert read.case.patient.value("disease_stage") == "early"
    (notice,) = read.notices
    assert (notice.code, notice.pointer) == ("contradictory_stage", "/tumor_type")
    assert notice.suggestions == ("metastatic", "early")


def test_the_same_stage_twice_is_no_contradiction(kb: KnowledgeBase) -> None:
    assert _codes(_read(kb, "metastatic melanoma", disease_stage="metastatic")) == []


@pytest.mark.parametrize("words", ["advanced NSCLC", "stage III NSCLC"])
def test_a_word_that_decides_nothing_leaves_the_stage_open(kb: KnowledgeBase, words: str) -> None:
    read = _read(kb, words)
    assert read.case.patient.value("disease_stage") is None
    assert _codes(read) == ["words_not_used"]
    assert _codes(_read(kb, words, disease_stage="metastatic")) == []


def test_adjuvant_is_the_treatment_setting(kb: KnowledgeBase) -> None:
    assert _read(kb, "adjuvant melanoma").case.patient.value("treatment_setting") == "adjuvant"


def test_a_biomarker_that_cannot_be_read_is_said_and_not_dropped(kb: KnowledgeBase) -> None:
    read = _read(kb, "NSCLC with suspected ALK fusion")
    assert read.case.findings == ()
    assert [(n.code, n.pointer) for n in read.notices] == [("biomarker_not_read", "/tumor_type")]
    assert "suspected ALK fusion" in read.notices[0].message


def test_a_gene_in_the_tumour_type_that_nobody_curated_is_named(kb: KnowledgeBase) -> None:
    read = _read(kb, "LTK-positive NSCLC")
    assert read.case.findings == ()
    assert [(n.code, n.pointer) for n in read.notices] == [("gene_not_covered", "/tumor_type")]


def test_a_biomarker_in_the_tumour_type_against_one_in_the_list_is_a_contradiction(
    kb: KnowledgeBase,
) -> None:
    assert "contradictory_findings" in _codes(_read(kb, "KRAS G12C NSCLC", "KRAS not detected"))


def test_a_node_that_a_biomarker_defines_states_no_finding_of_its_own(kb: KnowledgeBase) -> None:
    assert _bytes(kb, "ALK-positive ALCL") == _bytes(kb, "ALCLALKP")


@pytest.mark.parametrize("code", ["C34", "C50", "C18"])
def test_a_code_of_several_types_is_matched_as_what_they_share(
    kb: KnowledgeBase, code: str
) -> None:
    read = _read(kb, {"system": "icd-10", "code": code})
    tree = kb.rulebook.tumors
    if read.tumor.candidates:
        assert _codes(read) == ["ambiguous_tumor_type"]
        assert all(tree.is_under(found, read.case.tumor_type) for found in read.tumor.candidates)
    assert not tree.is_under(read.case.tumor_type, "LUAD")
