"""Tumour strings as people write them (``tumor_terms/*.yaml``): what each means, or its refusal."""

from __future__ import annotations

import timeit

import pytest

from service.errors import InputError
from service.knowledge.store import KnowledgeBase
from tests.cases import SEED_DATA, Json, read_cases

FOLDER = SEED_DATA.parent / "tests/knowledge/tumor_terms"
ALL = read_cases(FOLDER)
READ = [case for case in ALL if case["file"] != "refused.yaml"]
REFUSED = [case for case in ALL if case["file"] == "refused.yaml"]


def _id(case: Json) -> str:
    return f"{case['file'].removesuffix('.yaml')}:{case['text'].strip()}"


def test_the_suite_is_wide_enough() -> None:
    assert len({case["text"] for case in READ}) == len(READ) >= 300
    assert len({case["text"] for case in REFUSED}) == len(REFUSED) >= 50


@pytest.mark.parametrize("case", READ, ids=_id)
def test_a_string_means_its_node_and_its_other_words_are_kept(
    case: Json, kb: KnowledgeBase
) -> None:
    read = kb.tumor_terms.read_text(case["text"], "/tumor_type")
    assert (read.code, read.disease_stage) == (case["code"], case.get("stage"))
    assert list(read.set_aside) == case.get("set_aside", [])
    assert list(read.open_words) == case.get("open", [])
    assert list(read.biomarkers) == case.get("biomarkers", [])
    assert read.candidates == ()


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_a_string_that_is_no_known_type_is_refused_with_help(case: Json, kb: KnowledgeBase) -> None:
    with pytest.raises(InputError) as refusal:
        kb.tumor_terms.read_text(case["text"], "/tumor_type")
    (fault,) = refusal.value.faults
    assert (fault.pointer, fault.code) == ("/tumor_type", case.get("code", "unknown_tumor_type"))
    if "first" in case:
        assert fault.suggestions[0] == case["first"]


@pytest.mark.parametrize("text", ["LUAD", "Lung Adenocarcinoma", "adenocarcinoma of the lung"])
def test_a_known_term_is_read_without_a_search(text: str, kb: KnowledgeBase) -> None:
    """Near 20 microseconds on a quiet machine; the limit here leaves room for a busy one."""
    runs = timeit.repeat(lambda: kb.tumor_terms.read_text(text, "/"), number=200, repeat=5)
    assert min(runs) / 200 < 100e-6
