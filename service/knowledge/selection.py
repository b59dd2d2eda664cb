"""Assertions chosen by gene, tumour type, drug, jurisdiction, effect and status on a day.

The filters of ``/v1/assertions`` and of the pages that list assertions; combined with "and".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from service.engine.authorisation import STATUS_AFTER
from service.engine.entries import Entry
from service.engine.jurisdictions import JURISDICTIONS
from service.errors import Fault, InputError
from service.knowledge.assertion_schemas import EFFECTS
from service.knowledge.store import KnowledgeBase

STATUSES = tuple(dict.fromkeys(STATUS_AFTER.values()))
#: Filter -> the words it takes; the others are read by the vocabularies.
WORDS: Mapping[str, tuple[str, ...]] = {
    "effect": EFFECTS,
    "jurisdiction": JURISDICTIONS,
    "status": STATUSES,
}
_Test = Callable[[Entry], bool]
#: An assertion, and its status on the day (``None`` without an authority).
Chosen = tuple[Entry, str | None]


def select_assertions(
    kb: KnowledgeBase, given: Mapping[str, str], day: dt.date, faults: list[Fault]
) -> list[Chosen]:
    """Return the assertions that existed on a day and pass every filter, by id.

    Args:
        given: filter -> text; a filter that is absent chooses all.
        faults: gets one for each text that is not understood, at ``?<filter>``.
    """
    tests = [
        test
        for name, read in _READ.items()
        if name in given and (test := read(kb, given[name], faults)) is not None
    ]
    words = {name: _word(name, given.get(name), faults) for name in WORDS}
    standings = kb.rulebook.standings(day)
    chosen: list[Chosen] = []
    for entry in kb.rulebook.entries:
        assertion = entry.assertion
        status = standings[assertion.id].status
        own = {
            "effect": assertion.effect,
            "jurisdiction": assertion.jurisdiction,
            "status": status,
        }
        if (
            status != "not_yet"
            and all(word is None or own[name] == word for name, word in words.items())
            and all(test(entry) for test in tests)
        ):
            chosen.append((entry, status))
    return chosen


def _gene(kb: KnowledgeBase, text: str, faults: list[Fault]) -> _Test | None:
    rulebook, names = kb.rulebook, kb.reader.names
    gene = names.lookup(text)
    gene = gene if gene is None or not gene.members else None
    if gene is None:
        message = f"{text[:80]!r} is no known gene"
        faults.append(Fault("?gene", "unknown_gene", message, names.names()))
        return None
    symbol = gene.symbol
    return lambda entry: any(
        symbol in rulebook.genes_of_class(name) for name in rulebook.classes_named_by(entry)
    )


def _tumor(kb: KnowledgeBase, text: str, faults: list[Fault]) -> _Test | None:
    try:
        code = kb.tumor_terms.read_text(text, "?tumor_type").code
    except InputError as error:
        faults.extend(error.faults)
        return None
    tumors = kb.rulebook.tumors
    return lambda entry: any(tumors.relation(code, own) != "other" for own in entry.tumors)


def _drug(kb: KnowledgeBase, text: str, faults: list[Fault]) -> _Test | None:
    name = kb.drug_names.find(text)
    if name is None:
        message = f"{text[:80]!r} is no known drug"
        faults.append(Fault("?drug", "unknown_drug", message, kb.drug_names.near(text)))
        return None
    found = name
    return lambda entry: found in entry.assertion.regimen.drugs


_READ: Mapping[str, Callable[[KnowledgeBase, str, list[Fault]], _Test | None]] = {
    "gene": _gene,
    "tumor_type": _tumor,
    "drug": _drug,
}
FILTERS = (*_READ, *WORDS)


def _word(name: str, text: str | None, faults: list[Fault]) -> str | None:
    allowed: Iterable[str] = WORDS[name]
    if text is not None and text not in allowed:
        message = f"{text[:80]!r} is not possible here"
        faults.append(Fault(f"?{name}", "invalid_value", message, tuple(allowed)))
    return text
