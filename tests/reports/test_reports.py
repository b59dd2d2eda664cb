"""Whole reports as laboratories write them: nothing lost, nothing turned, nothing invented.

Each line of a report has its fate beside it, written before the report was read: a finding in its
plainest spelling, a gene that nobody curated, a result that cannot be used, or nothing at all.
"""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.adapters.v1.biomarkers import read_biomarker
from service.adapters.v1.report import ReadReport, read_report
from service.engine.notation.report import MAX_LINES
from service.engine.reading import Item, counts_of, is_complete
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
FOLDER = Path(__file__).parent
REPORTS: list[Json] = [
    report
    for path in sorted(FOLDER.glob("*.yaml"))
    for report in yaml.safe_load(path.read_text("utf-8"))
]
_APART, _STRANGE, _QUIET, _OPEN = "apart:", "not covered:", "-", "?"


def text_of(report: Json) -> str:
    """Return the report as one text."""
    return "\n".join(line[0] for line in report["lines"])


def plain(kb: KnowledgeBase, items: tuple[Item, ...]) -> Counter[tuple[str, ...]]:
    """Return what was found as (gene, kind, result, name), each once."""
    found = [finding for item in items if item.fate == "finding" for finding in item.findings]
    return Counter({(f.gene, f.kind, f.result, f.name) for f in found})


def wanted(kb: KnowledgeBase, report: Json) -> Counter[tuple[str, ...]]:
    """Return the findings that the lines of a report promise."""
    spelled = [
        fate
        for _, *fates in report["lines"]
        for fate in fates
        if fate not in (_QUIET, _OPEN) and not fate.startswith((_APART, _STRANGE))
    ]
    items = tuple(item for fate in spelled for item in read_biomarker(kb, fate, ""))
    assert all(item.fate == "finding" for item in items), [i.text for i in items]
    return plain(kb, items)


def of_line(read: ReadReport, number: int) -> list[Item]:
    """Return the items of a line."""
    return [item for item in read.items if item.place == f"line {number}"]


def differences(kb: KnowledgeBase, report: Json, read: ReadReport) -> list[str]:
    """Return what became otherwise than the report says, in words."""
    got, expected = plain(kb, read.items), wanted(kb, report)
    wrong = [f"lost: {name}" for *_, name in expected - got]
    wrong += [f"invented: {name}" for *_, name in got - expected]
    for number, (text, *fates) in enumerate(report["lines"], start=1):
        items = of_line(read, number)
        strange = {item.gene for item in items if item.fate == "not_covered"}
        named = {fate.split(":")[1].strip() for fate in fates if fate.startswith(_STRANGE)}
        if strange != named:
            wrong.append(f"line {number} {text!r}: not covered {strange} instead of {named}")
        apart = [item for item in items if item.fate == "set_apart"]
        if fates != [_OPEN] and bool(apart) != any(fate.startswith(_APART) for fate in fates):
            reasons = [(item.reason, item.text) for item in apart]
            wrong.append(f"line {number} {text!r}: set apart {reasons}")
    return wrong


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_every_line_of_a_report_has_its_fate(report: Json, kb: KnowledgeBase) -> None:
    read = read_report(kb, text_of(report))
    assert differences(kb, report, read) == []
    counts = counts_of(read.items)
    assert counts.pop("items") == sum(counts.values())


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_a_changed_line_is_noticed(report: Json, kb: KnowledgeBase) -> None:
    """The comparer can fail: a report without one of its results differs from what it promises."""
    for index, (_, *fates) in enumerate(report["lines"]):
        is_said_twice = sum(other == fates for _, *other in report["lines"]) > 1
        if fates in ([_QUIET], [_OPEN]) or is_said_twice:
            continue
        changed = copy.deepcopy(report)
        changed["lines"][index][0] = ""
        read = read_report(kb, text_of(changed))
        assert differences(kb, report, read), report["lines"][index]


def test_there_are_at_least_forty_reports_in_five_languages() -> None:
    assert len(REPORTS) >= 40
    assert {report["id"][0] for report in REPORTS} >= set("PLSNDFEI")


def test_what_the_head_of_a_report_says_of_the_patient_is_suggested(kb: KnowledgeBase) -> None:
    text = "Patient: 64-year-old woman\nDiagnosis: Lung adenocarcinoma, stage IV\nEGFR L858R"
    suggested = read_report(kb, text).suggested
    assert suggested.tumor_type == "Lung adenocarcinoma, stage IV"
    assert suggested.patient == {"age_years": 64, "sex": "female", "disease_stage": "metastatic"}


def test_lines_beyond_those_that_are_read_are_said_and_make_the_answer_incomplete(
    kb: KnowledgeBase,
) -> None:
    """Whoever reads a report without the limit of the service loses no line in silence."""
    lines = [f"line {number}" for number in range(MAX_LINES)] + ["", "EGFR L858R", "KRAS G12C"]
    items = read_report(kb, "\n".join(lines)).items
    assert (items[-1].reason, items[-1].text) == ("too_long", "EGFR L858R\nKRAS G12C")
    assert not is_complete(items)
