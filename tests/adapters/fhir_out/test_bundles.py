"""Everything that is written passes two libraries and the profiles of both releases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import fhirkit
import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError

from service.adapters.fhir_out import RELEASES, STU2, STU3, Release
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_out.answers import bundle, case_of, sample
from tests.adapters.fhir_out.profiles import bundle_faults

Json = dict[str, Any]
RELEASE = pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)


def faults_of_fhirkit(resource: Json) -> list[str]:
    return [f"{issue.path}: {issue.message}" for issue in fhirkit.validate(orjson.dumps(resource))]


def test_the_sample_is_broad(kb: KnowledgeBase) -> None:
    findings = {finding for case in sample(kb) for finding in case.case.findings}
    assert len(sample(kb)) > 400
    assert {"ALK", "BRAF", "EGFR", "ERBB2", "KRAS"} <= {finding.gene for finding in findings}
    kinds = {(finding.kind, finding.result) for finding in findings}
    assert {kind for kind, _ in kinds} == {
        "sequence_variant",
        "fusion",
        "copy_number",
        "expression",
        "in_situ_hybridization",
        "status",
    }
    assert {result for _, result in kinds} == {"detected", "not_detected", "indeterminate"}


@RELEASE
def test_every_answer_passes_the_profiles_and_fhirkit(kb: KnowledgeBase, release: Release) -> None:
    """Ids are one to a resource, every derivedFrom and result resolves inside the Bundle."""
    for case in sample(kb):
        written = bundle(kb, case, release)
        assert bundle_faults(written) == []
        assert faults_of_fhirkit(written) == []


@RELEASE
def test_every_kind_of_answer_passes_fhir_resources(kb: KnowledgeBase, release: Release) -> None:
    """One case in six: the library is slow, and it looks at structure only."""
    for case in sample(kb)[::6]:
        Bundle.model_validate(bundle(kb, case, release))


def resource_of(written: Json, profile: str) -> Json:
    """Return the first resource of a profile, to be changed in place."""
    return next(
        entry["resource"]
        for entry in written["entry"]
        if profile in str(entry["resource"].get("meta"))
    )


def _drop(profile: str, key: str) -> Callable[[Json], None]:
    return lambda written: resource_of(written, profile).pop(key)


def _put(profile: str, **values: Any) -> Callable[[Json], None]:
    return lambda written: resource_of(written, profile).update(values)


def _twice(profile: str, number: int) -> Callable[[Json], None]:
    def change(written: Json) -> None:
        components = resource_of(written, profile)["component"]
        components.append(copy.deepcopy(components[number]))

    return change


def _value_type(written: Json) -> None:
    component = resource_of(written, "implication")["component"][0]
    component["valueString"] = component.pop("valueCodeableConcept")["coding"][0]["display"]


def _repeat_an_entry(written: Json) -> None:
    written["entry"].append(copy.deepcopy(written["entry"][0]))


def _forget_a_variant(written: Json) -> None:
    written["entry"] = [e for e in written["entry"] if "variant|" not in str(e)]


#: What is done to a right Bundle -> what the checker must say about it.
MUTATIONS: dict[str, tuple[Callable[[Json], None], str]] = {
    "no category": (_drop("variant", "category"), "category"),
    "a category less": (_put("variant", category=[]), "category"),
    "no presence": (_put("variant", valueCodeableConcept={"text": "yes"}), "LL1971-2"),
    "another code": (_put("variant", code={"text": "Variant"}), "code: 69548-6"),
    "two values": (_put("variant", valueString="x"), "value:"),
    "no status": (_drop("implication", "status"), "status"),
    "unknown status": (_put("implication", status="done"), "status"),
    "no derivedFrom": (_drop("implication", "derivedFrom"), "derivedFrom: 0"),
    "a value": (_put("implication", valueString="x"), "value: 1"),
    "two conclusions": (_twice("implication", -1), "conclusion-string: 2"),
    "another type of value": (_value_type, "implication: ['valueString']"),
    "two names of a protein": (_twice("variant", 1), "protein-hgvs: 2"),
    "a report without its category": (_put("report|", category=[]), "category"),
    "a derivedFrom that leads nowhere": (
        _put("implication", derivedFrom=[{"reference": "urn:uuid:0"}]),
        "not in the Bundle",
    ),
    "an entry twice": (_repeat_an_entry, "stands 2 times"),
    "a variant left out": (_forget_a_variant, "not in the Bundle"),
    "a request": (lambda b: b["entry"][0].update(request={"method": "POST"}), "request"),
    "another type": (lambda b: b.update(type="transaction"), "Bundle.type"),
}


@RELEASE
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_the_checker_notices_what_is_wrong(
    kb: KnowledgeBase, release: Release, mutation: str
) -> None:
    change, wanted = MUTATIONS[mutation]
    written = copy.deepcopy(bundle(kb, case_of(kb, "LUAD", "EGFR L858R"), release))
    assert bundle_faults(written) == []
    change(written)
    assert any(wanted in fault for fault in bundle_faults(written))


def test_a_profile_that_is_not_in_the_table_is_not_passed_over(kb: KnowledgeBase) -> None:
    written = copy.deepcopy(bundle(kb, case_of(kb, "LUAD", "EGFR L858R"), STU3))
    resource_of(written, "variant")["meta"]["profile"][0] += ".1"
    with pytest.raises(KeyError):
        bundle_faults(written)


def test_a_marker_of_stu3_has_its_own_category(kb: KnowledgeBase) -> None:
    written = copy.deepcopy(bundle(kb, case_of(kb, "BREAST", "HER2 IHC 3+"), STU3))
    resource_of(written, "molecular-biomarker")["category"].pop()
    assert any("biomarker-category: 0" in fault for fault in bundle_faults(written))
    assert "molecular-biomarker" not in str(bundle(kb, case_of(kb, "BREAST", "HER2 IHC 3+"), STU2))


def test_the_libraries_notice_what_is_wrong(kb: KnowledgeBase) -> None:
    good = bundle(kb, case_of(kb, "LUAD", "EGFR L858R"), STU3)
    for key, value in (("status", None), ("componnent", []), ("subject", "Patient/1")):
        wrong = copy.deepcopy(good)
        resource_of(wrong, "implication")[key] = value
        assert faults_of_fhirkit(wrong)
        with pytest.raises(ValidationError):
            Bundle.model_validate(wrong)
