"""The check of drafted drugs, swept over whole answers: every row, drafted as it stands."""

from __future__ import annotations

from typing import Any

import pytest

from service.adapters.cds_hooks.checks import check_drugs, is_backbone, is_directed
from service.adapters.v1.case import read_case
from service.engine.match import match
from service.engine.report import Report, Row
from service.engine.rulebook import Rulebook
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY

CASES: list[tuple[str, list[str]]] = [
    ("LUAD", ["EGFR L858R"]),
    ("LUAD", ["EGFR exon 19 deletion", "EGFR T790M"]),
    ("LUAD", ["EGFR L858R", "EGFR C797S"]),
    ("LUAD", ["EGFR exon 20 insertion"]),
    ("LUAD", ["EML4-ALK fusion"]),
    ("LUAD", ["EML4-ALK fusion", "ALK G1202R"]),
    ("LUAD", ["BRAF V600E"]),
    ("LUAD", ["KRAS G12C"]),
    ("LUAD", ["ERBB2 exon 20 insertion"]),
    ("COAD", ["BRAF V600E"]),
    ("COAD", ["KRAS G12C"]),
    ("COAD", ["KRAS G12D"]),
    ("COAD", ["KRAS not detected", "NRAS not detected", "BRAF not detected"]),
    ("MEL", ["BRAF V600K"]),
    ("BREAST", ["HER2 IHC 3+"]),
    ("BREAST", ["HER2 IHC 2+", "HER2 ISH negative", "ER positive"]),
    ("STAD", ["HER2 IHC 3+"]),
    ("THAP", ["BRAF V600E"]),
]


def report_of(kb: KnowledgeBase, tumor: str, biomarkers: list[str]) -> Report:
    data: dict[str, Any] = {"tumor_type": tumor, "biomarkers": biomarkers}
    return match(kb.rulebook, read_case(kb, data, today=TODAY).case)


def is_own(row: Row) -> bool:
    return row.lead.applicability != "other_tumor_type"


def speaks_against(rulebook: Rulebook, report: Report, drugs: tuple[str, ...]) -> bool:
    """Tell whether a resistance of this tumour type is about some of the drugs together."""
    return any(
        is_own(row)
        and row.lead.biomarker_criteria == "met"
        and all(any(rulebook.is_kind_of(d, part) for d in drugs) for part in row.regimen.drugs)
        for row in report.resistance
    )


@pytest.mark.parametrize(("tumor", "biomarkers"), CASES, ids=lambda value: str(value))
def test_a_regimen_of_the_answer_is_supported_when_it_is_drafted_whole(
    kb: KnowledgeBase, tumor: str, biomarkers: list[str]
) -> None:
    """Unless a resistance of this tumour type speaks against a part, there is no warning."""
    report = report_of(kb, tumor, biomarkers)
    rows = [row for row in report.therapies if is_own(row)]
    assert rows or report.resistance
    for row in rows:
        drugs = row.regimen.drugs
        if all(is_backbone(kb.rulebook, drug) for drug in drugs):
            continue
        verdicts = check_drugs(kb.rulebook, report, selected=drugs, drafted=frozenset(drugs))
        findings = {verdict.finding for verdict in verdicts}
        if speaks_against(kb.rulebook, report, drugs):
            assert findings & {"supported", "resistance"}, row.regimen.id
        else:
            assert findings == {"supported"}, row.regimen.id
            named = {verdict.rows[0].regimen.id for verdict in verdicts}
            assert any(is_own(verdict.rows[0]) for verdict in verdicts), named


@pytest.mark.parametrize(("tumor", "biomarkers"), CASES, ids=lambda value: str(value))
def test_a_resistance_of_the_answer_is_a_warning_when_it_is_drafted_alone(
    kb: KnowledgeBase, tumor: str, biomarkers: list[str]
) -> None:
    """A resistance of this tumour type whose biomarkers are on file is never passed over."""
    report = report_of(kb, tumor, biomarkers)
    for row in report.resistance:
        drugs = row.regimen.drugs
        if not is_own(row) or row.lead.biomarker_criteria != "met":
            continue
        verdicts = check_drugs(kb.rulebook, report, selected=drugs, drafted=frozenset(drugs))
        assert "resistance" in {verdict.finding for verdict in verdicts}, row.regimen.id


@pytest.mark.parametrize(("tumor", "biomarkers"), CASES, ids=lambda value: str(value))
def test_a_resistance_that_lacks_a_result_is_no_warning(
    kb: KnowledgeBase, tumor: str, biomarkers: list[str]
) -> None:
    report = report_of(kb, tumor, biomarkers)
    met = {row.regimen.id for row in report.resistance if row.lead.biomarker_criteria == "met"}
    for row in report.resistance:
        drugs = row.regimen.drugs
        if len(drugs) > 1 or row.regimen.id in met:
            continue
        verdicts = check_drugs(kb.rulebook, report, selected=drugs, drafted=frozenset(drugs))
        assert "resistance" not in {verdict.finding for verdict in verdicts}, row.regimen.id


@pytest.mark.parametrize(
    ("drug", "backbone", "directed"),
    [
        ("osimertinib", False, True),
        ("encorafenib", False, True),  # never alone, named after its target
        ("pertuzumab", False, True),
        ("trametinib", False, True),
        ("carboplatin", True, False),
        ("pemetrexed", True, False),
        ("cisplatin", True, False),
        ("letrozole", True, False),
        ("bevacizumab", True, False),
        ("elacestrant", False, True),  # an endocrine therapy with a statement of its own
        ("nivolumab", False, True),  # alone for MSI-high or dMMR
    ],
)
def test_which_drugs_are_spoken_of(
    rulebook: Rulebook, drug: str, *, backbone: bool, directed: bool
) -> None:
    assert (is_backbone(rulebook, drug), is_directed(rulebook, drug)) == (backbone, directed)
