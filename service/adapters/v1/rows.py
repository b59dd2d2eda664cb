"""The rows of an answer: a regimen, its assertions, what was dropped, which tests are missing.

The static parts of an assertion (sources, evidence) are spliced in as the bytes that were written
once; what depends on the case is written each time. Key order is part of the contract.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from service.engine.model import Case
from service.engine.report import Drop, Match, Row, SuggestedTest
from service.engine.rulebook import Rulebook
from service.engine.tumors import TumorTree

Json = dict[str, Any]


class AssertionFragments(Protocol):
    """Static JSON of one assertion, and its devices by day and tumour type."""

    def companion_diagnostics_on(
        self, day: dt.date, tumor_type: str, tumors: TumorTree
    ) -> list[str]: ...
    @property
    def evidence(self) -> bytes: ...
    @property
    def sources(self) -> bytes: ...
    @property
    def headline(self) -> bytes: ...


class AnswerKnowledge(Protocol):
    """The part of a knowledge base that writing an answer needs."""

    @property
    def version(self) -> str: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def fragments(self) -> Mapping[str, AssertionFragments]: ...
    @property
    def records(self) -> Mapping[str, Mapping[str, Json]]: ...


class RowWriter:
    """Writes the rows of one knowledge base."""

    def __init__(self, knowledge: AnswerKnowledge) -> None:
        self._knowledge = knowledge
        self._static = {
            id_: (
                parts.companion_diagnostics_on,
                orjson.Fragment(parts.evidence),
                orjson.Fragment(parts.sources),
                knowledge.records["assertions"][id_]["reviewed_on"],
            )
            for id_, parts in knowledge.fragments.items()
        }
        self._headlines = {
            id_: orjson.Fragment(parts.headline) for id_, parts in knowledge.fragments.items()
        }
        self._regimens = {
            entry.assertion.regimen.id: orjson.Fragment(
                orjson.dumps(self._regimen(entry.assertion.regimen))
            )
            for entry in knowledge.rulebook.entries
        }

    def write(self, row: Row, case: Case) -> Json:
        """Return a row as the contract shows it.

        Args:
            case: of the question; a device of a later day or for another tumour is not named.
        """
        lead = row.lead
        return {
            "regimen": self._regimens[row.regimen.id],
            "applicability": lead.applicability,
            "level": _level(lead),
            "biomarker_criteria": lead.biomarker_criteria,
            "clinical_criteria": lead.clinical_criteria,
            "needs": list(lead.needs),
            "subtypes": self._subtypes(lead),
            "opened_by": lead.opened_by,
            "first_choice": None
            if row.first_choice is None
            else {"source": row.first_choice.source, "words": row.first_choice.words},
            "headline": self._headlines[lead.entry.assertion.id],
            "conflict": None
            if row.conflict is None
            else {
                "reason": row.conflict.reason,
                "resistance": list(row.conflict.resistance),
                "sensitivity": list(row.conflict.sensitivity),
            },
            "assertions": [self._assertion(found, case) for found in row.matches],
        }

    def _assertion(self, found: Match, case: Case) -> Json:
        assertion = found.entry.assertion
        diagnostics_on, evidence, sources, reviewed_on = self._static[assertion.id]
        since = found.standing.since
        return {
            "id": assertion.id,
            "effect": assertion.effect,
            "applicability": found.applicability,
            "jurisdiction": assertion.jurisdiction,
            "authority": assertion.authority,
            "status": found.standing.status,
            "since": since.isoformat() if since else None,
            "since_precision": found.standing.event.precision if found.standing.event else None,
            "statement": assertion.statement,
            "tumor_relation": found.relation,
            "matched_findings": list(found.findings),
            "companion_diagnostics": diagnostics_on(
                case.as_of, case.tumor_type, self._knowledge.rulebook.tumors
            ),
            "evidence": evidence,
            "sources": sources,
            "reviewed_on": reviewed_on,
            "trace": [
                {
                    "path": line.path,
                    "criterion": line.criterion,
                    "truth": line.truth,
                    "fact": line.fact,
                    "rule": line.rule,
                    "source": line.source,
                }
                for line in found.trace
            ],
            "why": found.why,
            "level": _level(found),
            "biomarker_criteria": found.biomarker_criteria,
            "clinical_criteria": found.clinical_criteria,
            "needs": list(found.needs),
        }

    def _subtypes(self, found: Match) -> list[Json]:
        types = self._knowledge.rulebook.tumors.types
        return [{"code": code, "name": types[code].name} for code in found.subtypes]

    def _regimen(self, regimen: Any) -> Json:
        drugs = self._knowledge.records["drugs"]
        return {
            "id": regimen.id,
            "name": regimen.name,
            "drugs": [
                {"name": name, "rxnorm": drugs[name]["rxnorm"], "ncit": drugs[name]["ncit"]}
                for name in regimen.drugs
            ],
        }


def _level(found: Match) -> Json:
    level = found.level
    fda, fda_reason = level.fda
    escat = found.escat
    return {
        "amp_asco_cap": level.amp_asco_cap,
        "oncokb_style": level.oncokb_style,
        "reason": level.reason,
        "fda": fda,
        "fda_reason": fda_reason,
        "escat": {"tier": escat.tier, "source": escat.source} if escat else None,
    }


def write_drop(drop: Drop) -> Json:
    """Return what was dropped, and by which rule."""
    assertion = drop.entry.assertion
    return {
        "assertion": assertion.id,
        "regimen": assertion.regimen.name,
        "rule": drop.rule,
        "reason": drop.reason,
    }


def write_test(test: SuggestedTest) -> Json:
    """Return a missing result that would decide assertions."""
    return {
        "gene": test.gene,
        "assay": test.assay,
        "would_decide": list(test.would_decide),
        "reason": test.reason,
    }
