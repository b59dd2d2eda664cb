"""Tumour texts of reports and problem lists in five languages (``tumor_texts/*.yaml``).

Each was written with its node before the reader was run on it.
"""

from __future__ import annotations

import pytest

from service.errors import InputError
from service.knowledge.store import KnowledgeBase
from tests.cases import SEED_DATA, Json, read_cases

CASES = read_cases(SEED_DATA.parent / "tests/knowledge/tumor_texts")
#: Texts in which a code stands, and what each means.
CODES = {
    "NCIT:C3512": "LUAD", "MONDO:0005061": "LUAD", "DOID:3908": "NSCLC", "OncoTree:LUAD": "LUAD",
    "oncotree:abc": "ABC", "C34.11": "LUNG", "8140/3 C34.9": "LUAD", "C34.9 8140/3": "LUAD",
    "http://snomed.info/sct|254637007": "NSCLC", "SNOMED:254637007": "NSCLC", "C0152013": "LUAD",
    "UMLS:C0152013": "LUAD", "ICD-10-CM: C34.11": "LUNG", "ICD-O-3: 8140/3 C34.9": "LUAD",
    "8140/3, C34.9": "LUAD", "NCIT:C9305": "TISSUE", "C0006826": "TISSUE",
}  # fmt: skip
#: Terms that are OncoTree codes or names of one organ, and are used for others too.
AMBIGUOUS = {
    "mBC": "BREAST", "ABC": "TISSUE", "UC": "SOLID", "PC": "TISSUE", "MM": "TISSUE",
    "BC": "SOLID", "CC": "SOLID", "Germ Cell Tumors": "SOLID", "PNET": "SOLID", "MT": "TISSUE",
}  # fmt: skip


def test_the_suite_is_wide_enough() -> None:
    assert len({case["text"] for case in CASES}) == len(CASES) >= 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_a_text_of_a_report_means_its_node_with_its_facts(case: Json, kb: KnowledgeBase) -> None:
    read = kb.tumor_terms.read_text(case["text"], "/tumor_type")
    assert (read.code, read.candidates) == (case["code"], ())
    assert read.disease_stage == case.get("stage")
    assert len(read.biomarkers) == case.get("biomarkers", 0)


@pytest.mark.parametrize("text", CODES)
def test_a_code_in_a_text_is_read_as_the_code(text: str, kb: KnowledgeBase) -> None:
    assert kb.tumor_terms.read_text(text, "/").code == CODES[text]


@pytest.mark.parametrize("text", ["C3411", "254637007", "NCIT:C0", "NCIT:C3512 MONDO:0005105"])
def test_a_code_without_a_system_or_that_is_not_known_is_refused(
    text: str, kb: KnowledgeBase
) -> None:
    with pytest.raises(InputError):
        kb.tumor_terms.read_text(text, "/")


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_term_of_several_meanings_is_matched_as_what_they_share(
    text: str, kb: KnowledgeBase
) -> None:
    read = kb.tumor_terms.read_text(text, "/")
    tree = kb.rulebook.tumors
    assert read.code == AMBIGUOUS[text]
    assert len(read.candidates) > 1
    assert all(tree.is_under(code, read.code) for code in read.candidates)


def test_every_ambiguous_code_still_means_its_node_as_a_code(kb: KnowledgeBase) -> None:
    for code in ("MBC", "ABC", "UC", "PC", "GCT", "MT"):
        assert kb.tumor_terms.read_code("oncotree", code, "/").code == code


def test_beside_other_words_the_meaning_that_agrees_is_taken(kb: KnowledgeBase) -> None:
    read = kb.tumor_terms.read_text("Plasma cell myeloma (MM)", "/")
    assert (read.code, read.candidates) == ("PCM", ())


@pytest.mark.parametrize(
    ("system", "code", "biomarkers"),
    [
        ("doid", "DOID:0060079", ("HER2 positive",)),
        ("doid", "DOID:0060081", ("ER negative", "PR negative", "HER2 negative")),
        ("ncit", "C71732", ("ER negative", "PR negative", "HER2 negative")),
        ("mondo", "MONDO:0005494", ("ER negative", "PR negative", "HER2 negative")),
        ("ncit", "C3512", ()),
    ],
)
def test_a_code_whose_name_states_a_result_keeps_it(
    system: str, code: str, biomarkers: tuple[str, ...], kb: KnowledgeBase
) -> None:
    assert kb.tumor_terms.read_code(system, code, "/").biomarkers == biomarkers
