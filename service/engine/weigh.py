"""The assertions of a regimen side by side: what bars, what outranks, and which row it becomes.

The rules M12, M18 and M30 look at one regimen at a time; what speaks against one is in
``conflicts``. Rows come in the total order of rule M20.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from service.engine.conflicts import conflict_of, counts_here, reaching
from service.engine.entries import Entry
from service.engine.question import Question
from service.engine.rank import match_key, order_rows
from service.engine.report import Drop, Match, Row
from service.engine.rulebook import Rulebook


def weigh(question: Question, entries: Iterable[Entry]) -> tuple[list[Match], list[Drop]]:
    """Judge candidates, then apply the rules that set assertions of a regimen side by side."""
    matches: list[Match] = []
    drops: list[Drop] = []
    for entry in entries:
        verdict = question.judge(entry)
        if isinstance(verdict, Match):
            matches.append(verdict)
        else:
            drops.append(verdict)
    matches = _drop_excluded_elsewhere(question, matches, drops)
    matches = _drop_open_cautions(matches, drops)
    return _drop_outranked_resistance(matches, drops), drops


def _drop_excluded_elsewhere(
    question: Question, matches: list[Match], drops: list[Drop]
) -> list[Match]:
    """Keep a regimen out of a tumour type that one of its labels rules out there.

    Either the label excludes the tumour type by name (M12), or it is about this tumour type and a
    condition of its biomarkers failed (M4): what the own label forbids is borrowed from nowhere.
    """
    barred: dict[str, Drop] = {}
    for drop in drops:
        assertion = drop.entry.assertion
        if assertion.effect == "sensitivity" and assertion.authority is not None:
            is_failed = drop.rule == "M4" and question.is_own_label(drop.entry)
            if drop.rule == "M12" or is_failed:
                barred.setdefault(assertion.regimen.id, drop)
    kept: list[Match] = []
    for found in matches:
        assertion = found.entry.assertion
        if (
            found.relation == "other"
            and assertion.effect == "sensitivity"
            and assertion.regimen.id in barred
        ):
            drop = barred[assertion.regimen.id]
            what = "this tumour type" if drop.rule == "M12" else "this case in its own tumour type"
            reason = f"{drop.entry.assertion.id} excludes {what} for the regimen"
            drops.append(Drop(found.entry, drop.rule, reason))
        else:
            kept.append(found)
    return kept


def _drop_outranked_resistance(matches: list[Match], drops: list[Drop]) -> list[Match]:
    """Let a sensitive statement about exactly this variant outrank one of resistance (M18).

    A statement about two variants together is not outranked by what is said about either alone.
    """
    exact: dict[str, list[Match]] = {}
    for found in matches:
        assertion = found.entry.assertion
        is_exact = assertion.effect == "sensitivity" and found.specificity == 0
        if is_exact and found.relation != "other":
            exact.setdefault(assertion.regimen.id, []).append(found)
    kept: list[Match] = []
    for found in matches:
        assertion = found.entry.assertion
        outranking: list[Match] = []
        if assertion.effect != "sensitivity" and found.specificity > 0 and found.findings:
            said = exact.get(assertion.regimen.id, ())
            outranking = [by for by in said if set(found.findings) <= set(by.findings)]
        if outranking:
            reason = f"{outranking[0].entry.assertion.id} speaks about exactly this variant"
            drops.append(Drop(found.entry, "M18", reason))
        else:
            kept.append(found)
    return kept


def _drop_open_cautions(matches: list[Match], drops: list[Drop]) -> list[Match]:
    """Leave out what is known elsewhere only and hangs on a result nobody reported (M30)."""
    kept: list[Match] = []
    for found in matches:
        is_against = found.entry.assertion.effect != "sensitivity"
        if is_against and found.relation == "other" and found.biomarker_criteria != "met":
            reason = f"known in another tumour type only; not reported: {', '.join(found.needs)}"
            drops.append(Drop(found.entry, "M30", reason, is_near_only=True))
        else:
            kept.append(found)
    return kept


class Rows(NamedTuple):
    """The rows of an answer: a row a regimen and section, each section in its order."""

    therapies: tuple[Row, ...]
    resistance: tuple[Row, ...]
    cautions: tuple[Row, ...]


def rows_of(rulebook: Rulebook, matches: Iterable[Match]) -> Rows:
    """Return the rows of matches in the total order (M20), those against a regimen by M30."""
    sensitive: dict[str, list[Match]] = {}
    resistant: dict[str, list[Match]] = {}
    for found in sorted(matches, key=match_key):
        assertion = found.entry.assertion
        side = sensitive if assertion.effect == "sensitivity" else resistant
        side.setdefault(assertion.regimen.id, []).append(found)
    therapies = [
        Row(
            regimen,
            tuple(group),
            conflict_of(group, resistant.get(regimen.id, []), reaching(rulebook, group, resistant)),
        )
        for group in sensitive.values()
        for regimen in (group[0].entry.assertion.regimen,)
    ]
    here: list[Row] = []
    elsewhere: list[Row] = []
    for id_, group in resistant.items():
        is_here = any(counts_here(found, sensitive.get(id_, [])) for found in group)
        side_of = here if is_here else elsewhere
        side_of.append(Row(group[0].entry.assertion.regimen, tuple(group)))
    return Rows(order_rows(therapies), order_rows(here), order_rows(elsewhere))
