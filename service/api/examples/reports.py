"""Examples of whole reports, and what becomes of them."""

from __future__ import annotations

from typing import Any

from service.api.examples import match
from service.api.examples.exchange import PHENOPACKET, TABLES, VCF
from service.api.fhir.examples import BUNDLE
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
REPORT = (
    "Diagnosis: lung adenocarcinoma, stage IV\n"
    "EGFR p.L858R (c.2573T>G), VAF 23 %\n"
    "TP53 p.R175H\n"
    "KRAS: not detected\n"
)
#: A coded panel, a row in words, and an order that names its gene.
HL7 = "\n".join((
    r"MSH|^~\&|LAB|HOSPITAL|EHR|CLINIC|20261001||ORU^R01^ORU_R01|1|P|2.5.1",
    "PID|1||4711||Doe^Jane||19620101|F",
    "DG1|1||C34.90^Malignant neoplasm of lung^I10C|Lung adenocarcinoma",
    "OBR|1|A1|B1|81247-9^Genetic variant reporting panel^LN|||20260920",
    "OBX|1|CWE|48018-6^Gene studied^LN|2a|HGNC:3236^EGFR^HGNC||||||F",
    "OBX|2|ST|48005-3^Amino acid change^LN|2a|p.Leu858Arg||||||F",
    "OBX|3|CWE|69548-6^Genetic variant assessment^LN|2a|LA9633-4^Present^LN||||||F",
    "OBR|2|A1|B2|KRAS^KRAS Mutation Analysis^L|||20260920",
    "OBX|1|ST|RES^Result^L||Not detected||||||F",
    "OBX|2|NM|PDL1^PD-L1 TPS^L||80|%|||||F",
    "NTE|1|L|Reviewed by a pathologist.",
    "",
))  # fmt: skip
_TEXT: Json = {"type": "string", "description": "a report as a laboratory writes it"}
_TABLE: Json = {"type": "string", "description": "a table with a header row"}
_OBJECT: Json = {"type": "object", "description": "a case, a FHIR R4 document, or a Phenopacket"}
#: Content of a request: media type -> schema and example. A body may be gzip.
BODIES: Json = {
    "text/plain": {"schema": _TEXT, "example": REPORT},
    "application/json": {"schema": _OBJECT, "example": match.MATCH_REQUEST},
    "application/fhir+json": {"schema": _OBJECT, "example": BUNDLE},
    "application/vnd.ga4gh.phenopacket+json": {"schema": _OBJECT, "example": PHENOPACKET},
    "text/tab-separated-values": {"schema": _TABLE, "example": TABLES["maf"]},
    "text/vcf": {"schema": _TEXT, "example": VCF},
    "application/hl7-v2": {
        "schema": {"type": "string", "description": "HL7 v2 messages: ORU^R01 with results"},
        "example": HL7,
    },
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": dict.fromkeys(TABLES, _TABLE),
            "minProperties": 1,
            "additionalProperties": False,
        },
        "example": {name: TABLES[name] for name in ("maf", "clinical") if name in TABLES},
    },
}
READ_ANSWER: Json = {
    "format": "case",
    "complete": True,
    "counts": {
        "items": 3,
        "finding": 1,
        "not_covered": 0,
        "set_apart": 0,
        "context": 2,
        "no_content": 0,
    },
    "items": [
        {
            "place": "/biomarkers/0",
            "text": "EGFR L858R",
            "fate": "finding",
            "findings": [0],
            "reason": None,
            "gene": "EGFR",
            "message": "",
            "suggestions": [],
        }
    ],
    "findings": [match.NORMALIZE_ANSWER["findings"][0]],
    "suggested": {
        "tumor_type": "LUAD",
        "patient": {"age_years": 64, "disease_stage": "metastatic", "line_of_therapy": 1},
        "report_date": None,
        "specimen": None,
    },
    "cases": [
        {
            "id": None,
            "case": {
                "jurisdictions": ["US"],
                "as_of": "2026-11-01",
                "tumor_type": "LUAD",
                "patient": {
                    "age_years": 64,
                    "disease_stage": "metastatic",
                    "line_of_therapy": 1,
                },
                "biomarkers": [{"gene": "EGFR", "alteration": "L858R"}],
            },
        }
    ],
    "set_apart": [],
    "files": [],
    "warnings": [],
    "intended_use": INTENDED_USE,
}
REPORT_ANSWER: Json = {**READ_ANSWER, "answer": match.MATCH_ANSWER}
