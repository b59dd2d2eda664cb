"""The formats of others over HTTP: tables to the batch, phenopackets in, statements out."""

from __future__ import annotations

import copy
import gzip
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from ga4gh.va_spec.base.core import Statement

from service.api.examples.exchange import PHENOPACKET, TABLES, VCF
from service.api.http.uploads import MAX_SAMPLES
from tests.adapters.small_files import FOLDER, NAMES
from tests.contract.openapi import complaints

Json = dict[str, Any]
BATCH = "/v1/match/batch"
TABLE = "text/tab-separated-values"
#: A few kilobytes that unpack to more than a batch may have.
BOMB = gzip.compress(bytes(32_000_000))


def send_form(client: FlaskClient, files: dict[str, bytes], query: str = "") -> Any:
    data = {name: (io.BytesIO(content), name) for name, content in files.items()}
    return client.post(BATCH + query, data=data, content_type="multipart/form-data")


def send_table(client: FlaskClient, text: str | bytes, query: str = "") -> Any:
    return client.post(BATCH + query, data=text, content_type=TABLE)


def study() -> dict[str, bytes]:
    return {name: (FOLDER / file).read_bytes() for name, file in NAMES.items()}


def names(item: Json) -> list[str]:
    return sorted(finding["name"] for finding in item["answer"]["case"]["findings"])


def test_a_study_gives_one_result_a_sample(client: FlaskClient, document: Json) -> None:
    answer = send_form(client, study())
    assert answer.status_code == 200
    results = {item["id"]: item for item in answer.json["results"]}
    assert {id_: item["status"] for id_, item in results.items()} == {
        "S1": 200,
        "S2": 200,
        "S3": 200,
        "S4": 200,
    }
    assert names(results["S1"]) == ["EGFR L858R", "EGFR T790M"]
    assert results["S2"]["answer"]["case"]["tumor_type"]["code"] == "COAD"
    assert names(results["S4"]) == ["EGFR deep deletion", "ERBB2 amplification"]
    third = results["S3"]["answer"]
    assert (names(results["S3"]), third["complete"]) == (["EML4::ALK fusion"], False)
    assert third["set_apart"] == [
        {"reason": "impossible_reference", "gene": "KRAS", "count": 1},
        {"reason": "within_one_gene", "gene": "EGFR", "count": 1},
    ]
    assert results["S1"]["answer"]["case"]["not_covered"] == {
        "count": 2,
        "genes": ["CCNE1", "TP53"],
    }
    assert [one["reason"] for one in answer.json["set_apart"]] == [
        "germline", "impossible_reference", "low_level_gain", "silent", "within_one_gene",
    ]  # fmt: skip
    assert [(one["file"], one["items"]) for one in answer.json["files"]] == [
        ("clinical", 4), ("maf", 7), ("cna", 6), ("sv", 3),
    ]  # fmt: skip
    schema = {"$ref": "#/components/schemas/BatchAnswer"}
    assert complaints(document, schema, answer.json) == []


def test_a_sample_is_answered_as_its_case_is(client: FlaskClient) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "jurisdictions": ["US"]}
    alone = client.post("/v1/match", json=case).json
    answer = send_table(client, TABLES["maf"], "?tumor_type=LUAD&jurisdiction=US")
    assert answer.json["results"][0]["answer"] == alone


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_vcf_is_answered_as_its_case_is(client: FlaskClient, pack: Any) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "explain": "none"}
    alone = client.post("/v1/match", json=case).json
    for media in ("text/vcf", "application/vcf"):
        path = BATCH + "?tumor_type=LUAD&explain=none"
        answer = client.post(path, data=pack(VCF.encode()), content_type=media)
        (item,) = answer.json["results"]
        assert (item["id"], item["answer"]) == ("TUMOR", alone)


def test_with_full_each_thing_that_was_set_apart_has_its_place(client: FlaskClient) -> None:
    table = TABLES["maf"].replace("p.L858R", "p.A858R")
    answer = send_table(client, table, "?tumor_type=LUAD&explain=full").json
    wanted = {
        "reason": "impossible_reference",
        "gene": "EGFR",
        "place": "maf:2:HGVSp_Short",
        "text": "EGFR p.A858R",
    }
    assert answer["set_apart"] == [wanted]
    assert answer["results"][0]["answer"]["set_apart"] == [wanted]


def test_a_sample_without_a_tumor_type_is_refused_alone(client: FlaskClient) -> None:
    (item,) = send_table(client, TABLES["maf"]).json["results"]
    assert item["status"] == 422
    assert item["problem"]["errors"][0]["pointer"] == "/tumor_type"


def test_an_unknown_tumor_type_is_placed_in_the_clinical_file(client: FlaskClient) -> None:
    clinical = b"SAMPLE_ID\tONCOTREE_CODE\nS1\tLAUD\n"
    answer = send_form(client, {"maf": TABLES["maf"].encode(), "clinical": clinical})
    fault = answer.json["results"][0]["problem"]["errors"][0]
    assert (fault["pointer"], fault["code"]) == (
        "clinical:2:ONCOTREE_CODE",
        "unknown_tumor_type",
    )


@pytest.mark.parametrize(
    ("files", "pointer", "code"),
    [
        ({}, "maf", "required"),
        ({"mfa": b""}, "mfa", "unknown_field"),
        ({"maf": b"\xff\xfe"}, "maf", "not_utf8"),
        ({"cna": b""}, "cna:1:Hugo_Symbol", "missing_column"),
        ({"maf": b"\x1f\x8bbroken"}, "maf", "unreadable_file"),
        ({"maf": BOMB}, "maf", "too_large"),
        ({"vcf": VCF.encode(), "cna": b""}, "vcf", "invalid_value"),
    ],
)
def test_a_file_that_is_not_understood_is_refused(
    client: FlaskClient, files: dict[str, bytes], pointer: str, code: str
) -> None:
    answer = send_form(client, files)
    assert answer.status_code == 422
    assert [(f["pointer"], f["code"]) for f in answer.json["errors"]] == [(pointer, code)]


def test_the_number_of_samples_is_bounded(client: FlaskClient) -> None:
    header, row, _ = TABLES["maf"].split("\n")
    rows = [row.replace("S1", f"S{number}") for number in range(MAX_SAMPLES + 1)]
    answer = send_table(client, "\n".join([header, *rows]), "?tumor_type=LUAD")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "out_of_range"


def test_what_the_query_says_holds_for_every_case_that_does_not_say_it(
    client: FlaskClient,
) -> None:
    cases = [{"biomarkers": ["EGFR L858R"]}, {"tumor_type": "MEL", "biomarkers": ["BRAF V600E"]}]
    answer = client.post(BATCH + "?tumor_type=LUAD&as_of=2020-01-01", json={"cases": cases})
    shown = [item["answer"] for item in answer.json["results"]]
    assert [a["case"]["tumor_type"]["code"] for a in shown] == ["LUAD", "MEL"]
    assert {a["knowledge_base"]["as_of"] for a in shown} == {"2020-01-01"}


def test_a_wrong_word_in_the_query_is_refused_once(client: FlaskClient) -> None:
    answer = client.post(BATCH + "?as_of=soon", json={"cases": []})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["?as_of"]


def changed(**changes: Any) -> Json:
    """Return the example with other parts of its only variant."""
    packet = copy.deepcopy(PHENOPACKET)
    diagnosis = packet["interpretations"][0]["diagnosis"]
    found = diagnosis["genomicInterpretations"][0]["variantInterpretation"]
    found["variationDescriptor"] |= changes
    return packet


def test_a_phenopacket_is_answered_as_its_case_is(client: FlaskClient) -> None:
    case = {
        "tumor_type": {"system": "ncit", "code": "C3512"},
        "biomarkers": ["EGFR L858R"],
        "patient": {"age_years": 64, "sex": "female"},
    }
    packet = client.post("/v1/match/phenopacket", json=PHENOPACKET)
    assert packet.status_code == 200
    assert packet.json == client.post("/v1/match", json=case).json


def test_the_query_names_the_tumor_type_of_a_phenopacket_and_adds_to_it(
    client: FlaskClient,
) -> None:
    path = "/v1/match/phenopacket?tumor_type=MEL&line_of_therapy=2&explain=full"
    answer = client.post(path, json=PHENOPACKET).json
    assert answer["case"]["tumor_type"]["code"] == "MEL"


def test_what_of_a_phenopacket_was_not_used_is_a_warning(client: FlaskClient) -> None:
    packet = changed(geneContext={"symbol": "TP53"})
    answer = client.post("/v1/match/phenopacket", json=packet).json
    assert [warning["code"] for warning in answer["warnings"]] == ["gene_not_covered"]
    assert answer["case"]["not_covered"] == {"count": 1, "genes": ["TP53"]}
    assert answer["complete"] is True
    packet = {**changed(), "medicalActions": [{"treatment": {"agent": {"label": "osimertinib"}}}]}
    warnings = client.post("/v1/match/phenopacket", json=packet).json["warnings"]
    assert [(said["code"], said["pointer"]) for said in warnings] == [
        ("not_used", "/medicalActions/0")
    ]


def test_every_fault_of_a_phenopacket_has_its_pointer(client: FlaskClient) -> None:
    packet = changed(expressions=[{"syntax": "hgvs.p", "value": "p.Ala858Arg"}])
    packet["interpretations"][0]["diagnosis"]["disease"]["id"] = "NCIT:C99999999"
    answer = client.post("/v1/match/phenopacket?as_of=soon", json=packet)
    assert answer.status_code == 422
    at = "/interpretations/0/diagnosis"
    variant = f"{at}/genomicInterpretations/0/variantInterpretation/variationDescriptor"
    assert {(f["pointer"], f["code"]) for f in answer.json["errors"]} == {
        ("?as_of", "invalid_type"),
        (f"{at}/disease", "unknown_tumor_type"),
    }
    answer = client.post("/v1/match/phenopacket?unreadable=refuse&tumor_type=LUAD", json=packet)
    assert [(f["pointer"], f["code"]) for f in answer.json["errors"]] == [
        (f"{variant}/expressions/0/value", "impossible_reference")
    ]
    answer = client.post("/v1/match/phenopacket?tumor_type=LUAD", json=packet).json
    assert (answer["complete"], answer["set_apart"]) == (
        False, [{"reason": "impossible_reference", "gene": "EGFR", "count": 1}]
    )  # fmt: skip


BROKEN = "/interpretations/0/diagnosis/genomicInterpretations/1"


def test_a_broken_interpretation_is_set_apart_or_refused_with_the_others(
    client: FlaskClient,
) -> None:
    path = "/v1/match/phenopacket"
    packet = changed(expressions=[{"syntax": "hgvs.p", "value": "p.Ala858Arg"}])
    packet["interpretations"][0]["diagnosis"]["genomicInterpretations"].append("EGFR L858R")
    answer = client.post(path, json=packet)
    assert (answer.status_code, answer.json["complete"]) == (200, False)
    assert answer.json["case"]["findings"] == []
    reasons = ["impossible_reference", "invalid_value"]
    assert [group["reason"] for group in answer.json["set_apart"]] == reasons
    for query in ("?unreadable=refuse", "?unreadable=refuse&as_of=soon"):
        refused = client.post(path + query, json=packet)
        codes = {fault["code"] for fault in refused.json["errors"]}
        assert refused.status_code == 422
        assert {"invalid_type", "impossible_reference"} <= codes
        assert BROKEN in {fault["pointer"] for fault in refused.json["errors"]}


@pytest.mark.parametrize("key", ["interpretations", "diagnosis", "disease"])
def test_a_tumor_type_or_a_container_is_never_set_apart(client: FlaskClient, key: str) -> None:
    packet = changed()
    first = packet["interpretations"][0]
    owner = {"interpretations": packet, "diagnosis": first, "disease": first["diagnosis"]}[key]
    owner[key] = "x"
    packet.pop("diseases", None)
    answer = client.post("/v1/match/phenopacket", json=packet)
    assert (answer.status_code, bool(answer.json["errors"])) == (422, True)


def test_the_statements_are_those_of_the_answer(client: FlaskClient) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R", "EGFR T790M"]}
    rows = client.post("/v1/match", json=case).json
    wanted = [
        assertion["id"]
        for row in (*rows["therapies"], *rows["resistance"])
        for assertion in row["assertions"]
    ]
    answer = client.post("/v1/match/va-spec", json=case).json
    given = [statement["extensions"][0]["value"] for statement in answer["statements"]]
    assert (given, answer["left_out"]) == (wanted, [])
    for statement in answer["statements"]:
        Statement.model_validate(statement)


def test_a_case_that_is_not_understood_gives_no_statements(client: FlaskClient) -> None:
    answer = client.post("/v1/match/va-spec", json={"tumor_type": "LAUD", "biomarkers": []})
    assert answer.status_code == 422
