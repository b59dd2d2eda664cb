"""Questions about an answer as data: each kind of question is asked of the real API and compared.

A case says what must be in the answer; ``mismatches`` returns what is not. Regimens are written as
their identifiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from flask.testing import FlaskClient

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "cases"


def read_cases() -> list[Json]:
    """Return every case of the folder with its kind, which is the name of its file."""
    cases: list[Json] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            cases.append({**case, "kind": path.stem})
    return cases


def mismatches(client: FlaskClient, case: Json) -> list[str]:
    """Ask what a case asks, and return one line for each expectation that is not met.

    Raises:
        KeyError: an expectation that nothing checks; it would otherwise never fail.
    """
    answer = _ASK[case["kind"]](client, case)
    return [
        line
        for name, wanted in case["expect"].items()
        for line in _CHECKS[case["kind"]][name](wanted, answer)
    ]


def _post(client: FlaskClient, path: str, body: Json) -> Json:
    response = client.post(path, json=body)
    answer: Json = response.get_json()
    assert response.status_code == 200, answer
    return answer


def _rows(answer: Json, section: str = "therapies") -> dict[str, Json]:
    return {row["regimen"]["id"]: row for row in answer[section]}


def _differences(name: str) -> Callable[[list[str], Json], Iterator[str]]:
    def check(wanted: list[str], answer: Json) -> Iterator[str]:
        found = {d["regimen"]["id"] for d in answer["differences"][name]}
        for regimen in wanted:
            if regimen not in found:
                yield f"{regimen} is not {name}; {sorted(found)} are"

    return check


def _only(wanted: list[str], answer: Json) -> Iterator[str]:
    parts = answer["differences"]
    found = {d["regimen"]["id"] for n in ("added", "gone", "changed") for d in parts[n]}
    if found != set(wanted):
        yield f"{sorted(found)} differ, not only {sorted(wanted)}"


def _untouched(wanted: list[str], answer: Json) -> Iterator[str]:
    parts = answer["differences"]
    found = {d["regimen"]["id"] for n in ("added", "gone", "changed") for d in parts[n]}
    for regimen in wanted:
        if regimen in found or regimen not in _rows(answer["after"]):
            yield f"{regimen} should stand as before"


def _changed(wanted: dict[str, Json], answer: Json) -> Iterator[str]:
    found = {
        d["regimen"]["id"]: d
        for d in answer["differences"]["changed"]
        if d["section"] == "therapies"
    }
    for regimen, want in wanted.items():
        if regimen not in found:
            yield f"{regimen} is not changed; {sorted(found)} are"
            continue
        for side in ("before", "after"):
            for key, value in want.get(side, {}).items():
                got = found[regimen][side][key]
                if (got is not None) != value if key == "conflict" else got != value:
                    yield f"{regimen} {key} is {got} {side}, not {value}"


def _events(wanted: dict[str, str], answer: Json) -> Iterator[str]:
    told = {
        d["regimen"]["id"]: [f"{e['date']} {e['type']}" for e in d["events"]]
        for name in ("added", "gone", "changed")
        for d in answer["differences"][name]
        if d["section"] == "therapies"
    }
    for regimen, event in wanted.items():
        if event not in told.get(regimen, []):
            yield f"{regimen} is not told with {event}, but with {told.get(regimen)}"


def _needs(answer: Json) -> dict[str, Json]:
    return {f"{test['gene']} {test['assay'].split(' ')[0]}": test for test in answer["tests"]}


def _asked(wanted: list[str], answer: Json) -> Iterator[str]:
    for name in wanted:
        if name not in _needs(answer):
            yield f"{name} is not asked for; {sorted(_needs(answer))} are"


def _not_asked(wanted: list[str], answer: Json) -> Iterator[str]:
    for name in wanted:
        if name in _needs(answer):
            yield f"{name} is asked for"


def _panel(wanted: list[str], answer: Json) -> Iterator[str]:
    tests = answer["panel"]["tests"]
    found = sorted(f"{t['method']} {t['gene']}" if t["gene"] else t["method"] for t in tests)
    if found != sorted(wanted):
        yield f"the panel is {found}, not {sorted(wanted)}"


def _would_decide(wanted: dict[str, list[str]], answer: Json) -> Iterator[str]:
    for name, regimens in wanted.items():
        decided = {d["regimen"]["id"] for d in _needs(answer)[name]["would_decide"]}
        for regimen in regimens:
            if regimen not in decided:
                yield f"{name} would not decide {regimen}, but {sorted(decided)}"


def _tells(wanted: list[Json], answer: Json) -> Iterator[str]:
    told = [
        (c["change"], d["regimen"]["id"], d["before"], d["after"])
        for c in answer["counterfactuals"]
        for d in c["differences"]
    ]
    for want in wanted:
        found = [t for t in told if t[0] == want["change"] and t[1] == want["regimen"]]
        if not found:
            yield f"{want} is not told; told are {[t[:2] for t in told]}"
            continue
        _, _, before, after = found[0]
        now = "gone" if after is None else after["applicability"]
        was = "absent" if before is None else before["applicability"]
        if (was, now) != (want["was"], want["is"]):
            yield f"{want['regimen']} goes from {was} to {now}"
        if want.get("conflict") and (after is None or after["conflict"] is None):
            yield f"{want['regimen']} is told without its conflict"


def _therapies(wanted: dict[str, Json], answer: Json) -> Iterator[str]:
    rows = _rows(answer)
    for regimen, want in wanted.items():
        if regimen not in rows:
            yield f"{regimen} is missing; there are {sorted(rows)}"
            continue
        for key, value in want.items():
            row = rows[regimen]
            got = row["level"][key] if key in row["level"] else row[key]
            if (got is not None) != value if key == "conflict" else got != value:
                yield f"{regimen} {key} is {got}, not {value}"


def _excluded(wanted: dict[str, str], answer: Json) -> Iterator[str]:
    found = {item["assertion"]: item["rule"] for item in answer["excluded"]}
    for assertion, rule in wanted.items():
        if found.get(assertion) != rule:
            yield f"{assertion} is excluded by {found.get(assertion)}, not by {rule}"


def _trace(wanted: dict[str, list[Json]], answer: Json) -> Iterator[str]:
    traces = {
        item["id"]: item["trace"]
        for section in ("therapies", "resistance")
        for row in answer[section]
        for item in row["assertions"]
    }
    for assertion, lines in wanted.items():
        for want in lines:
            if not any(want.items() <= line.items() for line in traces.get(assertion, ())):
                yield f"{assertion} has no line {want} in {traces.get(assertion)}"


def _why(wanted: dict[str, str], answer: Json) -> Iterator[str]:
    for regimen, words in wanted.items():
        said = _rows(answer)[regimen]["assertions"][0]["why"]
        if words not in said:
            yield f"{regimen} says {said!r}"


def _warnings(wanted: list[str], answer: Json) -> Iterator[str]:
    found = {warning["code"] for warning in answer["warnings"]}
    if not set(wanted) <= found:
        yield f"warnings are {sorted(found)}, not {wanted}"


def _absent(wanted: list[str], answer: Json) -> Iterator[str]:
    for regimen in wanted:
        if regimen in _rows(answer):
            yield f"{regimen} is among the therapies"


def _resists(wanted: list[str], answer: Json) -> Iterator[str]:
    found = _rows(answer, "resistance")
    for regimen in wanted:
        if regimen not in found:
            yield f"{regimen} is not among the resistance; there are {sorted(found)}"


def _match(client: FlaskClient, case: Json) -> Json:
    return _post(client, "/v1/match", {**case["given"], "explain": "full"})


_DIFFERENCE_CHECKS: dict[str, Any] = {
    "added": _differences("added"),
    "gone": _differences("gone"),
    "changed": _changed,
    "events": _events,
    "only": _only,
    "untouched": _untouched,
}
_MATCH_CHECKS: dict[str, Any] = {
    "therapies": _therapies,
    "absent": _absent,
    "resistance": _resists,
    "excluded": _excluded,
    "trace": _trace,
    "why": _why,
    "warnings": _warnings,
    "tells": _tells,
}
_ASK: dict[str, Callable[[FlaskClient, Json], Json]] = {
    "what-if": lambda client, case: _post(
        client, "/v1/what-if", {"case": case["given"], "changes": case["changes"]}
    ),
    "compare": lambda client, case: _post(
        client,
        "/v1/compare",
        {"case": case["given"], "from": {"as_of": case["from"]}, "to": {"as_of": case["to"]}},
    ),
    "test-plan": lambda client, case: _post(client, "/v1/test-plan", case["given"]),
    "context": _match,
    "counterfactuals": _match,
    "explanations": _match,
    "levels": _match,
    "together": _match,
}
_CHECKS: dict[str, dict[str, Any]] = {
    "what-if": _DIFFERENCE_CHECKS,
    "compare": _DIFFERENCE_CHECKS,
    "test-plan": {
        "asked": _asked,
        "not_asked": _not_asked,
        "panel": _panel,
        "would_decide": _would_decide,
    },
    **dict.fromkeys(
        ("context", "counterfactuals", "explanations", "levels", "together"), _MATCH_CHECKS
    ),
}
