"""No JSON makes the reader raise: the documents of the cases with anything in any place.

What must hold for every document is here too: subjects are never mixed, the order of entries does
not matter, and what is not final or not present never becomes a detected finding.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.fhir_in import FhirReading, SubjectReading, read_fhir
from service.adapters.fhir_in.resources import MAX_DEPTH, MAX_RESOURCES
from service.engine.reading import REASONS
from service.errors import InputError
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_in.runner import CASES, URL, Json
from tests.cases import TODAY, load_kb

DOCUMENTS = [case["given"] for case in CASES]
#: Words that mean something to the reader, so that chance finds its branches.
WORDS = sorted({text for d in DOCUMENTS for text in re.findall(r'"([^"]{1,60})"', json.dumps(d))})
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=8,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything in a document."""
    if path:
        yield path
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))
        else:
            yield (*path, key)


def replaced(document: Any, path: tuple[Any, ...], value: Any, how: str) -> Any:
    """Return a document with something else at a path, or without it, or with it twice."""
    changed = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    if how == "remove":
        del node[path[-1]]
    elif how == "wrap":
        node[path[-1]] = [node[path[-1]], value]
    else:
        node[path[-1]] = value
    return changed


@st.composite
def broken_documents(draw: st.DrawFn) -> Any:
    """Draw a document of a case with a few things in it replaced by anything."""
    document = draw(st.sampled_from(DOCUMENTS))
    for _ in range(draw(st.integers(1, 4))):
        known = list(places(document)) if isinstance(document, dict | list) else []
        if not known:
            break
        how = draw(st.sampled_from(["replace", "replace", "remove", "wrap"]))
        document = replaced(document, draw(st.sampled_from(known)), draw(VALUES), how)
    return document


def read(document: Any) -> FhirReading | None:
    """Read a document; ``None`` when it is refused as a whole."""
    try:
        return read_fhir(load_kb(), document, today=TODAY)
    except InputError:
        return None


def check(reading: FhirReading | None) -> None:
    """Check what holds for every reading: places, and a case that the contract takes."""
    for subject in reading.subjects if reading else ():
        biomarkers = subject.case["biomarkers"]
        found = [item for item in subject.items if item.fate == "finding"]
        assert [item.given for item in found] == biomarkers
        assert all(item.place in subject.sources for item in found)
        assert {item.reason for item in subject.items} <= {None, *REASONS}
        for biomarker in biomarkers:
            read_again = load_kb().reader.read_fields(
                gene=biomarker["gene"],
                alteration=biomarker.get("alteration"),
                assay=biomarker.get("assay"),
                result=biomarker.get("result"),
            )
            assert read_again.findings
        orjson.dumps([subject.extracted, [item.to_json() for item in subject.ignored]])


@settings(max_examples=400)
@given(document=broken_documents())
def test_a_broken_document_is_read_or_refused(document: Any) -> None:
    check(read(document))


@settings(max_examples=100)
@given(value=VALUES, kind=st.sampled_from(["Bundle", "Observation", "DiagnosticReport", "x"]))
def test_any_json_is_read_or_refused(value: Any, kind: str) -> None:
    check(read(value))
    if isinstance(value, dict):
        check(read({**value, "resourceType": kind}))
    check(read({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": value}]}))


@settings(max_examples=60)
@given(document=broken_documents())
def test_a_broken_document_over_http_is_never_a_fault_of_ours(
    client: FlaskClient, document: Any
) -> None:
    response = client.post(URL, data=orjson.dumps(document), content_type="application/fhir+json")
    assert response.status_code in (200, 422), response.get_data(as_text=True)


def nested(key: str, depth: int, *, is_list: bool) -> Any:
    node: Any = {}
    for _ in range(depth):
        node = {key: [node] if is_list else node}
    return node


@pytest.mark.parametrize(
    "key", ["contained", "parameter", "part", "extension", "component", "meta"]
)
def test_depth_is_refused_or_read_but_never_overflows(key: str) -> None:
    for kind in ("Observation", "Parameters", "Condition", "DiagnosticReport"):
        for is_list in (True, False):
            deep = nested(key, 900, is_list=is_list)
            check(read({"resourceType": kind, "status": "final", **deep}))


def test_bundles_in_bundles_are_refused_beyond_the_bound() -> None:
    inner: Json = {"resourceType": "Bundle", "type": "batch", "entry": []}
    for _ in range(MAX_DEPTH + 2):
        inner = {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": inner}]}
    with pytest.raises(InputError, match="deep"):
        read_fhir(load_kb(), inner)


def test_too_many_resources_are_refused() -> None:
    patients = [{"resource": {"resourceType": "Patient"}} for _ in range(MAX_RESOURCES + 1)]
    with pytest.raises(InputError, match="resources"):
        read_fhir(load_kb(), {"resourceType": "Bundle", "type": "batch", "entry": patients})


def test_a_report_that_holds_itself_ends() -> None:
    """References may run in circles."""
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "result": [{"reference": "#"}, {"reference": "DiagnosticReport/r"}],
    }
    assert read({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": report}]})


BUNDLES = [d for d in DOCUMENTS if d["resourceType"] == "Bundle" and d["type"] == "collection"]


def said(subject: SubjectReading) -> tuple[Any, ...]:
    """Return what a reading says, whatever the places."""
    names = sorted(name for entry in subject.extracted for name in entry["findings"])
    return (names, json.dumps(subject.case.get("tumor_type")), subject.case.get("patient"))


def renamed(document: Json, mark: str) -> Json:
    """Return a document with other ids, and so another patient."""
    text = re.sub(r'"id": "([^"]+)"', rf'"id": "\1{mark}"', json.dumps(document))
    text = re.sub(r'"reference": "(\w+/[^"]+)"', rf'"reference": "\1{mark}"', text)
    result: Json = json.loads(text)
    return result


def names_one_subject(document: Json) -> bool:
    """Tell whether every result names the one subject, by a reference that can be renamed."""
    text = json.dumps(document)
    reading = read(document)
    is_plain = "fullUrl" not in text and "identifier" not in text
    return is_plain and reading is not None and len(reading.subjects) == 1 and not reading.warnings


@settings(max_examples=60)
@given(data=st.data())
def test_two_documents_in_one_bundle_say_what_each_says_alone(data: st.DataObject) -> None:
    """Several patients are never mixed."""
    known = [document for document in BUNDLES if names_one_subject(document)]
    one = renamed(data.draw(st.sampled_from(known)), "-one")
    two = renamed(data.draw(st.sampled_from(known)), "-two")
    both = {**one, "entry": data.draw(st.permutations([*one["entry"], *two["entry"]]))}
    alone = {s.subject: said(s) for d in (one, two) for s in (read(d) or FhirReading(())).subjects}
    together = {s.subject: said(s) for s in (read(both) or FhirReading(())).subjects}
    assert together == alone


@settings(max_examples=60)
@given(data=st.data())
def test_the_order_of_the_entries_changes_nothing(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(BUNDLES))
    other = {**document, "entry": data.draw(st.permutations(document["entry"]))}
    first, second = (read(d) or FhirReading(()) for d in (document, other))
    assert sorted(map(repr, map(said, first.subjects))) == sorted(
        map(repr, map(said, second.subjects))
    )


def observations(document: Any) -> Iterator[Json]:
    if isinstance(document, dict):
        if document.get("resourceType") == "Observation":
            yield document
        for value in document.values():
            yield from observations(value)
    elif isinstance(document, list):
        for value in document:
            yield from observations(value)


@pytest.mark.parametrize(
    "status", ["entered-in-error", "cancelled", "preliminary", "registered", "unknown", "nonsense"]
)
def test_no_result_that_is_not_final_is_read(kb: KnowledgeBase, status: str) -> None:
    for given_document in DOCUMENTS:
        document = copy.deepcopy(given_document)
        for observation in observations(document):
            observation["status"] = status
        for subject in read_fhir(kb, document).subjects:
            assert subject.case["biomarkers"] == []


@pytest.mark.parametrize(("code", "results"), [
    ("LA9634-2", {"not_detected"}),
    ("LA18198-4", {"indeterminate"}),
    ("LA11884-6", {"indeterminate"}),
])  # fmt: skip
def test_no_variant_that_is_not_present_is_detected(
    kb: KnowledgeBase, code: str, results: set[str]
) -> None:
    """Absent, no call and indeterminate never become a finding that can match."""
    for given_document in DOCUMENTS:
        document = copy.deepcopy(given_document)
        for observation in observations(document):
            if "69548-6" in json.dumps(observation.get("code")):
                observation["valueCodeableConcept"] = {
                    "coding": [{"system": "http://loinc.org", "code": code}]
                }
            else:
                observation["status"] = "cancelled"
        for subject in read_fhir(kb, document).subjects:
            for biomarker in subject.case["biomarkers"]:
                assert biomarker["result"] in results


@pytest.mark.parametrize("answer", ["LA6683-2", "LA18194-3"])
def test_no_germline_variant_is_read(kb: KnowledgeBase, answer: str) -> None:
    for given_document in DOCUMENTS:
        document = copy.deepcopy(given_document)
        for observation in observations(document):
            value = {"coding": [{"system": "http://loinc.org", "code": answer}]}
            origin = {
                "code": {"coding": [{"system": "http://loinc.org", "code": "48002-0"}]},
                "valueCodeableConcept": value,
            }
            parts = [
                part
                for part in observation.get("component", [])
                if "48002-0" not in json.dumps(part)
            ]
            observation["component"] = [*parts, origin]
            if "69548-6" not in json.dumps(observation.get("code")):
                observation["status"] = "cancelled"
        for subject in read_fhir(kb, document).subjects:
            assert subject.case["biomarkers"] == []
