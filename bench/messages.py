"""HL7 v2 messages of 200 OBX beside the same findings as JSON, at the same route."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count, cycle, islice

import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.clock import microseconds
from service.knowledge.store import KnowledgeBase

RESULTS = 200
_HEADER = (
    "MSH|^~\\&|LAB|HOSPITAL|EHR|CLINIC|20261001||ORU^R01^ORU_R01|1|P|2.5.1",
    "PID|1||4711||Doe^Jane|||F",
    "DG1|1||C34.90^Malignant neoplasm of lung^I10C",
    "OBR|1|A1|B1|PANEL^Solid tumor panel^L|||20260920",
)
_PATH = "/v1/match/report?tumor_type=LUAD&line_of_therapy="
_FOUND = ("EGFR", "HGNC:3236", "p.Leu858Arg", "c.2573T>G")


def print_messages(kb: KnowledgeBase, client: FlaskClient) -> None:
    """Print what messages cost beside the same findings as JSON."""
    names = list(islice(cycle(kb.reader.names.names()), RESULTS))
    rows = [{"gene": name, "result": "not_detected"} for name in names]
    known = ((name, kb.rulebook.genes.get(name)) for name in names)
    pairs = [(name, gene.hgnc) for name, gene in known if gene is not None and gene.hgnc]
    absent = list(islice(cycle(pairs), RESULTS // 5 - 1))
    coded = [{"gene": "EGFR", "alteration": "c.2573T>G p.Leu858Arg"}]
    coded += [{"gene": name, "result": "not_detected"} for name, _ in absent]
    print(f"\nHL7 v2: messages of {RESULTS} OBX, in process")
    for title, given, content in (
        ("rows in words", rows, _rows(names)),
        ("panels of LOINC", coded, _panels(absent)),
    ):
        tasks = {
            "as JSON": partial(_post, client, orjson.dumps({"biomarkers": given}), "json", count()),
            title: partial(_post, client, content, "hl7-v2", count()),
        }
        cost = microseconds(tasks)
        print(f"{title:38}{cost[title]:7.0f}{cost[title] / cost['as JSON']:8.1f} times as JSON")


def _rows(names: list[str]) -> bytes:
    lines = (f"OBX|1|ST|{n}^{n} Mutation Analysis^L||Not detected||||||F" for n in names)
    return "\r".join((*_HEADER, *lines)).encode()


def _panels(absent: list[tuple[str, str]]) -> bytes:
    gene, hgnc, protein, coding = _FOUND
    lines = [*_variant(0, gene, hgnc, "LA9633-4", protein, coding)]
    for number, (name, code) in enumerate(absent, 1):
        lines += _variant(number, name, code, "LA9634-2", "", "")
    return "\r".join((*_HEADER, *lines)).encode()


def _variant(
    number: int, gene: str, hgnc: str, answer: str, protein: str, coding: str
) -> Iterator[str]:
    said = (
        ("CWE", "48018-6^Gene studied^LN", f"{hgnc}^{gene}^HGNC"),
        ("CWE", "69548-6^Genetic variant assessment^LN", f"{answer}^^LN"),
        ("ST", "48005-3^Amino acid change^LN", protein),
        ("ST", "48004-6^DNA change^LN", coding),
        ("CWE", "48002-0^Genomic source class^LN", "LA6684-0^Somatic^LN"),
    )
    for kind, code, value in said:
        yield f"OBX|1|{kind}|{code}|{number}a|{value}||||||F"


def _post(client: FlaskClient, body: bytes, kind: str, numbers: Iterator[int]) -> TestResponse:
    """Post a body with another line of therapy each time, so that nothing is remembered."""
    path = f"{_PATH}{next(numbers) % 9 + 1}"
    answer = client.post(path, data=body, content_type=f"application/{kind}")
    if answer.status_code != 200:
        raise ValueError(answer.get_data(as_text=True)[:300])
    return answer
