"""The Python client that openapi-python-client writes from ``openapi.yaml`` asks the real server.

Every body and every answer is one of its typed models; nothing here is a dict of ours.
"""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.generate import CONTRACT, PACKAGE, ROOT, with_one_body, write_python

#: What the generator leaves out -> why we let it.
LEFT_OUT = {
    "POST /v1/match/batch within batch. Unsupported content type application/x-ndjson":
        "a stream is read and written line by line: docs/integrations/http.md",
    "POST /v1/match/batch within batch. Unsupported content type text/tab-separated-values":
        "a single table goes as the part `maf` of the form, which the client has",
    "POST /v1/match/batch within batch. Unsupported content type text/vcf":
        "a VCF goes as the part `vcf` of the form, which the client has",
    **{
        f"POST {path} within read. Unsupported content type {media}":
            "the generator writes JSON and forms: a text goes with any HTTP library"
        for path in ("/v1/read", "/v1/match/report")
        for media in ("text/plain", "text/tab-separated-values", "text/vcf", "application/hl7-v2")
    },
}  # fmt: skip
DAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Write the client, make it importable; returns what the generator left out."""
    folder = tmp_path_factory.mktemp("client") / "python"
    warnings = write_python(folder)
    assert (folder / PACKAGE / "py.typed").exists()
    sys.path.insert(0, str(folder))
    return warnings


@pytest.fixture(scope="module")
def client(generated: list[str], address: str) -> Iterator[Any]:
    """Return the generated client of the running service."""
    with importlib.import_module(PACKAGE).Client(base_url=address) as opened:
        yield opened


def _call(client: Any, operation: str, **arguments: Any) -> Any:
    return importlib.import_module(f"{PACKAGE}.api.{operation}").sync(client=client, **arguments)


@pytest.fixture(scope="module")
def models(generated: list[str]) -> Any:
    return importlib.import_module(f"{PACKAGE}.models")


@pytest.fixture(scope="module")
def lung(models: Any) -> Any:
    """Return a case: EGFR L858R in lung adenocarcinoma, first line, KRAS negative."""
    return models.MatchRequest(
        tumor_type="LUAD",
        biomarkers=[
            "EGFR L858R",
            models.Biomarker(gene="KRAS", result=models.BiomarkerResultType1.NOT_DETECTED),
        ],
        patient=models.Patient(
            disease_stage=models.PatientDiseaseStageType1.METASTATIC, line_of_therapy=1
        ),
        jurisdictions=[models.MatchRequestJurisdictionsType0Item.US],
        as_of=DAY,
    )


def test_the_generator_leaves_out_only_what_has_a_reason(generated: list[str]) -> None:
    assert sorted(generated) == sorted(LEFT_OUT)


def test_a_body_that_is_read_as_two_media_types_alike_is_generated_once() -> None:
    same, other = {"schema": {"type": "object"}}, {"schema": {"type": "string"}}
    content = {"application/json": same, "application/fhir+json": same, "text/csv": other}
    document = {"paths": {"/x": {"post": {"requestBody": {"content": content}}}}}
    kept = with_one_body(document)["paths"]["/x"]["post"]["requestBody"]["content"]
    assert list(kept) == ["application/json", "text/csv"]
    assert len(content) == 3


@pytest.mark.usefixtures("generated")
def test_every_operation_of_the_contract_has_a_module() -> None:
    document = yaml.safe_load(CONTRACT.read_text("utf-8"))
    for path, item in document["paths"].items():
        for operation in (part for method, part in item.items() if method != "parameters"):
            name = "".join(f"_{c.lower()}" if c.isupper() else c for c in operation["operationId"])
            room = operation["tags"][0].replace("-", "_")
            module = importlib.import_module(f"{PACKAGE}.api.{room}.{name}")
            assert callable(module.sync), path


def test_match(client: Any, models: Any, lung: Any) -> None:
    body = models.VersionedRequest.from_dict(lung.to_dict())
    answer = _call(client, "match.match", body=body)
    assert isinstance(answer, models.MatchAnswer)
    row = answer.therapies[0]
    assert (row.regimen.id, row.applicability, row.level.amp_asco_cap, row.needs) == (
        "amivantamab+lazertinib", models.RowApplicability.ON_LABEL, "I-A", [],
    )  # fmt: skip
    assert [finding.name for finding in answer.case.findings] == [
        "EGFR L858R",
        "KRAS mutation not detected",
    ]
    assert answer.knowledge_base.as_of == DAY
    assert row.conflict is None


def test_match_by_query(client: Any, models: Any) -> None:
    answer = _call(
        client, "match.match_by_query", tumor_type="LUAD", biomarker=["EGFR L858R"], as_of=DAY
    )
    assert answer.therapies[0].regimen.id == "amivantamab+lazertinib"
    assert "line_of_therapy" in answer.therapies[0].needs


def test_normalize(client: Any, models: Any) -> None:
    body = models.NormalizeRequest(biomarkers=["egfr p.leu858arg", "EGFR banana"])
    answer = _call(client, "normalize.normalize", body=body)
    assert [finding.hgvs_p_short for finding in answer.findings] == ["p.L858R"]
    assert [warning.code for warning in answer.warnings] == ["unknown_alteration"]


def test_compare(client: Any, models: Any, lung: Any) -> None:
    case = models.MatchRequest.from_dict(
        lung.to_dict() | {"biomarkers": ["EGFR exon 20 insertion"], "as_of": None}
    )
    body = models.CompareRequest(
        case=case, from_=models.Side(as_of=dt.date(2022, 1, 1)), to=models.Side(as_of=DAY)
    )
    answer = _call(client, "compare.compare", body=body)
    assert "mobocertinib" in [row.regimen.id for row in answer.differences.gone]


def test_what_if(client: Any, models: Any) -> None:
    case = models.MatchRequest(tumor_type="COAD", biomarkers=["KRAS wild type"], as_of=DAY)
    body = models.WhatIfRequest(case=case, changes=[models.Change(biomarker="NRAS wild type")])
    answer = _call(client, "what_if.what_if", body=body)
    assert "panitumumab" in [row.regimen.id for row in answer.differences.added]


def test_a_batch_of_cases_and_a_form_of_tables(client: Any, models: Any) -> None:
    cases = [
        models.BatchCase(id=1, tumor_type="LUAD", biomarkers=["EGFR L858R"]),
        models.BatchCase(id="two", tumor_type="LUAD", biomarkers=["EGFX L858R"]),
    ]
    answer = _call(client, "batch.match_batch", body=models.BatchRequest(cases=cases))
    assert [(item.id, item.status) for item in answer.results] == [(1, 200), ("two", 422)]
    files = Path(__file__).parents[1] / "adapters/files"
    form = models.MatchBatchFilesBody(
        maf=(files / "data_mutations.txt").read_text("utf-8"),
        clinical=(files / "data_clinical_sample.txt").read_text("utf-8"),
    )
    answer = _call(client, "batch.match_batch", body=form)
    assert [item.status for item in answer.results][:3] == [200, 200, 200]
    assert [item.answer.complete for item in answer.results][:3] == [True, True, False]


def test_the_catalogue_is_walked_page_by_page(client: Any, models: Any) -> None:
    found, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = _call(client, "catalogue.list_assertions", gene="EGFR", limit=100, **more)
        found += [item["id"] for item in page.items]
        cursor = page.next_
        if cursor is None:
            break
    assert len(found) == page.total > 100
    record = _call(client, "catalogue.get_assertion", id="A0002").record
    assert (record["id"], record["regimen"]) == ("A0002", ["osimertinib"])


def test_the_lines_of_the_page_run(
    generated: list[str], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs/integrations/http.md").read_text("utf-8")
    lines = page.split("```python\n")[1].split("```")[0]
    assert "http://127.0.0.1:8000" in lines
    exec(compile(lines.replace("http://127.0.0.1:8000", address), "http.md", "exec"), {})
    assert capsys.readouterr().out == "Amivantamab + lazertinib\n"


def test_an_error_is_a_typed_problem_with_every_fault(client: Any, models: Any) -> None:
    body = models.VersionedRequest(tumor_type="LAUD", biomarkers=["EGFX L858R"])
    answer = _call(client, "match.match", body=body)
    assert isinstance(answer, models.Problem)
    assert answer.status == 422
    assert [(fault.pointer, fault.code) for fault in answer.errors] == [
        ("/tumor_type", "unknown_tumor_type"), ("/biomarkers/0", "unknown_gene"),
    ]  # fmt: skip
