"""Codes of other systems: every row is found as a caller writes it, and what they reach."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from service.errors import InputError
from service.knowledge.stats import code_coverage
from service.knowledge.store import KnowledgeBase
from tests.cases import SEED_DATA

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ROWS = yaml.load((SEED_DATA / "vocabulary/tumor_codes.yaml").read_text("utf-8"), _LOADER)
#: Least number of named tumour types that a system reaches; a loss of codes is noticed.
FLOORS = {
    "ncit": 52,
    "umls": 50,
    "icd-o-3": 29,
    "icd-10": 14,
    "snomed": 20,
    "mondo": 21,
    "doid": 30,
}


def test_every_code_means_its_candidates_or_what_they_share(kb: KnowledgeBase) -> None:
    tree = kb.rulebook.tumors
    for row in ROWS:
        code = f"{row['code']} {row.get('topography', '')}".strip()
        read = kb.tumor_terms.read_code(row["system"], code, "/tumor_type")
        assert all(tree.is_under(found, read.code) for found in row["candidates"]), row


@pytest.mark.parametrize("system", ["ncit", "umls"])
def test_every_code_of_a_node_is_found(system: str, kb: KnowledgeBase) -> None:
    tree = kb.rulebook.tumors
    for row in kb.records["tumor_types"].values():
        if row[system]:
            read = kb.tumor_terms.read_code(system, row[system], "/tumor_type")
            assert tree.is_under(row["code"], read.code)


@pytest.mark.parametrize("code", ["MONDO:0011719", "0011719", "mondo:0011719"])
def test_the_prefix_of_a_code_may_be_left_out(code: str, kb: KnowledgeBase) -> None:
    assert kb.tumor_terms.read_code("mondo", code, "/").code == "GIST"


@pytest.mark.parametrize("code", ["8140/3 C34.1", "8140/3 + C34.1", "8140/3|C34.1", "C34.1 8140/3"])
def test_morphology_and_topography_stand_in_any_order(code: str, kb: KnowledgeBase) -> None:
    assert kb.tumor_terms.read_code("icd-o-3", code, "/").code == "LUAD"


@pytest.mark.parametrize(
    ("code", "meant", "candidates"),
    [
        ("C34", "LUNG", {"NSCLC", "SCLC"}),
        ("C34.9", "LUNG", {"NSCLC", "SCLC"}),
        ("C50", "BREAST", {"BRCA", "IBC", "MBC", "PBS"}),
        ("C18", "COADREAD", {"COAD", "MACR", "SRCCR"}),
    ],
)
def test_a_site_code_gives_its_candidates(
    code: str, meant: str, candidates: set[str], kb: KnowledgeBase
) -> None:
    read = kb.tumor_terms.read_code("icd-10", code, "/")
    assert (read.code, set(read.candidates)) == (meant, candidates)


@pytest.mark.parametrize(
    ("system", "code"),
    [("icd-10", "C999"), ("icd-10", ""), ("ncit", "C0"), ("snomed", "1"), ("oncotree", "LAUD"),
     ("icd-o-3", "C34.1"), ("mondo", "MONDO:"), ("loinc", "1-8")],
)  # fmt: skip
def test_an_unknown_code_is_refused(system: str, code: str, kb: KnowledgeBase) -> None:
    with pytest.raises(InputError):
        kb.tumor_terms.read_code(system, code, "/tumor_type")


def test_an_unknown_oncotree_code_has_the_nearest_first(kb: KnowledgeBase) -> None:
    with pytest.raises(InputError) as refusal:
        kb.tumor_terms.read_code("oncotree", "LAUD", "/tumor_type")
    assert refusal.value.faults[0].suggestions[0] == "LUAD"


def test_the_systems_reach_the_types_that_assertions_name(kb: KnowledgeBase) -> None:
    coverage = code_coverage(kb)
    for system, floor in FLOORS.items():
        assert int(coverage[system].split(" ")[0]) >= floor, (system, coverage)
