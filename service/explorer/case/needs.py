"""The facts that are missing, and links that add them: which one would settle the most rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.adapters.v1.query import NO_THERAPY
from service.engine.entries import walk_leaves
from service.engine.patient_facts import PATIENT_FACTS
from service.engine.report import Match, Report
from service.engine.rulebook import Rulebook
from service.explorer.address import Address, choices

#: Kinds of therapy that are offered as links; the form takes any other.
_MOST_THERAPIES = 6
_LINES = ("1", "2", "3")
_WORDS = {
    "tumor_type": "subtype of the tumour",
    **{fact.name: fact.short for fact in PATIENT_FACTS if fact.short},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a missing fact may have, as the question with that fact."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class OpenFact:
    """A fact that is not known.

    Args:
        name: the word of ``needs``.
        label: the same in plain words.
        regimens: rows that hang on it.
        choices: empty where it is asked in the form only (an age).
    """

    name: str
    label: str
    regimens: int
    choices: tuple[Choice, ...]


def open_facts(rulebook: Rulebook, address: Address, report: Report) -> list[OpenFact]:
    """Return the missing facts of the listed rows; the one that most rows hang on comes first."""
    leads = [row.lead for row in report.therapies if row.lead.needs]
    count = Counter(name for lead in leads for name in lead.needs)
    asking = {name: [lead for lead in leads if name in lead.needs] for name in count}
    return [
        OpenFact(
            name,
            words_of(name),
            number,
            tuple(
                Choice(label, address.adding(pair).query)
                for label, pair in _values(rulebook, report, name, asking[name])
            ),
        )
        for name, number in sorted(count.items(), key=lambda item: (-item[1], item[0]))
    ]


def words_of(need: str) -> str:
    """Return a word of ``needs`` in plain words."""
    if need in _WORDS:
        return _WORDS[need]
    return need.removeprefix("conditions.").replace("_", " ")


def _values(
    rulebook: Rulebook, report: Report, name: str, leads: Iterable[Match]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield (label, parameter) of each value that is offered for a missing fact."""
    if name in rulebook.classes:
        for probe in rulebook.probes.get(name, ()):
            if probe is not None:
                yield probe.text, ("biomarker", probe.text)
    elif name.startswith("conditions."):
        condition = name.removeprefix("conditions.")
        for word in ("yes", "no"):
            yield word, ("condition", f"{condition}:{word}")
    elif name == "prior_therapies":
        for therapy in (*_therapies(leads), NO_THERAPY):
            yield therapy, ("prior_therapy", therapy)
    elif name == "tumor_type":
        for code in _subtypes(rulebook, report.case.tumor_type, leads):
            yield rulebook.tumors.types[code].name, ("tumor_type", rulebook.tumors.term_of(code))
    else:
        for word in _LINES if name == "line_of_therapy" else choices(name):
            yield word.replace("_", " "), (name, word)


def _therapies(leads: Iterable[Match]) -> list[str]:
    asked = Counter(
        str(leaf.value)
        for lead in leads
        for leaf, _ in walk_leaves(lead.entry.assertion.criteria.clinical)
        if leaf.type == "prior_therapy"
    )
    ranked = sorted(asked.items(), key=lambda item: (-item[1], item[0]))
    return [name for name, _ in ranked[:_MOST_THERAPIES]]


def _subtypes(rulebook: Rulebook, code: str, leads: Iterable[Match]) -> list[str]:
    named = {tumor for lead in leads for tumor in lead.entry.tumors}
    return sorted(tumor for tumor in named - {code} if rulebook.tumors.is_under(tumor, code))
