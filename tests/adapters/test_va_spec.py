"""VA-Spec statements pass the reference library, and their VRS identifiers are the library's."""

from __future__ import annotations

from typing import Any

import pytest
from ga4gh.core import ga4gh_identify
from ga4gh.va_spec.aac_2017.models import VariantTherapeuticResponseStudyStatement
from ga4gh.va_spec.base.core import Statement
from ga4gh.vrs.models import Allele
from pydantic import ValidationError

from service.adapters.ga4gh.va_spec import to_statements
from service.adapters.ga4gh.vrs import digest, substitution
from service.adapters.v1.case import read_case
from service.engine.match import match
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY

Json = dict[str, Any]
CASES = [
    ("LUAD", ["EGFR L858R"]),
    ("LUAD", ["EGFR exon 19 deletion", "EGFR T790M"]),
    ("LUAD", ["EML4-ALK fusion"]),
    ("MEL", ["BRAF V600E"]),
    ("COADREAD", ["BRAF V600E", "KRAS not detected", "NRAS not detected"]),
    ("COADREAD", ["KRAS not detected", "NRAS not detected"]),
    ("BREAST", ["HER2 amplification"]),
    ("BREAST", ["HER2 IHC 3+"]),
    ("NSCLC", ["KRAS G12C"]),
]


def statements(kb: KnowledgeBase, tumor_type: str, biomarkers: list[str]) -> list[Json]:
    data = {"tumor_type": tumor_type, "biomarkers": biomarkers}
    report = match(kb.rulebook, read_case(kb, data, today=TODAY).case)
    found, left_out = to_statements(kb, report)
    rows = (*report.therapies, *report.resistance, *report.cautions)
    assert len(found) + len(left_out) == sum(len(row.matches) for row in rows)
    return found


def subject(statement: Json) -> Json:
    variant: Json = statement["proposition"]["subjectVariant"]
    return variant


def extension(statement: Json, name: str) -> Any:
    return {item["name"]: item["value"] for item in statement["extensions"]}[name]


@pytest.mark.parametrize(("tumor_type", "biomarkers"), CASES)
def test_every_statement_passes_the_library(
    kb: KnowledgeBase, tumor_type: str, biomarkers: list[str]
) -> None:
    found = statements(kb, tumor_type, biomarkers)
    assert found
    for statement in found:
        VariantTherapeuticResponseStudyStatement.model_validate(statement)
        assert Statement.model_validate(statement).id == statement["id"]
    assert len({statement["id"] for statement in found}) == len(found)


def test_the_library_notices_a_wrong_statement(kb: KnowledgeBase) -> None:
    good = statements(kb, "LUAD", ["EGFR L858R"])[0]
    wrong_level = {"primaryCoding": {**good["strength"]["primaryCoding"], "code": "Level Z"}}
    for wrong in ({**good, "extra": 1}, {**good, "strength": wrong_level}):
        with pytest.raises(ValidationError):
            VariantTherapeuticResponseStudyStatement.model_validate(wrong)


#: Identifiers that public resources give these alleles.
PUBLISHED = {
    ("BRAF", 600, "E"): "ga4gh:VA.j4XnsLZcdzDIYa5pvvXM7t1wn9OITr0L",
    ("BRAF", 600, "K"): "ga4gh:VA.pfWn9x9oFBRzGda1xXcOrE-BrX0R__N8",
    ("EGFR", 858, "R"): "ga4gh:VA.S41CcMJT2bcd8R4-qXZWH1PoHWNtG2PZ",
}


@pytest.mark.parametrize(("gene", "position", "residue"), PUBLISHED)
def test_a_computed_identifier_is_the_published_one(
    kb: KnowledgeBase, gene: str, position: int, residue: str
) -> None:
    allele = substitution(kb.rulebook.genes[gene].protein, position, residue)
    assert allele["id"] == PUBLISHED[gene, position, residue]


def test_a_computed_identifier_is_the_one_of_the_library(kb: KnowledgeBase) -> None:
    for gene in kb.rulebook.genes.values():
        for position in (1, 12, 13, 61, 146) if gene.protein else ():
            allele = substitution(gene.protein, position, "W")
            bare = {**allele, "location": dict(allele["location"])}
            for part in (bare, bare["location"]):
                del part["id"], part["digest"]
            model = Allele(**bare)
            assert ga4gh_identify(model) == allele["id"]
            assert ga4gh_identify(model.location) == allele["location"]["id"]


def test_the_digest_is_that_of_the_specification() -> None:
    assert digest(b"ACGT") == "aKF498dAxcJAqme6QYQ7EZ07-fiw8Kw2"
    assert digest(b"") == "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXc"


def test_what_is_found_decides_the_constraints(kb: KnowledgeBase) -> None:
    def kinds(tumor_type: str, biomarker: str) -> list[str]:
        variant = subject(statements(kb, tumor_type, [biomarker])[0])
        return [item["type"] for item in variant.get("constraints", ())]

    assert kinds("LUAD", "EGFR L858R") == ["DefiningAlleleConstraint"]
    assert kinds("LUAD", "EML4-ALK fusion") == ["FeatureContextConstraint"]
    assert kinds("BREAST", "HER2 IHC 3+") == ["FeatureContextConstraint"]
    assert kinds("BREAST", "HER2 amplification") == [
        "FeatureContextConstraint",
        "CopyChangeConstraint",
    ]
    assert kinds("LUAD", "EGFR exon 19 deletion") == []
    assert kinds("LUAD", "EGFR E746_A750del") == []


def test_a_combination_is_a_group_that_is_given_together(kb: KnowledgeBase) -> None:
    regimens = {id_: record["regimen"] for id_, record in kb.records["assertions"].items()}
    sizes = set()
    for statement in statements(kb, "MEL", ["BRAF V600E"]):
        given = statement["proposition"]["objectTherapeutic"]
        therapies = given.get("therapies", [given])
        assert sorted(drug["name"] for drug in therapies) == sorted(
            regimens[extension(statement, "assertion")]
        )
        assert given.get("membershipOperator") == ("AND" if len(therapies) > 1 else None)
        sizes.add(len(therapies) > 1)
    assert sizes == {True, False}


def test_resistance_and_no_benefit_are_two_claims(kb: KnowledgeBase) -> None:
    effects = {id_: record["effect"] for id_, record in kb.records["assertions"].items()}
    claims = {
        (effects[extension(s, "assertion")], s["proposition"]["predicate"], s["direction"])
        for tumor_type, biomarkers in [*CASES, ("COADREAD", ["KRAS G12D"])]
        for s in statements(kb, tumor_type, biomarkers)
    }
    assert claims <= {
        ("sensitivity", "predictsSensitivityTo", "supports"),
        ("resistance", "predictsResistanceTo", "supports"),
        ("no_benefit", "predictsSensitivityTo", "disputes"),
    }
    assert {claim[0] for claim in claims} >= {"sensitivity", "resistance"}


def test_a_statement_says_how_it_applies_and_what_is_open(kb: KnowledgeBase) -> None:
    statement = next(
        s for s in statements(kb, "LUAD", ["EGFR L858R"]) if extension(s, "assertion") == "A0002"
    )
    assert extension(statement, "applicability") == "on_label"
    assert extension(statement, "clinical_criteria") == "undetermined"
    assert "disease_stage" in extension(statement, "needs")
    assert statement["strength"]["primaryCoding"]["code"] == "Level A"
    assert statement["classification"]["primaryCoding"]["code"] == "Tier I"
    assert statement["proposition"]["geneContextQualifier"]["primaryCoding"]["code"] == "HGNC:3236"


def test_a_wild_type_is_a_subject_by_name_only(kb: KnowledgeBase) -> None:
    found = statements(kb, "COADREAD", ["KRAS not detected", "NRAS not detected"])
    assert all("constraints" not in subject(statement) for statement in found)
    assert any("not detected" in subject(statement)["name"] for statement in found)


def test_the_same_case_gives_the_same_statements(kb: KnowledgeBase) -> None:
    assert statements(kb, "LUAD", ["EGFR L858R"]) == statements(kb, "LUAD", ["EGFR p.Leu858Arg"])
