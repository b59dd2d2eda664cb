"""``/what-if``: one fact of a case changed, the answers before and after side by side.

The change stands in the address as ``change`` (what is changed) and ``to`` (its new value): a
result (``biomarker``, ``without``), the ``tumor_type``, or any parameter about the patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from service.adapters.v1.case import ReadCase
from service.adapters.v1.changes import read_changes
from service.adapters.v1.notice import Notice
from service.adapters.v1.query import Pairs, ordered, read_query, write_patient
from service.engine.change import apply_changes
from service.engine.compare import compare_reports
from service.engine.match import match
from service.engine.model import Case
from service.engine.patient_facts import PATIENT_FACTS
from service.engine.report import SECTIONS, Counterfactual, Report, RowChange
from service.errors import Fault, InputError
from service.explorer.address import Address, Asked, choices, understand, value_faults
from service.explorer.case.answer import about_case, lead_to_canonical
from service.explorer.case.ask import refused
from service.explorer.case.needs import words_of
from service.explorer.frame import Explorer, blueprint, explorer, page

Json = dict[str, Any]
#: What may be changed -> how the form asks for it.
KINDS: Mapping[str, str] = {
    "biomarker": "add or replace a result",
    "without": "take a result away",
    "tumor_type": "another tumour type",
    "prior_therapy": "prior therapies",
    **{
        fact.name: fact.name.replace("_", " ") if fact.kind == "word" else fact.label
        for fact in PATIENT_FACTS
    },
    "condition": "condition (name:yes or name:no)",
}
_OF_RESULTS = frozenset({"biomarker", "without", "tumor_type"})
_BESIDE = ("change", "to")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that makes a difference, as a link.

    Args:
        effects: what it does, in words.
    """

    label: str
    query: str
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of fact and what came of it; ``kind`` is empty when nothing was asked yet."""

    kind: str = ""
    to: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    after: Report | None = None


@blueprint.get("/what-if")
def what_if() -> Response:
    """Show what a change of fact does to the answer, and which changes would do something."""
    shared = explorer()
    asked = understand(shared.knowledge, request.args, today=shared.today(), beside=_BESIDE)
    led = lead_to_canonical(asked)
    if led is not None:
        return led
    if asked.read is None:
        return refused(asked)
    before = match(shared.knowledge.rulebook, asked.read.case, explain="full")
    changed = _change(shared, asked.address, asked.read.case)
    about = about_case(shared, asked)
    return page(
        "what_if.html",
        status=422 if changed.faults else 200,
        here="what_if",
        **{**about, "title": f"What if: {about['title']}"},
        case_title=about["title"],
        kinds=KINDS,
        pieces=shared.pieces,
        words_of=words_of,
        changed=changed,
        counterfactuals=[_suggest(shared, asked.address, c) for c in before.counterfactuals],
        removals=list(_removals(asked)),
        choices={name: choices(name) for name in KINDS if choices(name)},
        **(_side_by_side(shared, asked, before, changed) if changed.after else {}),
    )


def _change(shared: Explorer, address: Address, case: Case) -> Changed:
    """Read the change of an address and apply it."""
    kind, to = address.value("change"), tuple(address.values("to"))
    if not kind:
        return Changed()
    faults = tuple(_faults(kind, to))
    if faults:
        return Changed(kind, to, faults)
    try:
        read = read_changes(shared.knowledge, _items(kind, to))
    except InputError as error:
        return Changed(kind, to, error.faults)
    rulebook = shared.knowledge.rulebook
    after = match(rulebook, apply_changes(rulebook, case, read.changes), explain="full")
    return Changed(kind, to, (), read.notices, after)


def _faults(kind: str, to: tuple[str, ...]) -> Iterator[Fault]:
    if kind not in KINDS:
        yield Fault("?change", "invalid_value", f"{kind[:80]!r} cannot be changed", tuple(KINDS))
    elif not to:
        yield Fault("?to", "required", "say what it is changed to")
    else:
        name = "biomarker" if kind == "without" else kind
        for index, value in enumerate(to):
            yield from value_faults(name, value, f"?to/{index}")


def _items(kind: str, to: tuple[str, ...]) -> list[Json]:
    """Return the change in the shape of ``POST /v1/what-if``."""
    if kind in _OF_RESULTS:
        return [{kind: value} for value in to]
    return [read_query(lambda name: list(to) if name == kind else [])]


def _side_by_side(shared: Explorer, asked: Asked, before: Report, changed: Changed) -> Json:
    after = changed.after
    if after is None:
        raise ValueError("nothing was changed")
    differences = compare_reports(before, after)
    rows = [
        *(("new", change) for change in differences.added),
        *(("gone", change) for change in differences.gone),
        *(("changed", change) for change in differences.changed),
    ]
    return {
        "sections": [
            (section, [(word, change) for word, change in rows if change.section == section])
            for section in SECTIONS
        ],
        "unchanged": differences.unchanged,
        "findings_after": [finding.name for finding in after.case.findings],
        "tumor_after": shared.knowledge.rulebook.tumors.types[after.case.tumor_type],
        "address_after": _address_after(shared, asked, changed, after.case),
    }


def _address_after(shared: Explorer, asked: Asked, changed: Changed, after: Case) -> Address | None:
    """Return the question that asks the changed case, when there is one that means just that."""
    if asked.read is None:
        return None
    kept = [
        pair
        for pair, is_kept in zip(
            asked.address.pairs, _is_kept(asked.read, asked.address.pairs, after), strict=True
        )
        if is_kept and (pair[0] in ("biomarker", "condition") or pair[0] != changed.kind)
    ]
    new = () if changed.kind == "without" else tuple((changed.kind, to) for to in changed.to)
    address = Address(ordered(kept)).adding(*new)
    again = understand(shared.knowledge, MultiDict(address.pairs), today=shared.today())
    return address if again.read is not None and again.read.case == after else None


def _is_kept(read: ReadCase, pairs: Pairs, after: Case) -> Iterator[bool]:
    """Tell for each parameter whether what it says is still said after a change."""
    position = -1
    for name, _ in pairs:
        if name != "biomarker":
            yield True
            continue
        position += 1
        own = [item.finding for item in read.read if item.index == position]
        yield any(finding in after.findings for finding in own)


def _suggest(shared: Explorer, address: Address, counterfactual: Counterfactual) -> Suggestion:
    ((kind, given), *_) = counterfactual.asked.items()
    pairs = list(write_patient(given)) if kind == "patient" else [(kind, str(given))]
    query = f"{address.query}&{_change_query(pairs)}"
    label = _label(shared, kind, pairs)
    return Suggestion(label, query, tuple(map(_effect, counterfactual.differences)))


def _label(shared: Explorer, kind: str, pairs: list[tuple[str, str]]) -> str:
    values = [value for _, value in pairs]
    if kind == "biomarker":
        return " and ".join(values)
    if kind == "tumor_type":
        return shared.knowledge.rulebook.tumors.types[values[0]].name
    return f"{pairs[0][0]}: {', '.join(values)}".replace("_", " ")


def _change_query(pairs: Iterable[tuple[str, str]]) -> str:
    values = list(pairs)
    return urlencode([("change", values[0][0]), *(("to", value) for _, value in values)])


def _effect(change: RowChange) -> str:
    name = change.row.regimen.name
    if change.before is None:
        return f"adds {name}"
    if change.after is None:
        return f"removes {name}"
    steps = [side.lead.applicability.replace("_", " ") for side in (change.before, change.after)]
    if steps[0] != steps[1]:
        return f"{name}: {' → '.join(steps)}"
    return f"{name}: {'conflict' if 'conflict' in change.fields else 'another level'}"


def _removals(asked: Asked) -> Iterator[Suggestion]:
    for value in asked.address.values("biomarker"):
        query = f"{asked.address.query}&{_change_query([('without', value)])}"
        yield Suggestion(value, query)
