"""Codes of other systems: every row is found as a caller writes it, and what they reach."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from service.errors import InputError
from service.knowledge.stats import code_coverage, count_assertions
from service.knowledge.store import KnowledgeBase
from tests.cases import SEED_DATA, Json, read_cases

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ROWS = yaml.load((SEED_DATA / "vocabulary/tumor_codes.yaml").read_text("utf-8"), _LOADER)
CASES = read_cases(SEED_DATA.parent / "tests/knowledge/tumor_codes")
#: Least number of tumour types that a system reaches: named ones, and with subtypes.
FLOORS = {
    "ncit": (58, 249),
    "umls": (56, 232),
    "icd-o-3": (59, 219),
    "icd-10": (22, 62),
    "icd-10-cm": (23, 64),
    "snomed": (39, 135),
    "mondo": (58, 231),
    "doid": (52, 186),
}


def test_the_suite_of_codes_is_wide_enough() -> None:
    assert len({(case["system"], case["code"]) for case in CASES}) == len(CASES) >= 130


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['system']}:{case['code']}")
def test_a_code_means_its_type_or_says_what_it_may_mean(case: Json, kb: KnowledgeBase) -> None:
    read = kb.tumor_terms.read_code(case["system"], case["code"], "/tumor_type")
    assert (read.code, read.resolved_by) == (case["means"], case["system"])
    assert sorted(read.candidates) == sorted(case.get("candidates", []))


def test_every_code_means_its_candidates_or_what_they_share(kb: KnowledgeBase) -> None:
    tree = kb.rulebook.tumors
    for row in ROWS:
        code = f"{row['code']} {row.get('topography', '')}".strip()
        read = kb.tumor_terms.read_code(row["system"], code, "/tumor_type")
        assert all(tree.is_under(found, read.code) for found in row["candidates"]), row


@pytest.mark.parametrize("system", ["ncit", "umls"])
def test_every_code_of_a_node_is_found(system: str, kb: KnowledgeBase) -> None:
    tree = kb.rulebook.tumors
    curated = {row["code"] for row in ROWS if row["system"] == system}
    for row in kb.records["tumor_types"].values():
        if row[system] and row[system] not in curated:
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


def test_the_systems_reach_the_types_that_assertions_name_and_their_subtypes(
    kb: KnowledgeBase,
) -> None:
    coverage = code_coverage(kb)
    assert set(coverage) == set(FLOORS)
    for system, (named, subtypes) in FLOORS.items():
        reach = coverage[system]
        assert (reach.named >= named, reach.subtypes >= subtypes) == (True, True), (system, reach)


def test_every_source_of_a_code_is_explained_in_the_file() -> None:
    text = (SEED_DATA / "vocabulary/tumor_codes.yaml").read_text("utf-8")
    explained = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert [s for s in sorted({row["source"] for row in ROWS}) if s not in explained] == []


def test_the_statistics_print_what_each_system_reaches(kb: KnowledgeBase) -> None:
    printed = count_assertions(kb)["tumour types that assertions name, with a code"]
    reach = code_coverage(kb)["mondo"]
    assert printed["mondo"].startswith(f"{reach.named} of {reach.of_named}, {reach.or_broader} ")
    assert printed["mondo"].endswith(f" {reach.subtypes} of {reach.of_subtypes}")


def test_a_curated_row_decides_over_the_code_of_a_node(kb: KnowledgeBase) -> None:
    """NCIt C9461 is the small cell tumour of the bladder; a bowel node carries it too."""
    nodes = [row["code"] for row in kb.records["tumor_types"].values() if row["ncit"] == "C9461"]
    assert sorted(nodes) == ["SBWDNET", "SCBC"]
    assert kb.tumor_terms.read_code("ncit", "C9461", "/").code == "SCBC"
