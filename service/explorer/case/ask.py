"""``/``: the form in which a case is asked, and again with every fault beside its field.

``/understood`` and ``/suggest/tumor-types`` serve the form's script: what was read of the
biomarkers so far, as a fragment of HTML, and tumour types that fit what is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, render_template, request

from service.adapters.v1.biomarkers import fault_of, notices_of
from service.adapters.v1.case import found_in, not_covered, read_biomarkers
from service.adapters.v1.warnings import write_notice
from service.engine.jurisdictions import JURISDICTION_TABLE
from service.engine.patient_facts import PATIENT_FACTS
from service.errors import Fault, InputError
from service.explorer.address import QUESTION, Address, Asked, read_address, value_faults
from service.explorer.frame import Explorer, blueprint, explorer, page

Json = dict[str, Any]
MOST_SUGGESTIONS = 8
#: Faults whose suggestion is a whole biomarker; an unknown gene's replaces the first word.
_WHOLE = frozenset({"missing_alteration", "unscoped_negative", "ambiguous_assembly"})
#: Parameters that have a field in the form.
_FIELDS = frozenset(QUESTION) - {"explain"}
#: (title, what it shows, question) of the cases that the first page offers.
EXAMPLES = (
    (
        "EGFR L858R in lung adenocarcinoma",
        "one mutation, many labels, one order",
        (("tumor_type", "LUAD"), ("biomarker", "EGFR L858R")),
    ),
    (
        "BRAF V600E in colorectal cancer",
        "why the tumour-agnostic label is not offered",
        (("tumor_type", "COADREAD"), ("biomarker", "BRAF V600E")),
    ),
    (
        "HER2 IHC 2+ in breast cancer",
        "three values: not positive, not low, not yet known",
        (("tumor_type", "BREAST"), ("biomarker", "HER2 IHC 2+")),
    ),
    (
        "ALK fusion and G1202R in NSCLC",
        "for and against at the same time",
        (("tumor_type", "NSCLC"), ("biomarker", "EML4-ALK fusion"), ("biomarker", "ALK G1202R")),
    ),
    (
        "KRAS G12C in colorectal cancer",
        "resistance belongs to a regimen, not to a drug",
        (("tumor_type", "COADREAD"), ("biomarker", "KRAS G12C")),
    ),
    (
        "EGFR exon 20 insertion, as of 2022",
        "a label that has since been withdrawn",
        (
            ("tumor_type", "NSCLC"),
            ("biomarker", "EGFR exon 20 insertion"),
            ("as_of", "2022-06-01"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault beside its field.

    Args:
        given: the value that was not understood; empty when none was given.
        fixes: (what it would be, the value) of each suggestion that can be taken over.
        near: suggestions that are words only.
    """

    given: str
    message: str
    fixes: tuple[tuple[str, str], ...]
    near: tuple[str, ...] = ()


@blueprint.get("/")
def ask() -> Response:
    """Show the form; an address with a question fills it."""
    address, _ = read_address(request.args)
    return page("ask.html", here="ask", title="Ask", **_form(address, {}))


def refused(asked: Asked) -> Response:
    """Show the form again with every fault of the question by its field."""
    faults: dict[str, list[FieldFault]] = {}
    for fault in asked.faults:
        name, _, place = fault.pointer.removeprefix("?").partition("/")
        index = int(place) if place.isdecimal() else 0
        values = asked.address.values(name)
        given = values[index] if index < len(values) else ""
        faults.setdefault(name, []).append(_beside(asked.address, fault, name, index, given))
    title = "The question cannot be understood yet"
    return page("ask.html", status=422, title=title, **_form(asked.address, faults))


def _beside(address: Address, fault: Fault, name: str, index: int, given: str) -> FieldFault:
    taken = [(text, value_of(fault.code, given, text)) for text in fault.suggestions]
    fixes = tuple(
        (value, f"/answer?{address.replacing(name, index, value).query}")
        for _, value in taken
        if value is not None and given
    )
    near = tuple(text for text, value in taken if value is None)
    return FieldFault(given, fault.message, fixes, near)


def value_of(code: str, given: str, suggestion: str) -> str | None:
    """Return what a value would be with a suggestion taken over; ``None`` if it is a word only."""
    if code == "unknown_gene":
        return " ".join([suggestion, *given.split()[1:]])
    if code in _WHOLE or code in ("unknown_tumor_type", "invalid_value"):
        return suggestion
    return None


def _form(address: Address, faults: dict[str, list[FieldFault]]) -> Json:
    day = address.value("as_of")
    return {
        "address": address,
        "faults": faults,
        "stray": [(name, item) for name in faults if name not in _FIELDS for item in faults[name]],
        "facts": PATIENT_FACTS,
        "jurisdictions": JURISDICTION_TABLE,
        # A date field would drop what is no day, and with it what the fault is about.
        "day_type": "text" if any(value_faults("as_of", day, "")) and day else "date",
        "has_context": any(name not in ("tumor_type", "biomarker") for name, _ in address.pairs),
        "examples": [(title, shows, urlencode(pairs)) for title, shows, pairs in EXAMPLES],
    }


@blueprint.get("/understood")
def understood() -> Response:
    """Return what is read of each biomarker as a fragment of HTML, in the order of the input."""
    shared = explorer()
    address, _ = read_address(request.args)
    values = address.values("biomarker")[:500]
    items = [_understood(shared, value[:500]) for value in values]
    return Response(render_template("understood.html", items=items), mimetype="text/html")


def _understood(shared: Explorer, given: str) -> Json:
    items = read_biomarkers(shared.knowledge, [given])
    read = found_in(items, "finding", "not_covered")
    notices = [*notices_of(items), *not_covered(items)]
    faults = [fault_of(item) for item in items if item.is_not_understood]
    return {
        "given": given,
        "findings": [shared.writer.finding(item.finding, 0, item.given, "TISSUE") for item in read],
        "notices": [write_notice(notice) for notice in notices],
        "faults": [
            (
                fault.message,
                [v for s in fault.suggestions if (v := value_of(fault.code, given, s))],
            )
            for fault in faults
        ],
    }


@blueprint.get("/suggest/tumor-types")
def suggest_tumor_types() -> Response:
    """Return tumour types that fit what is typed: read as it stands, then by words, then near."""
    shared = explorer()
    found = _tumor_types(shared, request.args.get("q", "").strip()[:100])
    types = shared.knowledge.rulebook.tumors.types
    items = [
        {"code": code, "name": types[code].name, "said": said}
        for code, said in list(found.items())[:MOST_SUGGESTIONS]
    ]
    return Response(orjson.dumps({"items": items}), mimetype="application/json")


def _tumor_types(shared: Explorer, text: str) -> dict[str, str]:
    """Return OncoTree code -> the term that led to it, empty where that is the name."""
    if not text:
        return {}
    terms = shared.knowledge.tumor_terms
    found: dict[str, str] = {}
    try:
        found[terms.read_text(text, "").code] = text
    except InputError as error:
        near = [term for fault in error.faults for term in fault.suggestions]
    else:
        near = []
    for hit in shared.knowledge.catalogue.search(text):
        if hit["kind"] == "tumor_type":
            found.setdefault(hit["id"], "")
    for term in near:
        found.setdefault(terms.read_text(term, "").code, term)
    return found
