"""No request gives a 5xx or an answer outside the contract (schemathesis, hypothesis).

Schemathesis reads the served ``openapi.yaml`` and sends right and wrong requests to every
operation; the seed is fixed by the profile of hypothesis: every run sends the same ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
import schemathesis
import yaml
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.openapi import operations

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
ROOT = Path(__file__).parents[2]
NAMES = ["tumor_type", "biomarker", "as_of", "explain", "age_years", "limit", "cursor", "q", "gene"]
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["gene", "alteration", "tumor_type", "id", "as_of", "x"]), inner
        )
    ),
    max_leaves=6,
)


@schemathesis.serializer("application/x-ndjson", "text/tab-separated-values")
def lines_to_bytes(_: Any, value: Any) -> bytes:
    """Send text as it is: the lines are fuzzed, not their shape."""
    return (value if isinstance(value, str) else json.dumps(value)).encode()


@schemathesis.deserializer("application/x-ndjson", "text/html", "application/atom+xml")
def text_of(_: Any, response: Any) -> str:
    """Read an answer that is text, which the document describes as a string."""
    text: str = response.content.decode()
    return text


@pytest.fixture(scope="module")
def contract(app: Flask) -> Any:
    """Return the served document as schemathesis reads it."""
    return schemathesis.openapi.from_wsgi("/openapi.yaml", app)


def _operations() -> list[tuple[str, str]]:
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
    return [(operation.path, operation.method) for operation in operations(document)]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), _operations())
def test_every_operation_answers_within_the_contract(
    contract: Any, path: str, method: str, mode: GenerationMode
) -> None:
    operation = contract[path][method.upper()]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES)
    def fuzz(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    try:
        fuzz()
    except Unsatisfiable:  # nothing can be wrong with a request that has no parts
        assert mode is GenerationMode.NEGATIVE
        assert not operation.query
        assert not operation.body


#: Pieces from which a laboratory text, or something like it, is made.
WORDS = """
EGFR egfr HER2 ALK BRAF KRAS L858R p. ( ) : c. ex19del EML4-ALK fusion 2+ IHC ISH / V600E exon 20
ins not detected WT amplification T790M NP_005219.2 del _ * % - \u2192
"""
PIECES = st.one_of(st.sampled_from(WORDS.split()), st.text(max_size=6))
TEXTS = st.one_of(st.text(max_size=600), st.lists(PIECES, max_size=12).map(" ".join))


@given(tumor=st.one_of(TEXTS, st.just("LUAD")), biomarkers=st.lists(TEXTS, max_size=3))
def test_any_text_in_an_address_is_answered_or_refused(
    client: FlaskClient, tumor: str, biomarkers: list[str]
) -> None:
    query = [("tumor_type", tumor), *(("biomarker", text) for text in biomarkers)]
    response = client.get("/v1/match", query_string=query)
    assert response.status_code in (200, 422), response.get_data(as_text=True)
    assert orjson.loads(response.get_data())


@given(parameters=st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=6))
def test_any_value_of_any_parameter_is_answered_or_refused(
    client: FlaskClient, parameters: list[tuple[str, str]]
) -> None:
    for path in ("/v1/match", "/v1/assertions", "/v1/genes", "/v1/search"):
        response = client.get(path, query_string=parameters)
        assert response.status_code in (200, 422), response.get_data(as_text=True)


@given(path=st.text(max_size=40), name=st.sampled_from(["genes", "assertions", "search", "x", ""]))
def test_any_path_is_answered_or_refused(client: FlaskClient, path: str, name: str) -> None:
    response = client.get(f"/v1/{name}/{quote(path)}")
    assert response.status_code in (200, 308, 404, 405, 422)


@given(
    lines=st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.text(max_size=200).map(str.encode),
            st.builds(
                lambda tumor, texts: orjson.dumps({"tumor_type": tumor, "biomarkers": texts}),
                st.one_of(TEXTS, st.just("LUAD")),
                st.lists(TEXTS, max_size=3),
            ),
            JSON_VALUES.map(orjson.dumps),
        ),
        max_size=6,
    )
)
def test_every_line_has_one_result_whatever_it_holds(
    client: FlaskClient, lines: list[bytes]
) -> None:
    body = b"\n".join(lines)
    response = client.post("/v1/match/batch", data=body, content_type="application/x-ndjson")
    assert response.status_code == 200
    results = [orjson.loads(line) for line in response.get_data().splitlines()]
    assert len(results) == sum(1 for line in body.split(b"\n") if line.strip())
    assert {item["status"] for item in results} <= {200, 400, 422}


@given(value=JSON_VALUES)
def test_any_json_is_answered_or_refused_by_every_operation_that_takes_some(
    client: FlaskClient, document: dict[str, Any], value: Any
) -> None:
    for operation in operations(document):
        if "application/json" in operation.body:
            example = operation.body["application/json"]["example"]
            for body in (value, *({**example, key: value} for key in example)):
                response = client.open(
                    operation.example_path,
                    method=operation.method.upper(),
                    data=orjson.dumps(body),
                    content_type="application/json",
                )
                refused = (400, 422) if operation.path.startswith("/fhir/") else (422,)
                assert response.status_code in (200, *refused), (operation, body)
