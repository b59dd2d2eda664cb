"""The generated parts of ``docs/semantics.md``: ``python -m tests.rewrite_docs`` writes them.

``test_semantics.py`` compares; a test run never writes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.engine import levels
from service.engine.report import Match, Row
from service.engine.rulebook import Rulebook
from tests.cases import load_kb
from tests.property.strategies import ask

PAGE = Path(__file__).parents[1] / "docs/semantics.md"
DAY = dt.date(2026, 11, 22)


@dataclass(frozen=True)
class Example:
    """A worked case: what is asked, and how much of the answer is shown."""

    title: str
    tumor_type: str
    biomarkers: list[Any]
    patient: dict[str, Any] = field(default_factory=dict)
    leaves: bool = False
    rows: int = 3


EXAMPLES = (
    Example(
        "Lung adenocarcinoma, EGFR L858R", "LUAD", ["EGFR L858R"],
        {"disease_stage": "metastatic", "line_of_therapy": 1}, leaves=True, rows=2,
    ),
    Example(
        "Colorectal cancer, BRAF V600E and KRAS G12D", "COADREAD", ["BRAF V600E", "KRAS G12D"],
        {"disease_stage": "metastatic"},
    ),
    Example("Breast cancer, HER2 IHC 2+, no ISH", "BREAST", ["HER2 IHC 2+"], rows=2),
    Example("Breast cancer, HER2 IHC 2+, ISH negative", "BREAST", ["HER2 IHC 2+/ISH-"], rows=2),
    Example(
        "NSCLC, ALK fusion and ALK G1202R", "NSCLC", ["EML4-ALK fusion", "ALK G1202R"],
        {"disease_stage": "metastatic"},
    ),
    Example(
        "Colorectal cancer, KRAS G12C", "COADREAD", ["KRAS G12C"],
        {"disease_stage": "metastatic", "line_of_therapy": 2,
         "prior_therapies": [f"{drug}-based chemotherapy"
                             for drug in ("fluoropyrimidine", "irinotecan", "oxaliplatin")]},
    ),
)  # fmt: skip


def rewritten(page: str) -> str:
    """Return the page with its generated parts made anew."""
    for name, lines in (("levels", _levels()), ("worked", _worked())):
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        text = "\n".join([begin, "", *lines, "", end])
        page = re.sub(f"{begin}.*?{end}", lambda _, text=text: text, page, flags=re.DOTALL)
    return page


def _levels() -> Iterator[str]:
    yield "| effect | what stands behind it | tumour type | AMP/ASCO/CAP | crosswalk |"
    yield "|---|---|---|---|---|"
    for effect, table in (
        ("sensitivity", levels.SENSITIVITY),
        ("resistance, no benefit", levels.RESISTANCE),
    ):
        for (basis, here), level in table.items():
            words = {"FDA": "FDA authorisation", "authority": "another authorisation"}
            behind = words.get(basis, basis.replace("_", " "))
            where = "this" if here else "another"
            yield f"| {effect} | {behind} | {where} | {level.amp_asco_cap} | {level.oncokb_style} |"
    other = levels.RESISTANCE_ELSEWHERE
    yield (
        f"| resistance, no benefit | anything | another | {other.amp_asco_cap} "
        f"| {other.oncokb_style} |"
    )


def _worked() -> Iterator[str]:
    for number, example in enumerate(EXAMPLES):
        if number:
            yield ""
        yield f"### {example.title}"
        yield ""
        yield "```text"
        yield from _answer(example)
        yield "```"


def _answer(example: Example) -> Iterator[str]:
    asked = ask(
        {
            "tumor_type": example.tumor_type,
            "biomarkers": example.biomarkers,
            "patient": example.patient,
            "jurisdictions": ["US"],
            "as_of": DAY,
        }
    )
    report = asked.report
    told = "; ".join(
        f"{key.replace('_', ' ')} {', '.join(value) if isinstance(value, list) else value}"
        for key, value in example.patient.items()
    )
    yield f"{'; '.join(map(str, example.biomarkers))} in {example.tumor_type}; {told or 'no more'}"
    for heading, rows in (("for", report.therapies), ("against", report.resistance)):
        for row in rows[: example.rows]:
            yield from _row(load_kb().rulebook, heading, row)
    if example.leaves and report.therapies:
        lead = report.therapies[0].lead
        yield f"why {report.therapies[0].regimen.name}, leaf by leaf ({lead.entry.assertion.id})"
        for line in lead.trace:
            yield f"    {line.rule:4}{line.truth:8}{line.criterion} <- {line.fact}"
    for drop in [d for d in report.excluded if not d.is_near_only][: example.rows]:
        name = drop.entry.assertion.regimen.name
        yield f"excluded  {name} [{drop.entry.assertion.id}] by {drop.rule}"
        yield f"    {drop.reason}"
    for test in report.suggested_tests[: example.rows]:
        yield f"to test   {test.gene}: {test.assay}"


def _row(rulebook: Rulebook, heading: str, row: Row) -> Iterator[str]:
    lead: Match = row.lead
    status = lead.standing.status
    since = f", {status} since {lead.standing.since}" if status else ""
    applicability = lead.applicability.replace("_", " ")
    yield (
        f"{heading:10}{row.regimen.name}: {applicability}, {lead.level.amp_asco_cap}{since} "
        f"[{lead.entry.assertion.id}]"
    )
    yield f"    {lead.why}"
    if row.conflict is not None:
        yield f"    conflict with {', '.join(row.conflict.resistance)}"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text("utf-8")), "utf-8")
