"""A FHIR document beside the plain case of the same findings, and memory over many documents.

The document is a Bundle of about 150 kB: a patient, a lung cancer, one variant that was found, and
a panel of others that were not, each with the components that laboratories send.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from flask.testing import FlaskClient

from bench import server
from bench.clock import microseconds
from service.adapters.fhir_in import read_fhir
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
LOINC = "http://loinc.org"
#: Size of the document, in bytes; posts over which memory is watched, and the first ones left out.
BYTES = 150_000
POSTS = 1_000
WARM_UP = 200
#: Genes of the panel that were looked at and are not changed; one more variant is found.
ABSENT = (("KRAS", "HGNC:6407"), ("BRAF", "HGNC:1097"), ("ALK", "HGNC:427"), ("NRAS", "HGNC:7989"))
_PATH = "/fhir/$match-therapies"
_HEADERS = {"Content-Type": "application/fhir+json"}


def print_fhir(kb: KnowledgeBase, client: FlaskClient) -> None:
    """Print what a document costs beside its findings, and what a thousand leave in memory."""
    document = bundle()
    body = orjson.dumps(document)
    case = read_fhir(kb, document).subjects[0].case
    ages = _ages()
    tasks = {
        "plain case": partial(_post_case, client, case, ages),
        "FHIR document": partial(_post_document, client, body, ages),
    }
    cost = microseconds(tasks)
    print(f"\nFHIR: a Bundle of {len(body) / 1000:.0f} kB, never asked before, in process")
    for name, taken in cost.items():
        print(f"{name:38}{taken:7.0f}{taken / cost['plain case']:8.1f} times the plain case")
    early, late = _memory(body)
    print(
        f"{POSTS} posts to gunicorn: private memory of its processes from {early:.1f} to "
        f"{late:.1f} MB ({late - early:+.1f} MB)"
    )


def bundle() -> Json:
    """Return the Bundle; filled up to its size with genes that the knowledge does not have."""
    entries = [
        {"resourceType": "Patient", "id": "p", "gender": "female"},
        {
            "resourceType": "Condition",
            "id": "c",
            "subject": {"reference": "Patient/p"},
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254637007"}]},
        },
        _variant("EGFR", "HGNC:3236", "LA9633-4", "NP_005219.2:p.(Leu858Arg)"),
        *(_variant(symbol, hgnc, "LA9634-2", None) for symbol, hgnc in ABSENT),
    ]
    size = len(orjson.dumps(entries))
    for number in count(1):
        if size >= BYTES:
            break
        entries.append(_variant(f"GENE{number}", f"HGNC:{90000 + number}", "LA9634-2", None))
        size += len(orjson.dumps(entries[-1])) + 1
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{n}", "resource": r} for n, r in enumerate(entries)],
    }


def _variant(symbol: str, hgnc: str, result: str, hgvs: str | None) -> Json:
    parts: list[Json] = [
        _part("48018-6", "http://www.genenames.org", hgnc, symbol),
        _part("48002-0", LOINC, "LA6684-0", "Somatic"),
        _part("62374-4", LOINC, "LA26806-2", "GRCh38"),
        {
            "code": {"coding": [{"system": LOINC, "code": "82121-5"}]},
            "valueQuantity": {"value": 812, "unit": "reads", "code": "1"},
        },
    ]
    if hgvs:
        parts.append(_part("48005-3", "http://varnomen.hgvs.org", hgvs, hgvs))
    return {
        "resourceType": "Observation",
        "id": f"variant-{symbol}",
        "status": "final",
        "category": [
            {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "laboratory",
            }]}
        ],
        "code": {"coding": [{"system": LOINC, "code": "69548-6", "display": "Genetic variant"}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-10-01",
        "valueCodeableConcept": {"coding": [{"system": LOINC, "code": result}]},
        "component": parts,
    }  # fmt: skip


def _part(code: str, system: str, value: str, display: str) -> Json:
    coding = {"system": system, "code": value, "display": display}
    return {
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "valueCodeableConcept": {"coding": [coding]},
    }


def _ages() -> Iterator[float]:
    return (30 + number / 1e6 for number in count(1))


def _post_case(client: FlaskClient, case: Json, ages: Iterator[float]) -> None:
    patient = {**case.get("patient", {}), "age_years": next(ages)}
    response = client.post("/v1/match", json={**case, "patient": patient})
    assert response.status_code == 200, response.get_data()[:500]


def _post_document(client: FlaskClient, body: bytes, ages: Iterator[float]) -> None:
    address = f"{_PATH}?age_years={next(ages):.6f}"
    response = client.post(address, data=body, headers=_HEADERS)
    assert response.status_code == 200, response.get_data()[:500]


def _memory(body: bytes) -> tuple[float, float]:
    """Return the private memory in MB of the server's processes after some and after all posts."""
    early = 0.0
    with server.serving() as (port, pid):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number, age in zip(range(WARM_UP + POSTS), _ages(), strict=False):
            if number == WARM_UP:
                early = _private_megabytes(pid)
            connection.request("POST", f"{_PATH}?age_years={age:.6f}", body, _HEADERS)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{_PATH} answered {response.status}")
        return early, _private_megabytes(pid)


def _private_megabytes(pid: int) -> float:
    """Return what a process and its children hold for themselves."""
    total = 0
    for folder in server.processes(pid):
        for line in Path(folder, "smaps_rollup").read_text().splitlines():
            if line.startswith("Private_"):
                total += int(line.split()[1])
    return total / 1000
