"""Cases of FHIR documents as data: read, answer over HTTP, compare part by part.

A case is one small document of our own; ``expect`` says what the answer holds of it.
``differences`` returns what is not so; the guard changes every expectation and demands that it is
noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.cases import read_cases

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "cases"
CASES = read_cases(FOLDER)
IDS = [case["id"] for case in CASES]
URL = "/fhir/$match-therapies"


def ask(client: FlaskClient, case: Json) -> Json:
    """Return the answer to the document of a case."""
    response = client.post(URL, json=case["given"], query_string=case.get("query", {}))
    assert response.status_code == 200, response.get_data(as_text=True)
    answer: Json = response.json
    return answer


def differences(expect: Json, got: Json) -> list[str]:
    """Return one line for each expectation that the answer does not meet.

    Raises:
        KeyError: an expectation that no check knows; it would otherwise never fail.
    """
    own = {key: value for key, value in expect.items() if key not in WHOLE}
    lines = [line for key in expect if key in WHOLE for line in WHOLE[key](expect[key], got)]
    if "subjects" in expect:
        return lines
    results = got["results"]
    if not results:
        return [*lines, "no subject was read"]
    if len({result["subject"] for result in results}) > 1:
        lines.append(f"several subjects: {[result['subject'] for result in results]}")
    return [*lines, *(line for key in own for line in CHECKS[key](own[key], results))]


def _names(result: Json) -> list[str]:
    names = (n for entry in result["extracted"] for n in entry["findings"])
    return sorted(set(names))


def _equal(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted != found:
        yield f"{what}: {found!r}, not {wanted!r}"


def _findings(wanted: list[str], results: list[Json]) -> Iterator[str]:
    for result in results:
        yield from _equal("findings", sorted(wanted), _names(result))
        if result["answer"] is not None:
            found = sorted({f["name"] for f in result["answer"]["case"]["findings"]})
            missing = [name for name in wanted if name not in found]
            if missing:
                yield f"not in the case that was matched: {missing}; there are {found}"


def _tumor_types(wanted: list[str], results: list[Json]) -> Iterator[str]:
    answers = [r["answer"] for r in results if r["answer"] is not None]
    found = [answer["case"]["tumor_type"]["code"] for answer in answers]
    yield from _equal("tumour types", wanted, found)


def _places(wanted: dict[str, str], results: list[Json]) -> Iterator[str]:
    places = {n: e["location"] for r in results for e in r["extracted"] for n in e["findings"]}
    for name, place in wanted.items():
        yield from _equal(f"place of {name}", place, places.get(name))


def _ignored(wanted: list[str], results: list[Json]) -> Iterator[str]:
    reasons = {item["reason"] for result in results for item in result["ignored"]}
    for reason in wanted:
        if reason not in reasons:
            yield f"nothing is ignored as {reason}; there are {sorted(reasons)}"


def _warnings(wanted: list[str], results: list[Json]) -> Iterator[str]:
    codes = {warning["code"] for result in results for warning in result["warnings"]}
    yield from _equal("warnings", sorted(wanted), sorted(codes))


def _rows(results: list[Json], section: str, *, on_label: bool) -> set[str]:
    answers = [result["answer"] for result in results if result["answer"] is not None]
    return {
        row["regimen"]["name"].lower()
        for answer in answers
        for row in answer[section]
        if not on_label or row["applicability"] == "on_label"
    }


def _on_label(wanted: list[str], results: list[Json]) -> Iterator[str]:
    rows = _rows(results, "therapies", on_label=True)
    for name in wanted:
        if name not in rows:
            yield f"{name} is not on label; there are {sorted(rows)}"


def _not_on_label(wanted: list[str], results: list[Json]) -> Iterator[str]:
    for name in sorted(set(wanted) & _rows(results, "therapies", on_label=True)):
        yield f"{name} is on label and must not be"


def _not_listed(wanted: list[str], results: list[Json]) -> Iterator[str]:
    for name in sorted(set(wanted) & _rows(results, "therapies", on_label=False)):
        yield f"{name} is listed and must not be"


def _resistance(wanted: list[str], results: list[Json]) -> Iterator[str]:
    rows = _rows(results, "resistance", on_label=False)
    for name in wanted:
        if name not in rows:
            yield f"no resistance to {name}; there is {sorted(rows)}"


def _frequencies(wanted: list[float], results: list[Json]) -> Iterator[str]:
    entries = [e for r in results for e in r["extracted"] if e["kind"] == "biomarker"]
    yield from _equal("allele frequencies", wanted, [e["allele_frequency"] for e in entries])


def _problem(wanted: str, results: list[Json]) -> Iterator[str]:
    codes = [e["code"] for r in results if r["problem"] for e in r["problem"]["errors"]]
    yield from _equal("problem", [wanted], codes)


def _subject(wanted: str | None, results: list[Json]) -> Iterator[str]:
    yield from _equal("subject", wanted, results[0]["subject"])


def _subjects(wanted: list[Json], got: Json) -> Iterator[str]:
    named = list(dict.fromkeys(result["subject"] for result in got["results"]))
    yield from _equal("subjects", [want["subject"] for want in wanted], named)
    for want in wanted:
        own = [r for r in got["results"] if r["subject"] == want["subject"]]
        for key in want:
            for line in CHECKS[key](want[key], own) if own else ():
                yield f"{want['subject']}: {line}"


def _document(section: str, key: str) -> Any:
    def check(wanted: list[str], got: Json) -> Iterator[str]:
        found = {item[key] for item in got[section]}
        for word in wanted:
            if word not in found:
                yield f"{section} of the document: no {word}; there are {sorted(found)}"

    return check


def _patient(wanted: Json, results: list[Json]) -> Iterator[str]:
    for result in results:
        yield from _equal("patient", wanted, result["patient"])


#: Expectations about one subject.
CHECKS: dict[str, Any] = {
    "findings": _findings,
    "tumor_types": _tumor_types,
    "places": _places,
    "ignored": _ignored,
    "warnings": _warnings,
    "on_label": _on_label,
    "not_on_label": _not_on_label,
    "not_listed": _not_listed,
    "resistance": _resistance,
    "allele_frequencies": _frequencies,
    "problem": _problem,
    "subject": _subject,
    "patient": _patient,
}
#: Expectations about the document.
WHOLE: dict[str, Any] = {
    "subjects": _subjects,
    "document_ignored": _document("ignored", "reason"),
    "document_warnings": _document("warnings", "code"),
}
