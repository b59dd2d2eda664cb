"""Cases of misreading: how one is sent, what is looked at of its answer, and the comparer.

A case is data (``misreadings/*.yaml``): ``call`` is a key of ``CALLS``, each key of ``expect`` one
of ``CHECKS``; ``samples`` holds the expectations of each sample of a file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Json = dict[str, Any]


@dataclass(slots=True)
class View:
    """What is looked at of an answer, or of the answer to one sample."""

    status: int
    tumor_type: str = ""
    complete: bool = True
    findings: dict[str, str] = field(default_factory=dict)
    count: int = 0
    classes: set[str] = field(default_factory=set)
    rows: dict[str, str] = field(default_factory=dict)
    resistance: set[str] = field(default_factory=set)
    not_covered: set[str] = field(default_factory=set)
    set_apart: set[str] = field(default_factory=set)
    warnings: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    cards: list[str] = field(default_factory=list)
    items: dict[str, int] = field(default_factory=dict)
    samples: dict[str, View] = field(default_factory=dict)


def _post(path: str, media: str | None = None) -> Callable[[FlaskClient, Json], TestResponse]:
    def send(client: FlaskClient, case: Json) -> TestResponse:
        query, content = case.get("query", ""), case["input"]
        if media is not None:
            data = content if isinstance(content, str) else orjson.dumps(content)
            return client.post(path, query_string=query, data=data, content_type=media)
        return client.post(path, query_string=query, json=content)

    return send


def _send_files(client: FlaskClient, case: Json) -> TestResponse:
    if isinstance(case["input"], str):
        return _post("/v1/match/batch", "text/tab-separated-values")(client, case)
    files = {name: (io.BytesIO(text.encode()), name) for name, text in case["input"].items()}
    return client.post(
        "/v1/match/batch",
        query_string=case["query"],
        data=files,
        content_type="multipart/form-data",
    )


CALLS: dict[str, Callable[[FlaskClient, Json], TestResponse]] = {
    "get": lambda client, case: client.get("/v1/match", query_string=case["query"]),
    "match": _post("/v1/match"),
    "normalize": _post("/v1/normalize"),
    "batch": _send_files,
    "vcf": _post("/v1/match/report", "text/vcf"),
    "report": _post("/v1/match/report", "text/plain"),
    "json-report": _post("/v1/match/report", "application/json"),
    "phenopacket": _post("/v1/match/phenopacket"),
    "fhir": _post("/v1/match/report", "application/fhir+json"),
    "drug-check": _post("/cds-services/drug-biomarker-check"),
    "biomarker-check": _post("/cds-services/actionable-biomarkers"),
}


def ask(client: FlaskClient, case: Json) -> View:
    """Send a case to the application and return what is looked at of its answer."""
    response = CALLS[case["call"]](client, case)
    body: Json = response.get_json()
    view = _view(response.status_code, body.get("answer", body))
    view.items = dict(body.get("counts", {}))
    view.cards = [f"{card['summary']} {card['detail']}" for card in body.get("cards", ())]
    for sample in body.get("results", ()):
        inner = sample.get("answer") or sample.get("problem") or sample
        view.samples[sample["id"]] = _view(sample.get("status", 200), inner)
    return view


def _view(status: int, body: Json) -> View:
    case = body.get("case", {})
    findings = [f for f in case.get("findings", body.get("findings", ())) if isinstance(f, dict)]
    rows = body.get("therapies", ())
    return View(
        status=status,
        tumor_type=case.get("tumor_type", {}).get("code", ""),
        complete=body.get("complete", True),
        findings={f["name"]: f["result"] for f in findings},
        count=len(findings),
        classes={name for f in findings for name in f["classes"]},
        rows={r["regimen"]["id"]: f"{r['applicability']} {r['biomarker_criteria']}" for r in rows},
        resistance={row["regimen"]["id"] for row in body.get("resistance", ())},
        not_covered=set(case.get("not_covered", {}).get("genes", ())),
        set_apart={item["reason"] for item in body.get("set_apart", ())},
        warnings={warning["code"] for warning in body.get("warnings", ())},
        errors={error["code"] for error in body.get("errors", ())},
    )


def _with_state(view: View, state: str) -> set[str]:
    return {id_ for id_, said in view.rows.items() if state in said.split()}


def _is_met_in(view: View, state: str, wanted: Iterable[str]) -> bool:
    return set(wanted) <= _with_state(view, state) & _with_state(view, "met")


#: Key of ``expect`` -> whether the answer meets it.
CHECKS: dict[str, Callable[[View, Any], bool]] = {
    "status": lambda view, wanted: view.status == wanted,
    "tumor_type": lambda view, wanted: view.tumor_type == wanted,
    "complete": lambda view, wanted: view.complete is wanted,
    "findings": lambda view, wanted: view.findings == wanted,
    "not_findings": lambda view, wanted: not set(wanted) & view.findings.keys(),
    "count": lambda view, wanted: view.count == wanted,
    "classes": lambda view, wanted: set(wanted) <= view.classes,
    "not_classes": lambda view, wanted: not set(wanted) & view.classes,
    "on_label": lambda view, wanted: _is_met_in(view, "on_label", wanted),
    "if_subtype": lambda view, wanted: _is_met_in(view, "if_subtype", wanted),
    "undetermined": lambda view, wanted: set(wanted) <= _with_state(view, "undetermined"),
    "not_listed": lambda view, wanted: not set(wanted) & view.rows.keys(),
    "not_met": lambda view, wanted: not set(wanted) & _with_state(view, "met"),
    "resistance": lambda view, wanted: set(wanted) <= view.resistance,
    "not_resistance": lambda view, wanted: not set(wanted) & view.resistance,
    "not_covered": lambda view, wanted: view.not_covered == set(wanted),
    "set_apart": lambda view, wanted: view.set_apart == set(wanted),
    "warnings": lambda view, wanted: set(wanted) <= view.warnings,
    "errors": lambda view, wanted: view.errors == set(wanted),
    "cards": lambda view, wanted: all(any(w in card for card in view.cards) for w in wanted),
    "not_cards": lambda view, wanted: not any(w in card for card in view.cards for w in wanted),
    "items": lambda view, wanted: wanted.items() <= view.items.items(),
}


def differences(expect: Json, view: View) -> list[str]:
    """Return one line for each expectation that the answer does not meet.

    Raises:
        KeyError: an expectation that no check knows; it would otherwise never fail.
    """
    wanted = {"status": 200, **expect}
    samples = wanted.pop("samples", None)
    lines = [
        f"{key}: {value!r} is asked for: {view}"
        for key, value in wanted.items()
        if not CHECKS[key](view, value)
    ]
    if samples is not None:
        if samples.keys() != view.samples.keys():
            lines.append(f"samples: {sorted(samples)} are asked for: {sorted(view.samples)}")
        for id_ in samples.keys() & view.samples.keys():
            lines += [f"{id_}: {line}" for line in differences(samples[id_], view.samples[id_])]
    return lines
