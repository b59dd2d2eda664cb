"""The assertions of a regimen side by side: what bars, what outranks, what stands in conflict.

The rules M12, M18 and M19 look at one regimen at a time, so the entries of one regimen give what
all entries would give for it. Rows come in the total order of rule M20.
"""

from __future__ import annotations

from collections.abc import Iterable

from service.engine import words
from service.engine.question import Question
from service.engine.rank import match_key, row_key
from service.engine.report import Conflict, Drop, Match, Row
from service.engine.rulebook import Entry


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


def rows_of(matches: Iterable[Match]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Return therapies and resistance: a row a regimen, in the total order (M20)."""
    sensitive: dict[str, list[Match]] = {}
    resistant: dict[str, list[Match]] = {}
    for found in sorted(matches, key=match_key):
        assertion = found.entry.assertion
        side = sensitive if assertion.effect == "sensitivity" else resistant
        side.setdefault(assertion.regimen.id, []).append(found)
    therapies = [
        Row(
            group[0].entry.assertion.regimen, tuple(group), _conflict(group, resistant.get(id_, []))
        )
        for id_, group in sensitive.items()
    ]
    cautions = [Row(group[0].entry.assertion.regimen, tuple(group)) for group in resistant.values()]
    return tuple(sorted(therapies, key=row_key)), tuple(sorted(cautions, key=row_key))


def _conflict(sensitive: list[Match], resistant: list[Match]) -> Conflict | None:
    """Return both sides when a regimen has resistance that counts in this case (M19).

    Resistance known in another tumour type counts beside an off-label suggestion only; resistance
    that hangs on a result which is missing does not count, and names the result in its own row.
    """
    off_label_only = all(found.relation == "other" for found in sensitive)
    against = [
        found
        for found in resistant
        if found.biomarker_criteria == "met" and (found.relation != "other" or off_label_only)
    ]
    if not against:
        return None
    return Conflict(
        words.why_conflict(against),
        tuple(found.entry.assertion.id for found in against),
        tuple(found.entry.assertion.id for found in sensitive),
    )
