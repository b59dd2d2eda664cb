"""What is written, read back by ``fhir_in``, is the same case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.adapters.fhir_in import read_fhir
from service.adapters.fhir_out import RELEASES, Release
from service.adapters.v1.case import read_case
from service.engine.model import Case, Finding
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_out.answers import bundle, case_of, sample
from tests.cases import TODAY


def facts(case: Case) -> list[Finding]:
    """Return the findings without the way they were read.

    That a fusion was looked for by FISH is told (``method``) and not read back: it decides nothing.
    The bases of a change and the laboratory's own class are not written: the protein change is.
    """
    bare = (
        replace(finding, understood_by=(), coding=None, reported_as=None)
        for finding in case.findings
    )
    return list(dict.fromkeys(replace(f, assay=None) if f.kind == "fusion" else f for f in bare))


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_the_tumour_type_and_every_finding_come_back(kb: KnowledgeBase, release: Release) -> None:
    for case in sample(kb):
        reading = read_fhir(kb, bundle(kb, case, release))
        assert len(reading.subjects) == 1
        assert reading.subjects[0].subject == "Patient/1"
        back = read_case(kb, reading.subjects[0].case, today=TODAY)
        assert back.case.tumor_type == case.case.tumor_type
        assert facts(back.case) == facts(case.case)


def test_implications_are_read_as_no_finding(kb: KnowledgeBase) -> None:
    case = case_of(kb, "LUAD", "EGFR L858R")
    (subject,) = read_fhir(kb, bundle(kb, case, RELEASES["stu3"])).subjects
    assert len(subject.case["biomarkers"]) == 1
    assert "assertion_not_finding" in {item.reason for item in subject.ignored}
