"""Examples of the contract: short, real in form, held against the schemas by the tests."""

from __future__ import annotations

from typing import Any

from service.intended_use import INTENDED_USE

Json = dict[str, Any]

MATCH_REQUEST: Json = {
    "tumor_type": "LUAD",
    "biomarkers": [
        {"gene": "EGFR", "alteration": "L858R"},
        {"gene": "KRAS", "result": "not_detected"},
    ],
    "patient": {"age_years": 64, "disease_stage": "metastatic", "line_of_therapy": 1},
    "jurisdictions": ["US"],
    "as_of": "2026-11-01",
    "explain": "brief",
}
_LEVEL: Json = {
    "amp_asco_cap": "I-A",
    "oncokb_style": "1",
    "reason": "authorised by the FDA for this biomarker in this tumour type",
    "fda": "2",
    "fda_reason": "a finding with evidence of clinical significance",
    "escat": None,
}
_FINDING: Json = {
    "input_index": 0,
    "input": "EGFR L858R",
    "gene": "EGFR",
    "hgnc_id": "HGNC:3236",
    "kind": "sequence_variant",
    "result": "detected",
    "name": "EGFR L858R",
    "hgvs_p": "p.Leu858Arg",
    "hgvs_p_short": "p.L858R",
    "consequence": "missense",
    "classes": ["EGFR L858R", "EGFR exon 21 mutation", "EGFR mutation"],
    "status": "recognized",
    "oncogenicity": "oncogenic",
    "assay": None,
    "values": [],
    "partner": None,
}
_ASSERTION: Json = {
    "id": "A0002",
    "effect": "sensitivity",
    "applicability": "on_label",
    "jurisdiction": "US",
    "authority": "FDA",
    "status": "approved",
    "since": "2018-04-18",
    "since_precision": "decision",
    "statement": (
        "Osimertinib alone is a first treatment of metastatic NSCLC with an EGFR exon 19 deletion"
        " or L858R."
    ),
    "tumor_relation": "descendant",
    "matched_findings": [0],
    "companion_diagnostics": ["cobas EGFR Mutation Test v2 (tissue)"],
    "evidence": [
        {
            "study": "FLAURA",
            "id": "flaura",
            "nct": "NCT02296125",
            "pmid": "29151359",
            "result": "Median PFS 18.9 v 10.2 months.",
        }
    ],
    "sources": [
        {
            "title": "Tagrisso (osimertinib) prescribing information",
            "url": "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm?event=overview.process&ApplNo=208065",
            "accessed_on": "2026-11-22",
            "where": "section 1",
            "kind": "label",
            "verification": "opened",
        }
    ],
    "reviewed_on": "2026-11-22",
    "trace": [],
    "why": (
        "EGFR L858R meets 'EGFR L858R'; Lung Adenocarcinoma is a kind of Non-Small Cell Lung"
        " Cancer."
    ),
    "level": _LEVEL,
    "biomarker_criteria": "met",
    "clinical_criteria": "met",
    "needs": [],
}
MATCH_ANSWER: Json = {
    "knowledge_base": {
        "version": "2026.11.0",
        "content_hash": "sha256:0f3a",
        "as_of": "2026-11-01",
    },
    "intended_use": INTENDED_USE,
    "complete": True,
    "case": {
        "tumor_type": {
            "code": "LUAD",
            "name": "Lung Adenocarcinoma",
            "lineage": ["LUAD", "NSCLC", "LUNG"],
            "resolved_by": "code",
        },
        "findings": [_FINDING],
        "not_covered": {"count": 0, "genes": []},
    },
    "therapies": [
        {
            "regimen": {
                "id": "osimertinib",
                "name": "Osimertinib",
                "drugs": [{"name": "osimertinib", "rxnorm": "1721560", "ncit": "C116377"}],
            },
            "applicability": "on_label",
            "level": _LEVEL,
            "biomarker_criteria": "met",
            "clinical_criteria": "met",
            "needs": [],
            "subtypes": [],
            "opened_by": "found",
            "first_choice": {
                "source": "asco-living-nsclc-driver-2024",
                "words": "ASCO living guideline: first-line recommendation 1.1 (strong)",
            },
            "headline": {
                "study": "FLAURA",
                "endpoint": "hr_pfs",
                "value": 0.46,
                "unit": "HR",
                "ci": [0.37, 0.57],
                "against": "gefitinib or erlotinib",
            },
            "conflict": None,
            "assertions": [_ASSERTION],
        }
    ],
    "resistance": [],
    "cautions": [],
    "excluded": [
        {
            "assertion": "A0003",
            "regimen": "Osimertinib",
            "rule": "M17",
            "reason": "not met: disease stage early (the case says metastatic)",
        }
    ],
    "suggested_tests": [
        {
            "gene": "BRAF",
            "assay": "sequencing",
            "would_decide": ["A0308", "A0313"],
            "reason": "not reported; would decide 2 authorised indications in this tumour type",
        }
    ],
    "set_apart": [],
    "warnings": [],
    "counterfactuals": [],
    "result_hash": "sha256:9c41",
}
NORMALIZE_REQUEST: Json = {
    "tumor_type": "stage IV lung adenocarcinoma",
    "biomarkers": ["NP_005219.2:p.(Leu858Arg)"],
}
NORMALIZE_ANSWER: Json = {
    "tumor_type": {
        "code": "LUAD",
        "name": "Lung Adenocarcinoma",
        "lineage": ["LUAD", "NSCLC", "LUNG"],
        "resolved_by": "name",
        "set_aside": ["stage iv"],
    },
    "complete": True,
    "findings": [
        {
            **_FINDING,
            "input": "NP_005219.2:p.(Leu858Arg)",
            "understood_by": ["protein change"],
        }
    ],
    "set_apart": [],
    "warnings": [],
    "intended_use": INTENDED_USE,
}
PROBLEM: Json = {
    "type": "urn:therapy-match:problem:invalid-request",
    "title": "The request cannot be understood",
    "status": 422,
    "detail": "1 fault; see errors",
    "instance": "/v1/match",
    "errors": [
        {
            "pointer": "/biomarkers/0/gene",
            "code": "unknown_gene",
            "message": "no known gene in 'EGRF'",
            "suggestions": ["EGFR"],
        }
    ],
}
BATCH_REQUEST: Json = {
    "cases": [
        {"id": "case-1", "tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]},
        {
            "id": "case-2",
            "tumor_type": "LUAD",
            "biomarkers": [{"gene": "EGRF", "alteration": "L858R"}],
        },
    ]
}
BATCH_ANSWER: Json = {
    "results": [
        {"id": "case-1", "status": 200, "answer": MATCH_ANSWER},
        {"id": "case-2", "status": 422, "problem": PROBLEM},
    ],
    "set_apart": [{"reason": "germline", "gene": "KRAS", "count": 1}],
    "files": [
        {
            "file": "maf",
            "items": 3,
            "finding": 1,
            "not_covered": 1,
            "set_apart": 1,
            "context": 0,
            "no_content": 0,
        }
    ],
    "intended_use": INTENDED_USE,
}
KNOWLEDGE_BASE: Json = {
    "version": "2026.11.0",
    "content_hash": "sha256:0f3a",
    "counts": {"assertions": 400},
    "oldest_review": "2026-11-22",
    "newest_review": "2026-11-22",
    "days_since_newest_review": 0,
    "intended_use": INTENDED_USE,
}
HEALTH: Json = {"status": "ok", "version": "2026.11.0", "intended_use": INTENDED_USE}
OPENAPI: Json = {"openapi": "3.1.0"}
PAGE = '<!doctype html>\n<html lang="en">…</html>\n'
