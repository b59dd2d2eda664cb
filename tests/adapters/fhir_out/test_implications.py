"""An implication says what its match says: effect, drugs, tumour types, level, sources, doubts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from service.adapters.fhir_out import STU2, STU3, Answered, Remarks, to_bundle
from service.adapters.fhir_out.implications import is_presumed
from service.adapters.v1.notice import Notice
from service.engine.match import match
from service.engine.report import Match, Report, Row
from service.engine.vocabulary import EscatTier
from service.errors import Fault
from service.intended_use import INTENDED_USE
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_out.answers import bundle, case_of, sample

Json = dict[str, Any]


def implications(written: Json) -> list[Json]:
    return [
        entry["resource"]
        for entry in written["entry"]
        if "therapeutic-implication|" in str(entry["resource"].get("meta"))
    ]


def of_regimen(kb: KnowledgeBase, regimen: str, tumor_type: str, *biomarkers: str) -> list[Json]:
    written = implications(bundle(kb, case_of(kb, tumor_type, *biomarkers), STU3))
    found = [item for item in written if item["identifier"][1]["value"] == regimen]
    assert found, {item["identifier"][1]["value"] for item in written}
    return found


def values(resource: Json, code: str) -> list[Any]:
    return [
        item.get("valueCodeableConcept", item.get("valueString"))
        for item in resource["component"]
        if item["code"]["coding"][0]["code"] == code
    ]


def effect(resource: Json) -> str:
    (value,) = values(resource, "therapeutic-implication")
    word: str = value["coding"][0]["display"]
    return word


def conclusion(resource: Json) -> str:
    (words,) = values(resource, "conclusion-string")
    text: str = words
    return text


def matches(report: Report) -> Iterator[tuple[Row, Match]]:
    for row in (*report.therapies, *report.resistance):
        for found in row.matches:
            yield row, found


def test_every_match_is_one_implication_in_the_order_of_the_answer(kb: KnowledgeBase) -> None:
    for case in sample(kb)[::20]:
        report = match(kb.rulebook, case.case)
        wanted = [found.entry.assertion.id for _, found in matches(report)]
        written = implications(bundle(kb, case, STU3))
        assert [item["identifier"][0]["value"] for item in written] == wanted


def test_it_derives_from_the_findings_that_opened_it(kb: KnowledgeBase) -> None:
    case = case_of(kb, "COADREAD", "BRAF V600E", "KRAS not detected", "NRAS not detected")
    written = bundle(kb, case, STU3)
    names = {
        entry["fullUrl"]: entry["resource"].get("valueCodeableConcept", {}).get("text")
        for entry in written["entry"]
    }
    by_id = {item["identifier"][0]["value"]: item for item in implications(written)}
    for _, found in matches(match(kb.rulebook, case.case)):
        item = by_id[found.entry.assertion.id]
        wanted = [case.case.findings[i].name for i in found.findings]
        got = [names[link["reference"]] for link in item["derivedFrom"]]
        assert got == (wanted or ["Colorectal Adenocarcinoma"])


def test_an_established_effect_is_plain_and_any_other_is_presumed(kb: KnowledgeBase) -> None:
    plain = {"Responsive", "Resistant"}
    for case in sample(kb)[::5]:
        report = match(kb.rulebook, case.case)
        written = implications(bundle(kb, case, STU3))
        for (row, found), item in zip(matches(report), written, strict=True):
            if found.applicability in ("investigational", "other_tumor_type"):
                assert effect(item).startswith("Presumed")
            if found.biomarker_criteria == "undetermined" or "tumor_type" in found.needs:
                assert effect(item).startswith("Presumed")
            if row.conflict and found.entry.assertion.effect == "sensitivity":
                assert effect(item) == "Presumed responsive"
            assert (effect(item) in plain) == (
                not is_presumed(row, found) and found.entry.assertion.effect != "no_benefit"
            )


#: (regimen, tumour type, biomarkers) -> effects that must be among its implications.
EFFECTS = [
    ("osimertinib", "LUAD", ["EGFR L858R"], {"Responsive"}),
    ("sotorasib", "PAAD", ["KRAS G12C"], {"Presumed responsive"}),
    ("cetuximab", "COADREAD", ["KRAS G12D"], {"Resistant"}),
    ("vemurafenib", "COADREAD", ["BRAF V600E"], {"Presumed non-responsive"}),
]


@pytest.mark.parametrize(("regimen", "tumor_type", "biomarkers", "wanted"), EFFECTS)
def test_the_effect_is_the_one_of_the_match(
    kb: KnowledgeBase, regimen: str, tumor_type: str, biomarkers: list[str], wanted: set[str]
) -> None:
    found = of_regimen(kb, regimen, tumor_type, *biomarkers)
    assert wanted <= {effect(item) for item in found}


def test_a_drug_has_its_rxnorm_code_and_the_text_of_its_combination(kb: KnowledgeBase) -> None:
    (alone, *_) = of_regimen(kb, "osimertinib", "LUAD", "EGFR L858R")
    assert values(alone, "51963-7") == [
        {
            "coding": [
                {
                    "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                    "code": "1721560",
                    "display": "osimertinib",
                }
            ],
            "text": "osimertinib",
        }
    ]
    (pair, *_) = of_regimen(kb, "dabrafenib+trametinib", "MEL", "BRAF V600E")
    assert [value["text"] for value in values(pair, "51963-7")] == [
        "dabrafenib, as part of Dabrafenib + trametinib",
        "trametinib, as part of Dabrafenib + trametinib",
    ]


def test_the_context_is_the_tumour_type_of_the_statement_not_of_the_case(
    kb: KnowledgeBase,
) -> None:
    """A reader must not take evidence of another tumour type for evidence of this one."""
    (own, *_) = of_regimen(kb, "osimertinib", "LUAD", "EGFR L858R")
    (context,) = values(own, "81259-4")
    assert [item["code"] for item in context["coding"]] == ["NSCLC", "254637007"]
    for item in of_regimen(kb, "sotorasib", "MEL", "KRAS G12C"):
        named = {code["code"] for value in values(item, "81259-4") for code in value["coding"]}
        assert "MEL" not in named
        assert "known in another tumour type only" in conclusion(item)


def test_the_level_is_tier_and_level_in_words_and_as_our_code(kb: KnowledgeBase) -> None:
    (item, *_) = of_regimen(kb, "osimertinib", "LUAD", "EGFR L858R")
    tier = values(item, "93044-6")[0]
    assert tier["text"] == "Tier I - Level A"
    assert tier["coding"] == [
        {
            "system": "urn:therapy-match:code-system:amp-asco-cap-2017",
            "code": "I-A",
            "display": "Tier I - Level A",
        }
    ]


def test_the_escat_tier_is_a_level_of_its_own(kb: KnowledgeBase) -> None:
    report = match(kb.rulebook, case_of(kb, "LUAD", "EGFR L858R").case)
    row = report.therapies[0]
    tiered = row.lead._replace(escat=EscatTier("EGFR L858R", "NSCLC", "I-A", "source"))
    report = replace(report, therapies=(replace(row, matches=(tiered,)),), resistance=())
    (item,) = implications(to_bundle(kb, [Answered(report)], release=STU3))
    ours, escat = values(item, "93044-6")
    assert ours["coding"][0]["system"] == "urn:therapy-match:code-system:amp-asco-cap-2017"
    assert escat == {
        "coding": [{"system": "urn:therapy-match:code-system:escat", "code": "I-A"}],
        "text": "ESCAT I-A",
    }


def test_the_effect_has_another_code_in_stu2(kb: KnowledgeBase) -> None:
    case = case_of(kb, "LUAD", "EGFR L858R")
    new, old = (implications(bundle(kb, case, release))[0] for release in (STU3, STU2))
    assert values(new, "therapeutic-implication")
    assert values(old, "predicted-therapeutic-implication")
    assert not values(old, "therapeutic-implication")
    assert [len(item["category"]) for item in (new, old)] == [2, 1]


def test_sources_and_studies_are_related_artefacts(kb: KnowledgeBase) -> None:
    for item in of_regimen(kb, "osimertinib", "LUAD", "EGFR L858R"):
        record = kb.records["assertions"][item["identifier"][0]["value"]]
        cited = [extension["valueRelatedArtifact"] for extension in item["extension"]]
        titles = [kb.records["sources"][source["id"]]["title"] for source in record["sources"]]
        studies = [kb.records["studies"][e["study"]]["name"] for e in record["evidence"]]
        assert [artifact["display"] for artifact in cited] == [*titles, *studies]
        assert {artifact["type"] for artifact in cited} == {"citation"}


def test_conflict_and_open_criteria_are_said(kb: KnowledgeBase) -> None:
    case = case_of(kb, "LUAD", "EGFR L858R", "EGFR T790M", "EGFR C797S")
    report = match(kb.rulebook, case.case)
    assert any(row.conflict for row in report.therapies)
    written = implications(bundle(kb, case, STU3))
    for (row, found), item in zip(matches(report), written, strict=True):
        said = conclusion(item)
        assert ("CONFLICT" in said) == (row.conflict is not None)
        assert f"Biomarker criteria: {found.biomarker_criteria}" in said
        assert f"clinical criteria: {found.clinical_criteria}" in said
        for need in found.needs:
            assert need in said


def test_every_implication_says_by_what_knowledge_and_for_what_use(kb: KnowledgeBase) -> None:
    for case in sample(kb)[::40]:
        for item in implications(bundle(kb, case, STU3)):
            assert item["note"] == [{"text": INTENDED_USE}]
            assert item["method"]["coding"][0]["code"] == kb.version
            assert kb.content_hash in item["method"]["text"]
            assert item["effectiveDateTime"] == case.case.as_of.isoformat()
            assert f"Knowledge base {kb.version}" in conclusion(item)


def test_every_bundle_says_for_what_use_and_what_was_left_out(kb: KnowledgeBase) -> None:
    for case in sample(kb)[::10]:
        written = bundle(kb, case, STU3)
        assert written["meta"]["tag"][0]["display"] == INTENDED_USE
        report = written["entry"][0]["resource"]
        assert report["resourceType"] == "DiagnosticReport"
        assert report["conclusion"].startswith(INTENDED_USE)
        answered = match(kb.rulebook, case.case)
        for drop in answered.excluded:
            assert f"{drop.entry.assertion.id}, {drop.rule}" in report["conclusion"]
        for test in answered.suggested_tests:
            assert f"Missing result: {test.gene} by {test.assay}" in report["conclusion"]
        kinds = [entry["resource"]["resourceType"] for entry in written["entry"]]
        listed = [link["reference"] for link in report["result"]]
        urls = [entry["fullUrl"] for entry in written["entry"]]
        assert listed == [u for u, k in zip(urls, kinds, strict=True) if k == "Observation"]


def test_the_same_case_has_the_same_bytes_whatever_its_order_and_spelling(
    kb: KnowledgeBase,
) -> None:
    first = case_of(kb, "LUAD", "EGFR L858R", "KRAS wild type")
    second = case_of(kb, "Lung Adenocarcinoma", "KRAS mutation not detected", "EGFR p.(Leu858Arg)")
    assert bundle(kb, first, STU3) == bundle(kb, second, STU3)
    other = case_of(kb, "LUAD", "EGFR L861Q", "KRAS wild type")
    assert bundle(kb, first, STU3)["id"] != bundle(kb, other, STU3)["id"]
    assert bundle(kb, first, STU3)["id"] != bundle(kb, first, STU2)["id"]
    someone = bundle(kb, first, STU3, subject="Patient/2")
    ids = [{e["resource"]["id"] for e in b["entry"]} for b in (bundle(kb, first, STU3), someone)]
    assert ids[0].isdisjoint(ids[1])


def test_two_subjects_share_no_resource_and_a_refusal_is_said(kb: KnowledgeBase) -> None:
    report = match(kb.rulebook, case_of(kb, "LUAD", "EGFR L858R").case)
    answers = [Answered(report, Remarks(subject)) for subject in ("Patient/1", "Patient/2")]
    refused = Remarks(
        "Patient/3",
        faults=[Fault("Bundle.entry[1]", "required", "no tumour type")],
        set_apart=[Notice("germline", "set apart", "Bundle.entry[2]")],
    )
    written = to_bundle(kb, [*answers, refused], release=STU3)
    subjects = [entry["resource"].get("subject") for entry in written["entry"]]
    assert subjects.count({"reference": "Patient/1"}) == subjects.count({"reference": "Patient/2"})
    assert "identifier" not in written
    (outcome,) = [e["resource"] for e in written["entry"] if "issue" in e["resource"]]
    assert [issue["severity"] for issue in outcome["issue"]] == ["error", "information"]
    assert {issue["diagnostics"] for issue in outcome["issue"]} == {"Patient/3"}


def test_what_two_answers_share_stands_there_once(kb: KnowledgeBase) -> None:
    """Two tumour types of one subject are two answers about the same findings."""
    reports = [
        match(kb.rulebook, case_of(kb, code, "BRAF V600E").case) for code in ("MEL", "COADREAD")
    ]
    answers = [Answered(report, Remarks("Patient/1")) for report in reports]
    written = to_bundle(kb, answers, release=STU3)
    variants = [e for e in written["entry"] if "variant|" in str(e["resource"].get("meta"))]
    assert len(variants) == 1
