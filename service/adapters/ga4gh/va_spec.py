"""Matches as GA4GH VA-Spec statements with Cat-VRS variants; dicts out, no library.

One match is one ``Statement`` about a ``VariantTherapeuticResponseProposition``: the finding of the
case, the drug or drugs, the tumour type of the case. What VA-Spec has no field for (applicability,
open criteria, conflict) stands in extensions: a statement is not read without them.

Sources: GA4GH VA-Spec 1.0, Cat-VRS 1.0, VRS 2.0; Li et al. 2017 (PMID 27993330) for the strength.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from service.adapters.ga4gh.vrs import digest_object, substitution
from service.engine.model import Finding, Gene, ProteinChange
from service.engine.report import Match, Report, Row
from service.engine.rulebook import Rulebook

Json = dict[str, Any]
_GUIDELINE = "AMP/ASCO/CAP (AAC) Guidelines, 2017"
_METHOD: Json = {
    "type": "Method",
    "name": _GUIDELINE,
    "methodType": "guideline",
    "reportedIn": {"type": "Document", "pmid": "27993330", "doi": "10.1016/j.jmoldx.2016.10.002"},
}
#: Effect -> (predicate, direction). No benefit disputes sensitivity; it is no resistance.
_CLAIMS = {
    "sensitivity": ("predictsSensitivityTo", "supports"),
    "resistance": ("predictsResistanceTo", "supports"),
    "no_benefit": ("predictsSensitivityTo", "disputes"),
}
_COPY_CHANGES = {"amplification": "high-level gain", "loss": "loss"}
#: How members of a protein variant relate to it (Cat-VRS, protein sequence consequence).
_RELATIONS: list[Json] = [
    {"primaryCoding": {"system": "ga4gh-gks-term:allele-relation", "code": "liftover_to"}},
    {"primaryCoding": {"system": "http://www.sequenceontology.org", "code": "translation_of"}},
]


class StatementKnowledge(Protocol):
    """The part of a knowledge base that writing statements needs."""

    @property
    def version(self) -> str: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def records(self) -> Mapping[str, Mapping[str, Json]]: ...


def to_statements(knowledge: StatementKnowledge, report: Report) -> tuple[list[Json], list[str]]:
    """Return the statements of an answer, and what is none.

    Returns:
        One statement a match, therapies first, in the order of the answer; and the assertions
        of which there is none: without a finding there is no subject, and what holds for a subtype
        only or in other tumour types only says nothing about the condition of the case.
    """
    statements, left_out = [], []
    for row in (*report.therapies, *report.resistance):
        for found in row.matches:
            findings = [report.case.findings[index] for index in found.findings]
            if findings and not found.subtypes:
                statements.append(_statement(knowledge, report, row, found, findings))
            else:
                left_out.append(found.entry.assertion.id)
    left_out += [found.entry.assertion.id for row in report.cautions for found in row.matches]
    return statements, left_out


def _statement(
    knowledge: StatementKnowledge, report: Report, row: Row, found: Match, findings: list[Finding]
) -> Json:
    assertion = found.entry.assertion
    predicate, direction = _CLAIMS[assertion.effect]
    detected = [finding for finding in findings if finding.result == "detected"]
    subjects = detected or findings  # a wild type is a subject by name only
    genes = {gene for finding in subjects for gene in finding.genes}
    proposition: Json = {
        "type": "VariantTherapeuticResponseProposition",
        "subjectVariant": _variant(knowledge.rulebook.genes, subjects),
        "predicate": predicate,
        "objectTherapeutic": _therapeutic(knowledge.records["drugs"], assertion.regimen.drugs),
        "conditionQualifier": _condition(knowledge, report.case.tumor_type),
    }
    if len(genes) == 1:
        proposition["geneContextQualifier"] = _gene(knowledge.rulebook.genes[genes.pop()])
    tier, _, level = found.level.amp_asco_cap.partition("-")
    content = {
        "type": "Statement",
        "description": assertion.statement,
        "specifiedBy": _METHOD,
        "proposition": proposition,
        "direction": direction,
        "strength": _coded(f"Level {level}"),
        "classification": _coded(f"Tier {tier}"),
        "reportedIn": list(_documents(knowledge, assertion.id)),
        "extensions": _extensions(knowledge, row, found, findings),
    }
    return {"id": f"therapy-match:{assertion.id}.{digest_object(content)}", **content}


def _variant(genes: Mapping[str, Gene], subjects: list[Finding]) -> Json:
    """Return the categorical variant; several findings, or a negative, are one by name only."""
    variant: Json = {
        "type": "CategoricalVariant",
        "name": " and ".join(finding.name for finding in subjects),
    }
    is_one = len(subjects) == 1 and subjects[0].result == "detected" and not subjects[0].one_of
    constraints = list(_constraints(genes, subjects[0])) if is_one else []
    if constraints:
        variant["constraints"] = constraints
    return variant


def _constraints(genes: Mapping[str, Gene], finding: Finding) -> Iterator[Json]:
    gene, change = genes[finding.gene], finding.change
    if finding.kind == "sequence_variant":
        if change is not None and _is_substitution(change) and gene.protein:
            allele = substitution(gene.protein, change.start or 0, change.alt or "")
            yield {
                "type": "DefiningAlleleConstraint",
                "allele": allele,
                "relations": _RELATIONS,
            }
        return
    if gene.hgnc is not None:
        yield {"type": "FeatureContextConstraint", "featureContext": _gene(gene)}
    if finding.kind == "copy_number":
        for value in finding.values:
            if value in _COPY_CHANGES:
                yield {"type": "CopyChangeConstraint", "copyChange": _COPY_CHANGES[value]}


def _is_substitution(change: ProteinChange) -> bool:
    """Tell whether exactly one residue is replaced by exactly one other."""
    is_one = change.start is not None and change.start == change.end
    return (
        change.is_exact
        and change.consequence == "missense"
        and is_one
        and len(change.alt or "") == 1
    )


def _gene(gene: Gene) -> Json:
    concept: Json = {"conceptType": "Gene", "name": gene.symbol}
    if gene.hgnc is not None:
        concept["primaryCoding"] = {"system": "https://www.genenames.org", "code": gene.hgnc}
    return concept


def _therapeutic(drugs: Mapping[str, Json], names: tuple[str, ...]) -> Json:
    therapies = [_drug(drugs[name]) for name in names]
    if len(therapies) == 1:
        return therapies[0]
    return {"membershipOperator": "AND", "therapies": therapies}


def _drug(record: Json) -> Json:
    concept: Json = {"conceptType": "Therapy", "name": record["name"]}
    if record["rxnorm"]:
        system = "http://www.nlm.nih.gov/research/umls/rxnorm"
        concept["primaryCoding"] = {"system": system, "code": record["rxnorm"]}
    elif record["ncit"]:
        system = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
        concept["primaryCoding"] = {"system": system, "code": record["ncit"]}
    return concept


def _condition(knowledge: StatementKnowledge, code: str) -> Json:
    return {
        "conceptType": "Disease",
        "name": knowledge.rulebook.tumors.types[code].name,
        "primaryCoding": {"system": "https://oncotree.mskcc.org", "code": code},
    }


def _coded(code: str) -> Json:
    return {"primaryCoding": {"system": _GUIDELINE, "code": code}}


def _documents(knowledge: StatementKnowledge, assertion: str) -> Iterator[Json]:
    sources = knowledge.records["sources"]
    for item in knowledge.records["assertions"][assertion]["sources"]:
        source = sources[item["id"]]
        document: Json = {"type": "Document", "title": source["title"]}
        if source.get("url"):
            document["urls"] = [source["url"]]
        if source.get("pmid"):
            document["pmid"] = source["pmid"]
        yield document


def _extensions(
    knowledge: StatementKnowledge, row: Row, found: Match, findings: list[Finding]
) -> list[Json]:
    since = found.standing.since
    conflict = row.conflict
    values: Json = {
        "assertion": found.entry.assertion.id,
        "knowledge_base": knowledge.version,
        "findings": [finding.name for finding in findings],
        "applicability": found.applicability,
        "tumor_relation": found.relation,
        "jurisdiction": found.entry.assertion.jurisdiction,
        "status": found.standing.status,
        "since": since.isoformat() if since else None,
        "biomarker_criteria": found.biomarker_criteria,
        "clinical_criteria": found.clinical_criteria,
        "needs": list(found.needs),
        "conflict": conflict.reason if conflict else None,
    }
    return [{"name": name, "value": value} for name, value in values.items()]
