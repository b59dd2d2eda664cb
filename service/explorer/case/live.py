"""A case that a lesson or an exercise holds, with the answer that the engine gives to it now.

Nothing of an answer is kept in a lesson: a page asks when it is shown, and the day of the case is
fixed, so that what the lesson says stays true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from service.adapters.v1.query import write_query
from service.engine.match import match
from service.engine.report import Drop, Explain, Report, Row
from service.explorer.address import Address, Asked, understand
from service.explorer.case.answer import about_case
from service.explorer.frame import Explorer
from service.knowledge.lessons import Claim
from service.knowledge.regimens import regimen_id

Json = dict[str, Any]
#: Expectations that name rows, and those that name regimens as lists of drugs.
_OF_ROWS = frozenset({"therapies", "resistance", "cautions"})
_OF_REGIMENS = frozenset({"conflict", "not_therapies"})
#: Expectations that speak of evidence against a regimen, or of why it is not offered.
_AGAINST = frozenset({"resistance", "cautions", "conflict", "not_therapies"})


@dataclass(frozen=True, slots=True)
class LiveCase:
    """A case with its answer.

    Args:
        about: what every page about a case shows.
    """

    asked: Asked
    report: Report
    about: Json

    @property
    def address(self) -> Address:
        """Return the question as an address."""
        return self.asked.address


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of an answer that a lesson speaks of.

    Args:
        therapies: everything on label, and what a claim names.
        resistance: what a claim says is spoken against, and what is in this tumour type and
            concerns a regimen that a claim names.
        dropped: what a claim says is not offered, as far as a rule dropped it.
        more: therapies that are left out here.
        has_tests: whether a claim speaks of the tests that are suggested.
    """

    therapies: tuple[Row, ...]
    resistance: tuple[Row, ...]
    dropped: tuple[Drop, ...]
    more: int
    has_tests: bool


def ask_case(shared: Explorer, case: Json, *, explain: Explain = "brief") -> LiveCase:
    """Ask the engine about a case.

    Raises:
        ValueError: the case cannot be understood; a test holds every one against this.
    """
    pairs = write_query(case)
    asked = understand(shared.knowledge, MultiDict(pairs), today=shared.today())
    if asked.read is None:
        raise ValueError(f"the case {case} is refused: {asked.faults}")
    report = match(shared.knowledge.rulebook, asked.read.case, explain=explain)
    return LiveCase(asked, report, about_case(shared, asked))


def excerpt(live: LiveCase, claims: Iterable[Claim]) -> Excerpt:
    """Return what of an answer the claims speak of, and everything on label."""
    expected = [claim.expect for claim in claims]
    named = _named(expected, _OF_ROWS | _OF_REGIMENS | {"first_therapy"})
    against = _named(expected, _AGAINST)
    report = live.report
    therapies = tuple(
        row
        for row in report.therapies
        if row.lead.applicability == "on_label" or row.regimen.id in named
    )
    resistance = tuple(
        row
        for row in (*report.resistance, *report.cautions)
        if row.regimen.id in (against if row.lead.relation == "other" else named)
    )
    listed = {row.regimen.id for row in (*therapies, *resistance)}
    return Excerpt(
        therapies,
        resistance,
        tuple(_dropped(report.excluded, expected, named - listed)),
        len(report.therapies) - len(therapies),
        any("suggested_tests" in expect for expect in expected),
    )


def _named(expected: Iterable[Json], keys: frozenset[str]) -> set[str]:
    """Return the identifiers of the regimens that some expectations name."""
    return {
        regimen_id(drugs)
        for expect in expected
        for key in keys & expect.keys()
        for drugs in _regimens(key, expect[key])
    }


def _regimens(key: str, value: Any) -> Iterator[list[str]]:
    if key in _OF_ROWS:
        yield from (row["regimen"] for row in value)
    elif key in _OF_REGIMENS:
        yield from value
    else:
        yield value


def _dropped(drops: Sequence[Drop], expected: list[Json], regimens: set[str]) -> Iterator[Drop]:
    """Yield the drops that claims name, and the first one of any other regimen that they name."""
    ids = {item["assertion"] for expect in expected for item in expect.get("excluded", ())}
    named = [drop for drop in drops if drop.entry.assertion.id in ids]
    yield from named
    seen = {drop.entry.assertion.regimen.id for drop in named}
    for drop in drops:
        regimen = drop.entry.assertion.regimen.id
        if regimen in regimens - seen:
            seen.add(regimen)
            yield drop
