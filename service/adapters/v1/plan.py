"""A test plan to the JSON of ``/v1/test-plan``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from service.adapters.v1.rows import AnswerKnowledge
from service.engine.entries import Entry
from service.engine.model import Case
from service.engine.plan import Need, Plan, PlannedTest
from service.intended_use import INTENDED_USE

Json = dict[str, Any]


def write_plan(knowledge: AnswerKnowledge, plan: Plan) -> Json:
    """Return the plan: each missing result with what it would decide, and the smallest panel."""
    return {
        "knowledge_base": {
            "version": knowledge.version,
            "content_hash": knowledge.content_hash,
            "as_of": plan.case.as_of.isoformat(),
        },
        "intended_use": INTENDED_USE,
        "tumor_type": plan.case.tumor_type,
        "findings": [finding.name for finding in plan.case.findings],
        "tests": [_need(knowledge, need, plan.case) for need in plan.needs],
        "panel": {
            "tests": [_planned(knowledge, test) for test in plan.panel],
            "covers": list(plan.decisions),
            "method": (
                "Exact minimum set cover: the fewest tests after which every on-label decision "
                "that hangs on a missing result can be taken, then the fewest typical days."
            ),
        },
    }


def _need(knowledge: AnswerKnowledge, need: Need, case: Case) -> Json:
    labels = len(need.on_label)
    noun = "authorised indication" if labels == 1 else "authorised indications"
    return {
        "gene": need.gene,
        "assay": need.assay,
        "on_label_decisions": labels,
        "would_decide": _regimens(need.on_label, "on_label") + _regimens(need.others, "guideline"),
        "methods": [_method(knowledge, method.id) for method in need.methods],
        "companion_diagnostics": _diagnostics(knowledge, need, case),
        "reason": f"not reported; would help to decide {labels} {noun} in this tumour type",
    }


def _regimens(entries: tuple[Entry, ...], applicability: str) -> list[Json]:
    found: dict[str, Json] = {}
    for entry in entries:
        regimen = entry.assertion.regimen
        row = found.setdefault(
            regimen.id,
            {
                "regimen": {"id": regimen.id, "name": regimen.name},
                "applicability": applicability,
                "assertions": [],
            },
        )
        row["assertions"].append(entry.assertion.id)
    return [found[id_] for id_ in sorted(found)]


def _method(knowledge: AnswerKnowledge, id_: str) -> Json:
    record = knowledge.records["assay_methods"][id_]
    keys = ("id", "name", "technology", "scope", "measures", "specimen", "typical_days", "source")
    return {key: record[key] for key in keys}


def _diagnostics(knowledge: AnswerKnowledge, need: Need, case: Case) -> list[Json]:
    """Return the devices of these methods that claim this gene by the day, for the tumour type."""
    technologies = {
        knowledge.records["assay_methods"][method.id]["technology"] for method in need.methods
    }
    genes_of_class = knowledge.rulebook.genes_of_class
    named = {
        id_
        for entry in need.on_label
        for id_ in knowledge.records["assertions"][entry.assertion.id]["companion_diagnostics"]
    }
    devices = (knowledge.records["diagnostics"][id_] for id_ in sorted(named))
    return [
        {
            "id": device["id"],
            "name": device["name"],
            "technology": device["technology"],
            "specimen": device["specimen"],
        }
        for device in devices
        if technology_family(device["technology"]) in technologies
        and any(
            need.gene in genes_of_class(claim["biomarker"])
            and _is_claimed_on(claim, case.as_of)
            and any(
                knowledge.rulebook.tumors.relation(case.tumor_type, own) != "other"
                for own in claim["tumor_types"]
            )
            for claim in device["claims"]
        )
    ]


def _is_claimed_on(claim: Json, day: dt.date) -> bool:
    """Tell whether a claim was approved by a day; one whose day is not known hides nothing."""
    since = claim["approved_on"]
    return since is None or dt.date.fromisoformat(since) <= day


def _planned(knowledge: AnswerKnowledge, test: PlannedTest) -> Json:
    method = knowledge.records["assay_methods"][test.method.id]
    return {
        "method": method["id"],
        "name": method["name"],
        "gene": test.gene,
        "specimen": method["specimen"],
        "typical_days": method["typical_days"],
        "gives": [{"gene": gene, "assay": assay} for gene, assay in test.gives],
    }


def technology_family(technology: str | None) -> str | None:
    """Return what a device's technology is a kind of: FISH and CISH are in-situ hybridisation."""
    return "ISH" if technology is not None and technology.endswith("ISH") else technology
