"""A biomarker in fields: what may be left out, how a result is said, and what an empty field is."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema, fields, validate

from service.api import next_tests
from service.api.cds.shapes import FeedbackSchema, HookRequestSchema
from service.api.shapes.faults import Coded
from service.api.shapes.reasoning import CompareRequestSchema, WhatIfRequestSchema
from service.api.shapes.requests import (
    BatchCaseSchema,
    BatchRequestSchema,
    NormalizeRequestSchema,
    VersionedQuerySchema,
)
from service.engine.reading import PLACEHOLDERS

Json = dict[str, Any]
REQUESTS = (
    BatchCaseSchema, BatchRequestSchema, CompareRequestSchema, FeedbackSchema, HookRequestSchema,
    NormalizeRequestSchema, next_tests.TestPlanRequestSchema,
    VersionedQuerySchema, WhatIfRequestSchema,
)  # fmt: skip


def _findings(client: FlaskClient, given: Any) -> list[tuple[str, str]]:
    answer = client.post("/v1/normalize", json={"biomarkers": [given]})
    assert answer.status_code == 200, answer.json
    return [(finding["name"], finding["result"]) for finding in answer.json["findings"]]


@pytest.mark.parametrize(
    "said", [{"gene": "EGFR", "alteration": "L858R"}, {"gene": "ALK", "alteration": "fusion"},
             {"gene": "KRAS"}, {"gene": "ER"}, {"gene": "ALK", "assay": "IHC"}, {"gene": "TP53"}],
)  # fmt: skip
def test_positive_and_negative_are_how_laboratories_say_detected_and_not(
    client: FlaskClient, said: Json
) -> None:
    for ours, theirs in (("detected", "positive"), ("not_detected", "negative")):
        wanted = _findings(client, {**said, "result": ours})
        assert wanted
        assert _findings(client, {**said, "result": theirs}) == wanted


@pytest.mark.parametrize("gene", [{}, {"gene": None}, {"gene": ""}, {"gene": "—"}])
@pytest.mark.parametrize("text", ["EGFR L858R", "EML4-ALK fusion", "HER2 IHC 3+", "TP53 R175H"])
def test_the_alteration_may_name_the_gene(client: FlaskClient, gene: Json, text: str) -> None:
    assert _findings(client, {**gene, "alteration": text}) == _findings(client, text)


@pytest.mark.parametrize("gene", ["KRAS", "EGFR", "ERBB2", "TP53"])
def test_an_empty_field_is_never_a_result(client: FlaskClient, gene: str) -> None:
    for empty in [*sorted(PLACEHOLDERS), "None", "N/A", " - "]:
        for given in ({"alteration": empty}, {"alteration": empty, "assay": empty}):
            found = _findings(client, {"gene": gene, **given})
            assert all(result == "indeterminate" for _, result in found), (empty, found)


@pytest.mark.parametrize("empty", ["", "-", "—", "None", "unknown", "maybe"])
def test_a_result_is_one_of_the_words_of_the_contract(client: FlaskClient, empty: str) -> None:
    body = {"biomarkers": [{"gene": "KRAS", "result": empty}]}
    answer = client.post("/v1/normalize", json=body)
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json["errors"]] == ["/biomarkers/0/result"]


@pytest.mark.parametrize(
    "given", [{"gene": "KRAS", "alteration": "wild type"}, {"alteration": "KRAS wild type"},
              {"gene": "KRAS wild type"}, {"gene": "ALK", "alteration": "fusion negative"},
              {"gene": "EGFR", "alteration": "L858R not detected"}],
)  # fmt: skip
def test_a_negative_is_said_once(client: FlaskClient, given: Json) -> None:
    for result in ({}, {"result": "not_detected"}, {"result": "negative"}):
        ((name, read),) = _findings(client, {**given, **result})
        assert read == "not_detected"
        assert "wild" not in name
        assert name.count("not detected") == 1


def _fields_within(field: Any) -> list[fields.Field[Any]]:
    if isinstance(field, Schema):
        return [found for one in field.fields.values() for found in _fields_within(one)]
    within = [getattr(field, name, None) for name in ("inner", "key_field", "value_field", "shape")]
    if isinstance(field, fields.Nested):
        within.append(field.schema)
    return [field, *(found for one in within if one is not None for found in _fields_within(one))]


@pytest.mark.parametrize("shape", REQUESTS, ids=lambda shape: shape.__name__)
def test_every_message_of_a_request_carries_its_code(shape: type[Schema]) -> None:
    found = _fields_within(shape())
    assert found
    for field in found:
        assert all(isinstance(said, Coded) for said in field.error_messages.values()), field.name
        for check in field.validators:
            assert not isinstance(check, validate.Validator) or _is_coded(check), field.name


def _is_coded(check: Any) -> bool:
    if isinstance(check, validate.OneOf):
        return isinstance(check._format_error("x"), Coded)
    names = ("error", "message_min", "message_max", "message_all")
    said = [getattr(check, name, None) for name in names]
    return all(isinstance(message, Coded) for message in said if message is not None)


def test_a_report_longer_than_is_read_is_refused_and_never_cut(client: FlaskClient) -> None:
    long = client.post("/v1/read", data="EGFR L858R\n" * 2_001, content_type="text/plain")
    assert (long.status_code, long.json["errors"][0]["code"]) == (422, "too_large")


def test_an_object_without_gene_is_read_in_a_report_too(client: FlaskClient) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": [{"alteration": "EGFR L858R"}]}
    answer = client.post("/v1/read", json=case).json
    assert [finding["name"] for finding in answer["findings"]] == ["EGFR L858R"]
