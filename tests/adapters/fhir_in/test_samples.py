"""Real example files of others, each with what it must and must not lead to.

None of them is part of the repository: ``THERAPY_MATCH_SAMPLES`` names a folder with the files and
their ``manifest.json``; without it nothing here is collected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from flask.testing import FlaskClient

from service.engine.reading import REASONS
from tests.adapters.fhir_in.runner import URL, Json
from tests.adapters.samples import SAMPLES


def _manifest() -> list[Json]:
    if SAMPLES is None:
        return []
    items: list[Json] = orjson.loads((SAMPLES / "manifest.json").read_bytes())
    return [
        item | {"content": (SAMPLES / item["file"]).read_bytes()}
        for item in items
        if item["file"].startswith("fhir/")
    ]


MANIFEST = _manifest()
#: Why a finding that a sample expects may be set apart instead of matched.
SET_APART = {*REASONS, "gene_not_covered"} - {"assertion_not_finding", "not_a_result"}


def entries(answer: Json) -> Iterator[Json]:
    for result in answer["results"]:
        yield from (e for e in result["extracted"] if e["kind"] == "biomarker")


def ignored(answer: Json) -> set[str]:
    return {item["reason"] for result in answer["results"] for item in result["ignored"]}


def names(answer: Json) -> list[str]:
    return [name for entry in entries(answer) for name in entry["findings"]]


def regimens(answer: Json) -> str:
    answers = (result["answer"] for result in answer["results"] if result["answer"])
    return " ".join(row["regimen"]["id"] for a in answers for row in a["therapies"])


def is_met(want: Json, answer: Json) -> bool:
    """Tell whether what a sample expects was read, or set apart with a reason."""
    if want["kind"] == "therapeutic-implication":
        return "assertion_not_finding" in ignored(answer)
    gene = want["gene"]
    known = [entry for entry in entries(answer) if entry["biomarker"]["gene"] == gene]
    if not known:
        return bool(ignored(answer) & SET_APART)
    told = " ".join(name for entry in known for name in entry["findings"])
    if want["status"] in ("absent", "negative"):
        return "not detected" in told or "negative" in told
    if not want.get("supported", True):  # written when nobody had curated the gene: named is enough
        return gene in told and "not detected" not in told
    exact = want["alteration"].removesuffix(" fusion").split(" (")[0]
    return want["alteration"] in ("*", "HER2 interpretation") or exact in told


#: What a sample must not lead to -> whether the answer leads to it.
MUST_NOT: dict[str, Callable[[Json], bool]] = {
    "call ERBB2 amplification": lambda a: "ERBB2 amplification" in names(a),
    'call HER2 3+ (only "Present")': lambda a: "HER2 IHC 3+" in names(a),
    "call HER2-positive from a number with no cut-off": lambda a: "HER2-positive" in names(a),
    "match ERBB4 as ERBB2": lambda a: any("ERBB2" in name or "HER2" in name for name in names(a)),
    "use AT9283/SNX-5422/TG02 as our own evidence": lambda a: "at9283" in regimens(a),
    "match NRAS as KRAS": lambda a: any(name.startswith("KRAS") for name in names(a)),
    "BRAF match from the pertinent negative": lambda a: "dabrafenib" in regimens(a),
    "MET exon-14 match": lambda a: "capmatinib" in regimens(a),
    "trastuzumab match": lambda a: "trastuzumab" in regimens(a),
    "use FamilyMemberHistory cancers as tumor type": lambda a: any(
        entry["resource_type"] == "FamilyMemberHistory"
        for result in a["results"]
        for entry in result["extracted"]
    ),
    "any match": lambda a: bool(regimens(a)),
    "EGFR mutation match (expression is not a mutation)": lambda a: "osimertinib" in regimens(a),
}


def pytest_generate_tests(metafunc: Any) -> None:
    """Ask about every sample; no samples, no tests."""
    if "sample" in metafunc.fixturenames:
        ids = [sample["file"] for sample in MANIFEST]
        metafunc.parametrize("sample", MANIFEST, ids=ids)


if MANIFEST:

    def test_a_sample_is_answered_and_says_what_it_is_expected_to(
        client: FlaskClient, sample: Json
    ) -> None:
        for query in ({}, {"tumor_type": "SOLID"}, {"tumor_type": "LUAD", "explain": "full"}):
            response = client.post(
                URL,
                data=sample["content"],
                content_type="application/fhir+json",
                query_string=query,
            )
            assert response.status_code == 200, response.get_data(as_text=True)
            answer = response.json
            assert [want for want in sample["expect"] if not is_met(want, answer)] == []
            broken = [rule for rule in sample.get("must_not", ()) if MUST_NOT[rule](answer)]
            assert broken == []
