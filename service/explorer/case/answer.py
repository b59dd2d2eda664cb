"""``/answer``: what was understood, then the therapies with the reason for every line.

The view model is the engine's report itself; here is only what a page shows and no report has:
groups, the regulators side by side, and what a reader must not miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import redirect, request
from markupsafe import escape
from werkzeug import Response

from service.adapters.v1.case import ReadCase, found_in
from service.adapters.v1.fates import write_set_apart
from service.adapters.v1.query import write_patient
from service.adapters.v1.warnings import to_warnings
from service.engine.entries import walk_leaves
from service.engine.jurisdictions import JURISDICTION_NAMES, JURISDICTIONS
from service.engine.match import match
from service.engine.reading import is_complete
from service.engine.report import Drop, Explain, Match, Report, Row
from service.engine.tumors import TumorTree
from service.explorer.address import Address, Asked, understand
from service.explorer.case.ask import refused
from service.explorer.case.needs import open_facts
from service.explorer.frame import Explorer, blueprint, explorer, page

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RegulatorLine:
    """A regimen with what each regulator says of it; an empty cell says nothing is known."""

    regimen: str
    cells: tuple[tuple[Match, ...], ...]


@blueprint.get("/answer")
def answer() -> Response:
    """Answer the question of the address; a fault leads back to the form."""
    shared = explorer()
    asked = understand(shared.knowledge, request.args, today=shared.today())
    led = lead_to_canonical(asked)
    if led is not None:
        return led
    if asked.read is None:
        return refused(asked)
    explain: Explain = "full" if asked.address.value("explain") == "full" else "brief"
    report = match(shared.knowledge.rulebook, asked.read.case, explain=explain)
    return page(
        "answer.html",
        here="answer",
        is_full=explain == "full",
        **about_case(shared, asked),
        **_view(shared, asked.address, report),
    )


def lead_to_canonical(asked: Asked) -> Response | None:
    """Return a redirect when the address that came is not the canonical one."""
    if asked.is_canonical:
        return None
    return redirect(f"{request.path}?{asked.address.full_query}")


def about_case(shared: Explorer, asked: Asked) -> Json:
    """Return what every page about a case shows: the question as it was understood."""
    read = asked.read
    if read is None:
        raise ValueError("a question with faults has no case")
    tumors = shared.knowledge.rulebook.tumors
    case = read.case
    return {
        "title": title_of(shared, asked),
        "address": asked.address,
        "query": escape(asked.address.query),
        "as_of": case.as_of,
        "tumor": tumors.types[case.tumor_type],
        "lineage": [tumors.types[code] for code in reversed(tumors.lineage(case.tumor_type))],
        "findings": shared.writer.findings_of(
            (*read.read, *found_in(read.items, "not_covered")), case.tumor_type
        ),
        "tumor_given": asked.address.value("tumor_type"),
        "facts": list(_facts(read, asked.address)),
        "apart": write_set_apart(read.items, echo=True),
        "complete": is_complete(read.items),
        "warnings": to_warnings(shared.knowledge.rulebook, read, case, echo=True),
    }


def title_of(shared: Explorer, asked: Asked) -> str:
    """Return the case in one line: ``EGFR L858R in Lung Adenocarcinoma``."""
    if asked.read is None:
        raise ValueError("a question with faults has no case")
    case = asked.read.case
    names = ", ".join(finding.name for finding in case.findings) or "No biomarker"
    return f"{names} in {shared.knowledge.rulebook.tumors.types[case.tumor_type].name}"


def _facts(read: ReadCase, address: Address) -> Iterator[tuple[str, str]]:
    """Yield the clinical context as it was understood, in words, one a value."""
    patient = read.case.patient
    facts = {
        **patient.facts,
        "prior_therapies": patient.prior_therapies,
        "conditions": patient.conditions,
    }
    if not patient.prior_therapies and not patient.prior_therapies_complete:
        facts["prior_therapies"] = None  # something was given that is not known: not "none"
    for name, value in write_patient(facts):
        if name == "condition":
            fact, _, word = value.partition(":")
            yield fact.replace("_", " "), word
            continue
        is_from_tumor = name in ("disease_stage", "treatment_setting") and not address.value(name)
        note = " (in the tumour type)" if is_from_tumor else ""
        yield name.replace("_", " "), value.replace("_", " ") + note
    for jurisdiction in sorted(read.case.jurisdictions):
        yield "jurisdiction", jurisdiction


def _view(shared: Explorer, address: Address, report: Report) -> Json:
    asked = report.case.jurisdictions
    on_label = [row for row in report.therapies if row.lead.applicability == "on_label"]
    current = {row.regimen.id for row in on_label}
    tumors = shared.knowledge.rulebook.tumors
    barred = (drop for drop in report.excluded if is_barred(tumors, report, drop))
    columns = tuple(name for name in JURISDICTIONS if not asked or name in asked)
    return {
        "jurisdiction_names": JURISDICTION_NAMES,
        "groups": [
            (applicability, list(rows))
            for applicability, rows in groupby(report.therapies, lambda row: row.lead.applicability)
        ],
        "resistance": report.resistance,
        "cautions": report.cautions,
        "against": {row.regimen.id for row in (*report.resistance, *report.cautions)},
        "subtype_names": {
            code: tumors.types[code].name for row in report.therapies for code in row.lead.subtypes
        },
        "conflicts": [row for row in report.therapies if row.conflict],
        "ruled_out": list(_to_heed(barred, current)),
        "withdrawn": list(_to_heed((d for d in report.excluded if d.rule == "M16"), current)),
        "excluded": report.excluded,
        "near": len(report.near),
        "open_facts": open_facts(shared.knowledge.rulebook, address, report),
        "columns": columns,
        "regulators": [_regulators(row, columns) for row in on_label],
        "suggested_tests": report.suggested_tests,
        "pieces": shared.pieces,
    }


def is_barred(tumors: TumorTree, report: Report, drop: Drop) -> bool:
    """Tell whether a statement excludes the tumour type itself, not by way of another."""
    return drop.rule == "M12" and any(
        negated and tumors.is_under(report.case.tumor_type, str(leaf.value))
        for leaf, negated in walk_leaves(drop.entry.assertion.criteria.tumor)
    )


def _to_heed(drops: Iterable[Drop], current: Iterable[str]) -> Iterator[Drop]:
    """Yield the first drop of each regimen that a reader must not miss.

    Args:
        current: regimens that are on label by another statement; what one of their former labels
            said is no warning.
    """
    seen = set(current)
    for drop in drops:
        regimen = drop.entry.assertion.regimen.id
        if not drop.is_near_only and regimen not in seen:
            seen.add(regimen)
            yield drop


def _regulators(row: Row, columns: tuple[str, ...]) -> RegulatorLine:
    """Return what each regulator says of a regimen."""
    return RegulatorLine(row.regimen.name, tuple(tuple(_cells(row, name)) for name in columns))


def _cells(row: Row, jurisdiction: str) -> Iterator[Match]:
    for found in row.matches:
        if found.entry.assertion.jurisdiction == jurisdiction and found.relation != "other":
            yield found
