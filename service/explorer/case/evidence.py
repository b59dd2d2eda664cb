"""``/evidence/<regimen>``: the studies behind a regimen, drawn with their numbers beside.

Numbers stand as they were published; a bound that was not published is not drawn. Companion
diagnostics come with the days that the method of a device typically takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from service.adapters.v1.plan import technology_family
from service.errors import NotFoundError
from service.explorer.browse.kinds import EXTERNAL, Linked, href_of
from service.explorer.frame import blueprint, explorer, page
from service.explorer.plots import (
    Interval,
    Scale,
    amount_scale,
    interval,
    rate_scale,
    ratio_scale,
)

Record = dict[str, Any]
_OUTCOMES = {
    "dfs": "disease-free survival",
    "dor": "duration of response",
    "efs": "event-free survival",
    "idfs": "invasive disease-free survival",
    "os": "overall survival",
    "pfs": "progression-free survival",
    "ttp": "time to progression",
}
#: Endpoint of a study -> its words; medians and ratios are named after their outcome.
ENDPOINTS: Mapping[str, str] = {
    "idfs_3y": "invasive disease-free survival at 3 years",
    "mpr_rate": "major pathological response",
    "orr": "objective response",
    "os_5y": "overall survival at 5 years",
    "pcr": "pathological complete response",
    "pcr_rate": "pathological complete response",
    "rfs_5y": "recurrence-free survival at 5 years",
    **_OUTCOMES,
    **{f"median_{key}": f"median {words}" for key, words in _OUTCOMES.items()},
    **{f"hr_{key}": words for key, words in _OUTCOMES.items()},
}
_MONTHS_OF = {"months": 1.0, "weeks": 12 / 52}


@dataclass(frozen=True, slots=True)
class Number:
    """One published number of a study.

    Args:
        about: whom or what is compared: an arm, or ``a against b``.
        text: the number as it was published.
    """

    study: Record
    endpoint: str
    about: str
    text: str
    level: str
    note: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Plot:
    """Numbers of one kind on one axis."""

    id: str
    title: str
    explanation: str
    scale: Scale
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A companion diagnostic of a regimen, and how its kind of method runs."""

    record: Record
    claims: tuple[Linked, ...]
    methods: tuple[Record, ...]


@blueprint.get("/evidence/<path:id>")
def evidence(id: str) -> Response:
    """Show the studies and companion diagnostics of a regimen."""
    kb = explorer().knowledge
    regimen = kb.catalogue.records("regimens").get(id)
    if regimen is None:
        raise NotFoundError(f"there is no regimen {id[:100]!r}")
    assertions = [kb.records["assertions"][name] for name in regimen["assertions"]]
    used: dict[str, list[Linked]] = {}
    for assertion in assertions:
        for item in assertion["evidence"]:
            used.setdefault(item["study"], []).append(_behind(assertion))
    studies = [kb.records["studies"][name] for name in sorted(used)]
    return page(
        "evidence.html",
        here="evidence",
        title=f"Evidence: {regimen['name']}",
        regimen=regimen,
        regimen_href=href_of(("regimens", id)),
        drawn=plots_of(studies),
        studies=[(study, used[study["id"]]) for study in studies],
        devices=tuple(_devices(kb.records, regimen, assertions)),
        external=EXTERNAL,
    )


def _behind(assertion: Record) -> Linked:
    """Return an assertion with what it is: whose label, or which support; and its effect."""
    about = f"{assertion['authority']} label" if assertion["authority"] else assertion["support"]
    if assertion["effect"] != "sensitivity":
        about = f"{assertion['effect']}, {about}"
    return Linked(
        assertion["id"], href_of(("assertions", assertion["id"])), about.replace("_", " ")
    )


def plots_of(studies: Iterable[Record]) -> tuple[Plot, ...]:
    """Return the numbers of studies in plots: rates, ratios, and times; none that is empty."""
    numbers = [(study, row) for study in studies for row in study["endpoints"]]
    numbers = [(study, row) for study, row in numbers if row["value"] is not None]
    plots = []
    for id_, title, explanation, belongs, scale_of in _PLOTS:
        chosen = [(study, row) for study, row in numbers if belongs(row)]
        if chosen:
            scale = scale_of([v * _unit(row) for _, row in chosen for v in _values(row)])
            shown = tuple(_number(study, row, scale) for study, row in chosen)
            plots.append(Plot(id_, title, explanation, scale, shown))
    return tuple(plots)


def _is_rate(row: Record) -> bool:
    return bool(row["unit"] == "percent")


def _is_ratio(row: Record) -> bool:
    return str(row["endpoint"]).startswith("hr_")


def _is_time(row: Record) -> bool:
    return row["unit"] in _MONTHS_OF


_PLOTS: tuple[
    tuple[str, str, str, Callable[[Record], bool], Callable[[list[float]], Scale]], ...
] = (
    (
        "rates",
        "Response and other rates",
        "Percent of the patients of an arm, with the 95% confidence interval where one was "
        "published.",
        _is_rate,
        lambda _: rate_scale(),
    ),
    (
        "ratios",
        "Hazard ratios",
        "Logarithmic axis, with a line at 1: no difference. Left of the line the arm that is named "
        "first had fewer events, right of it the other one had.",
        _is_ratio,
        ratio_scale,
    ),
    (
        "times",
        "Median times",
        "Months until half of the patients had the event.",
        _is_time,
        lambda values: amount_scale(values, "months"),
    ),
)


def _values(row: Record) -> Iterator[float]:
    return (row[key] for key in ("value", "ci_low", "ci_high") if row[key] is not None)


def _unit(row: Record) -> float:
    return _MONTHS_OF.get(row["unit"], 1.0)


def _number(study: Record, row: Record, scale: Scale) -> Number:
    low, high = row["ci_low"], row["ci_high"]
    unit = _unit(row)
    return Number(
        study=study,
        endpoint=ENDPOINTS.get(row["endpoint"], str(row["endpoint"]).replace("_", " ")),
        about=_about(study, row),
        text=_text(row),
        level=f"{row['ci_level'] or 95:g}% CI" if low is not None or high is not None else "",
        note="; ".join(
            filter(None, (row["population"], row["n"] and f"n = {row['n']}", row["note"]))
        ),
        interval=interval(
            scale,
            row["value"] * unit,
            None if low is None else low * unit,
            None if high is None else high * unit,
        ),
    )


def _about(study: Record, row: Record) -> str:
    """Return the arm of a number, or for a ratio the two arms that are compared.

    Of three arms and more a record says which two; where it does not, none is guessed.
    """
    if not _is_ratio(row):
        return str(row["arm"] or "")
    arms = study["arms"]
    first, other = row["arm"], row["comparator"]
    if first is None and other is None and len(arms) == 2:
        first, other = arms
    if first and other:
        return f"{first} against {other}"
    return str(first or "arms as the study lists them")


def _text(row: Record) -> str:
    unit = {"percent": "%", "months": " months", "weeks": " weeks"}.get(row["unit"], "")
    low, high = (None if row[key] is None else f"{row[key]:g}" for key in ("ci_low", "ci_high"))
    bounds = f" ({low or 'not given'} to {high or 'not given'})" if low or high else ""
    return f"{row['value']:g}{unit}{bounds}"


def _devices(
    records: Mapping[str, Mapping[str, Record]], regimen: Record, assertions: Iterable[Record]
) -> Iterator[Device]:
    names = {name for assertion in assertions for name in assertion["companion_diagnostics"]}
    types = records["tumor_types"]
    for name in sorted(names):
        record = records["diagnostics"][name]
        claims: dict[str, list[Record]] = {}
        for claim in record["claims"]:
            if claim["drug"] in regimen["drugs"]:
                claims.setdefault(claim["biomarker"], []).append(claim)
        family = technology_family(record["technology"])
        methods = (m for m in records["assay_methods"].values() if m["technology"] == family)
        items = (_claimed(types, name, claims[name]) for name in sorted(claims))
        yield Device(record, tuple(items), tuple(methods))


def _claimed(types: Mapping[str, Record], biomarker: str, claims: Iterable[Record]) -> Linked:
    """Return a class that a device selects by, and in which tumour types since when."""
    said = dict.fromkeys(
        f"in {', '.join(types[code]['name'] for code in claim['tumor_types'])}"
        + (f" since {claim['approved_on']}" if claim["approved_on"] else "")
        for claim in claims
    )
    return Linked(biomarker, href_of(("biomarker_classes", biomarker)), "; ".join(said))
