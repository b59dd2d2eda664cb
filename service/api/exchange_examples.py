"""Examples of the formats of others: a phenopacket, tables, statements."""

from __future__ import annotations

from typing import Any

from service.adapters.v1_out import INTENDED_USE

Json = dict[str, Any]

TABLES: dict[str, str] = {
    "maf": (
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
        "EGFR\tMissense_Mutation\tS1\tp.L858R\n"
    ),
    "clinical": "SAMPLE_ID\tONCOTREE_CODE\nS1\tLUAD\n",
    "cna": "Hugo_Symbol\tS1\nERBB2\t2\n",
    "sv": "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\nS1\tSOMATIC\tEML4\tALK\n",
}
PHENOPACKET: Json = {
    "id": "example-1",
    "subject": {
        "id": "patient-1",
        "sex": "FEMALE",
        "timeAtLastEncounter": {"age": {"iso8601duration": "P64Y"}},
    },
    "interpretations": [
        {
            "id": "interpretation-1",
            "progressStatus": "SOLVED",
            "diagnosis": {
                "disease": {"id": "NCIT:C3512", "label": "Lung Adenocarcinoma"},
                "genomicInterpretations": [
                    {
                        "subjectOrBiosampleId": "tumour-1",
                        "interpretationStatus": "CAUSATIVE",
                        "variantInterpretation": {
                            "variationDescriptor": {
                                "id": "variant-1",
                                "geneContext": {"valueId": "HGNC:3236", "symbol": "EGFR"},
                                "expressions": [
                                    {"syntax": "hgvs.p", "value": "NP_005219.2:p.Leu858Arg"}
                                ],
                            }
                        },
                    }
                ],
            },
        }
    ],
    "metaData": {"created": "2026-11-01T00:00:00Z", "phenopacketSchemaVersion": "2.0"},
}
_STATEMENT: Json = {
    "id": "therapy-match:A0002.digest",
    "type": "Statement",
    "description": "Osimertinib alone is a first treatment of metastatic NSCLC with EGFR L858R.",
    "specifiedBy": {"type": "Method", "name": "AMP/ASCO/CAP (AAC) Guidelines, 2017"},
    "proposition": {"type": "VariantTherapeuticResponseProposition"},
    "direction": "supports",
    "strength": {"primaryCoding": {"code": "Level A"}},
    "classification": {"primaryCoding": {"code": "Tier I"}},
    "reportedIn": [{"type": "Document", "title": "Tagrisso (osimertinib) prescribing information"}],
    "extensions": [{"name": "applicability", "value": "on_label"}],
}
STATEMENTS_ANSWER: Json = {
    "knowledge_base": {
        "version": "2026.11.0",
        "content_hash": "sha256:0f3a",
        "as_of": "2026-11-01",
    },
    "intended_use": INTENDED_USE,
    "statements": [_STATEMENT],
    "left_out": [],
    "warnings": [],
}
