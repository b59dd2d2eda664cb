"""Whole reports over HTTP: every part has one fate, and a report of one case is answered."""

from __future__ import annotations

import gzip
import io
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.api.examples.reports import BODIES
from service.engine.reading import FATES
from tests.contract.openapi import complaints

Json = dict[str, Any]
FORMATS = {
    "text/plain": "text",
    "application/json": "case",
    "application/fhir+json": "fhir",
    "application/vnd.ga4gh.phenopacket+json": "phenopacket",
    "text/tab-separated-values": "tables",
    "text/vcf": "vcf",
    "application/hl7-v2": "hl7v2",
    "multipart/form-data": "tables",
}
REPORT = (
    "Institute of Pathology\n"
    "Diagnosis: lung adenocarcinoma\n"
    "Specimen: biopsy of the left lung\n"
    "EGFR p.L858R, VAF 23 %\n"
    "KRAS: not detected\n"
    "EGFR frobnicated\n"
)


def _send(client: FlaskClient, path: str, media: str, content: Any, **query: str) -> Any:
    data: Any = content if isinstance(content, str | bytes) else orjson.dumps(content)
    if media == "multipart/form-data":
        data = {name: (io.BytesIO(text.encode()), name) for name, text in content.items()}
    return client.post(path, data=data, content_type=media, query_string=query)


@pytest.mark.parametrize("media", BODIES)
def test_every_format_is_read_and_its_counts_add_up(
    client: FlaskClient, document: Json, media: str
) -> None:
    assert BODIES.keys() == FORMATS.keys()
    answer = _send(client, "/v1/read", media, BODIES[media]["example"])
    assert (answer.status_code, answer.json["format"]) == (200, FORMATS[media])
    assert complaints(document, {"$ref": "#/components/schemas/ReadAnswer"}, answer.json) == []
    assert answer.json["counts"]["finding"] >= 1
    _hold_conservation(answer.json)
    for case in answer.json["cases"]:
        body = {"tumor_type": "LUAD", **case["case"]}
        assert client.post("/v1/match", json=body).status_code == 200


def _hold_conservation(read: Json) -> None:
    counts = read["counts"]
    assert counts["items"] == len(read["items"]) == sum(counts[fate] for fate in FATES)
    for fate in FATES:
        assert counts[fate] == sum(item["fate"] == fate for item in read["items"])
    used = [index for item in read["items"] for index in item["findings"]]
    assert used == list(range(len(read["findings"])))
    for item in read["items"]:
        assert (item["reason"] is not None) == (item["fate"] == "set_apart")
        assert bool(item["findings"]) == (item["fate"] in ("finding", "not_covered"))


@pytest.mark.parametrize("media", [media for media in BODIES if media != "multipart/form-data"])
def test_a_report_without_a_media_type_is_looked_into_and_gzip_is_unpacked(
    client: FlaskClient, media: str
) -> None:
    example = BODIES[media]["example"]
    text = example.encode() if isinstance(example, str) else orjson.dumps(example)
    told = _send(client, "/v1/read", media, text)
    for sent in (text, gzip.compress(text)):
        assert _send(client, "/v1/read", "application/octet-stream", sent).json == told.json
        assert _send(client, "/v1/read", media, sent).json == told.json


PIECES = st.sampled_from([
    "EGFR L858R", "KRAS: not detected", "TP53 p.R175H", "lung adenocarcinoma", "melanoma", "",
    "EGFR frobnicated", "L858R", "see above", "HER2 IHC 2+", "negative", "ALK", "-", "Page 1 of 2",
    "V600E not found", "germline", "MSI-high", "\t", "| EGFR | L858R | 23 % |", "stage IV",
])  # fmt: skip
LINES = st.lists(st.lists(PIECES, max_size=3).map(", ".join) | st.text(max_size=30), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(LINES)
def test_whatever_a_text_holds_each_part_has_one_fate(
    client: FlaskClient, lines: list[str]
) -> None:
    answer = _send(client, "/v1/read", "text/plain", "\n".join(lines).encode("utf-8", "replace"))
    assert answer.status_code == 200
    _hold_conservation(answer.json)


BIOMARKERS = st.lists(
    st.one_of(
        PIECES,
        st.none(),
        st.integers(),
        st.fixed_dictionaries({"gene": PIECES}, optional={"alteration": PIECES, "result": PIECES}),
        st.dictionaries(PIECES, PIECES, max_size=2),
    ),
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(BIOMARKERS)
def test_whatever_a_case_holds_each_biomarker_has_a_fate(
    client: FlaskClient, biomarkers: list[Any]
) -> None:
    answer = _send(client, "/v1/read", "application/json", {"biomarkers": biomarkers})
    assert answer.status_code == 200
    _hold_conservation(answer.json)
    places = {item["place"].split("/")[2] for item in answer.json["items"]}
    assert places == {str(index) for index in range(len(biomarkers))}


def test_a_report_is_read_line_by_line_and_what_stands_beside_is_suggested(
    client: FlaskClient,
) -> None:
    read = _send(client, "/v1/read", "text/plain", REPORT).json
    fates = {item["place"]: item["fate"] for item in read["items"]}
    assert fates == {
        "line 1": "no_content",
        "line 2": "context",
        "line 3": "context",
        "line 4": "finding",
        "line 5": "finding",
        "line 6": "set_apart",
    }
    assert read["complete"] is False
    assert read["suggested"]["tumor_type"] == "lung adenocarcinoma"
    assert [a["place"] for a in read["set_apart"]] == ["line 6"]


def test_the_answer_to_a_report_is_that_of_its_case(client: FlaskClient) -> None:
    report = _send(client, "/v1/match/report", "text/plain", REPORT).json
    (case,) = report["cases"]
    alone = client.post("/v1/match", json=case["case"]).json
    answer = report["answer"]
    assert answer["case"]["tumor_type"]["resolved_by"] == "report"
    assert "tumor_type_from_report" in [w["code"] for w in answer["warnings"]]
    assert (answer["therapies"], answer["resistance"]) == (alone["therapies"], alone["resistance"])
    assert (answer["complete"], alone["complete"]) == (False, True)
    assert [group["gene"] for group in answer["set_apart"]] == ["EGFR"]


def test_the_tumour_type_of_the_query_decides(client: FlaskClient) -> None:
    report = _send(client, "/v1/match/report", "text/plain", REPORT, tumor_type="COAD").json
    tumor = report["answer"]["case"]["tumor_type"]
    assert (tumor["code"], tumor["resolved_by"]) == ("COAD", "code")
    codes = [w["code"] for w in report["answer"]["warnings"]]
    assert "tumor_type_from_report" not in codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EGFR L858R\n", "no_tumor_type"),
        ("Diagnosis: melanoma\nDiagnosis: lung adenocarcinoma\nEGFR L858R\n", "two_tumor_types"),
    ],
)
def test_a_report_of_no_or_two_tumour_types_is_not_answered(
    client: FlaskClient, text: str, code: str
) -> None:
    answer = _send(client, "/v1/match/report", "text/plain", text)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [("?tumor_type", code)]
    read = _send(client, "/v1/read", "text/plain", text).json
    assert read["suggested"]["tumor_type"] is None
    assert ("several_tumor_types" in [w["code"] for w in read["warnings"]]) == ("two" in code)


def test_a_file_of_several_cases_is_no_report(client: FlaskClient) -> None:
    maf = (
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
        "EGFR\tMissense_Mutation\tS1\tp.L858R\nKRAS\tMissense_Mutation\tS2\tp.G12C\n"
    )
    media = "text/tab-separated-values"
    assert [c["id"] for c in _send(client, "/v1/read", media, maf).json["cases"]] == ["S1", "S2"]
    answer = _send(client, "/v1/match/report", media, maf, tumor_type="LUAD")
    assert [e["code"] for e in answer.json["errors"]] == ["not_one_case"]


def test_refuse_can_be_asked_for(client: FlaskClient) -> None:
    for path in ("/v1/read", "/v1/match/report"):
        answer = _send(client, path, "text/plain", REPORT, unreadable="refuse")
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json["errors"]] == ["line 6"]


@pytest.mark.parametrize(
    ("media", "content", "status", "said"),
    [
        ("x-application/hl7-v2+er7", "PID|1", 422, ""),
        ("text/plain", "MSH|||", 422, ""),
        ("image/png", b"\x89PNG", 415, "image/png"),
        ("application/json", '{"biomarkers": [', 400, ""),
        ("application/json", '{"biomarkers": [], "biomarkers": []}', 400, "stands twice"),
        ("application/json", "[]", 422, ""),
        ("text/plain", b"\xff\xfe\x00", 422, ""),
        ("text/tab-separated-values", "Gene\tSample\n", 422, ""),
    ],
)
def test_what_is_no_report_is_refused_whole(
    client: FlaskClient, media: str, content: Any, status: int, said: str
) -> None:
    for path in ("/v1/read", "/v1/match/report"):
        answer = _send(client, path, media, content)
        assert answer.status_code == status, answer.json
        assert said in answer.json["detail"]


@pytest.mark.parametrize(
    ("patient", "pointer"), [("old", "/patient"), ({"age_years": "old"}, "/patient/age_years")]
)
@pytest.mark.parametrize("path", ["/v1/read", "/v1/match/report"])
def test_a_patient_that_cannot_be_read_is_refused_whatever_unreadable_says(
    client: FlaskClient, path: str, patient: object, pointer: str
) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "patient": patient}
    answer = client.post(f"{path}?unreadable=set_apart", json=case)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
