"""Whatever a client sends, the answer is cards or an outcome, and never an error of ours."""

from __future__ import annotations

from typing import Any

import orjson
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.cds_hooks.messages import build_request, complaints
from tests.contract.cds import CHECK, SERVICE

Json = dict[str, Any]
STATUSES = {200, 400, 412}
VALID = [
    build_request(given_)
    for given_ in (
        {"hook": "patient-view", "tumors": ["LUAD"], "variants": ["EGFR p.Leu858Arg"],
         "markers": ["HER2 IHC 2+"]},
        {"hook": "order-sign", "tumors": ["COAD"], "variants": ["KRAS p.Gly12Asp"],
         "orders": ["cetuximab", {"contained": [{"resourceType": "Medication", "id": "m",
                                                 "code": {"text": "Tagrisso"}}],
                                  "medicationReference": {"reference": "#m"}}]},
        {"hook": "order-select", "tumors": ["MEL"], "variants": ["BRAF p.Val600Glu"],
         "orders": ["vemurafenib"]},
    )
]  # fmt: skip
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["resourceType", "reference", "code", "entry", "resource", "id", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a document."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*path, number))
    return found


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a document with the value at a path replaced."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def post(client: FlaskClient, service: str, body: Any) -> int:
    response = client.post(
        f"/cds-services/{service}", data=orjson.dumps(body), content_type="application/json"
    )
    content = orjson.loads(response.get_data())
    assert complaints("response" if response.status_code == 200 else "outcome", content) == []
    return response.status_code


@given(data=st.data())
def test_a_request_with_parts_replaced_is_answered_or_refused(
    client: FlaskClient, data: st.DataObject
) -> None:
    request: Any = data.draw(st.sampled_from(VALID))
    service = SERVICE if request["hook"] == "patient-view" else CHECK
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(request)))
        request = replaced(request, path, data.draw(JUNK))
    assert post(client, service, request) in STATUSES


@given(value=JUNK, service=st.sampled_from([SERVICE, CHECK]))
def test_any_json_is_answered_or_refused(client: FlaskClient, value: Any, service: str) -> None:
    assert post(client, service, value) in STATUSES


@given(value=JUNK)
def test_any_feedback_is_taken_or_refused(client: FlaskClient, value: Any) -> None:
    item = {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}
    for body in (value, {"feedback": value}, {"feedback": [{**item, "overrideReason": value}]}):
        response = client.post(
            f"/cds-services/{SERVICE}/feedback",
            data=orjson.dumps(body),
            content_type="application/json",
        )
        assert response.status_code in (200, 400)


@given(text=st.text(max_size=60))
def test_any_text_of_an_order_is_read_or_left(client: FlaskClient, text: str) -> None:
    request = build_request({"hook": "order-sign", "tumors": ["LUAD"], "orders": [text]})
    assert post(client, CHECK, request) == 200


def test_the_paths_and_replacements_of_this_test_do_what_they_say() -> None:
    document = {"a": [{"b": 1}]}
    assert places(document) == [(), ("a",), ("a", 0), ("a", 0, "b")]
    assert replaced(document, ("a", 0, "b"), 2) == {"a": [{"b": 2}]}
    assert document == {"a": [{"b": 1}]}
