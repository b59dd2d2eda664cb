"""Examples of the formats of others: a phenopacket, tables, statements."""

from __future__ import annotations

from typing import Any

from service.intended_use import INTENDED_USE

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
#: A file of one record: SnpEff's words for EGFR L858R.
VCF = (
    "##fileformat=VCFv4.3\n"
    '##INFO=<ID=ANN,Number=.,Type=String,Description="Functional annotations: '
    "'Allele | Annotation | Gene_Name | Feature_ID | HGVS.c | HGVS.p'\">\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tTUMOR\n"
    "7\t55191822\t.\tT\tG\t.\tPASS\t"
    "ANN=G|missense_variant|EGFR|NM_005228.5|c.2573T>G|p.Leu858Arg\tGT\t0/1\n"
)
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
_GUIDELINE = "AMP/ASCO/CAP (AAC) Guidelines, 2017"
_PLACE = "v0_edynH98OIu-0QPVT5anCSOriAFSDQ"
_ALLELE: Json = {
    "id": "ga4gh:VA.S41CcMJT2bcd8R4-qXZWH1PoHWNtG2PZ",
    "type": "Allele",
    "digest": "S41CcMJT2bcd8R4-qXZWH1PoHWNtG2PZ",
    "location": {
        "id": f"ga4gh:SL.{_PLACE}",
        "digest": _PLACE,
        "type": "SequenceLocation",
        "sequenceReference": {
            "type": "SequenceReference",
            "refgetAccession": "SQ.vyo55F6mA6n2LgN4cagcdRzOuh38V4mE",
        },
        "start": 857,
        "end": 858,
    },
    "state": {"type": "LiteralSequenceExpression", "sequence": "R"},
}
_STATEMENT: Json = {
    "id": "therapy-match:A0016.8bTuKmIXq5cO3PXWLB9usGF7vXBGljcl",
    "type": "Statement",
    "description": "Amivantamab with lazertinib is a first treatment of NSCLC with EGFR L858R.",
    "specifiedBy": {
        "type": "Method",
        "name": _GUIDELINE,
        "methodType": "guideline",
        "reportedIn": {
            "type": "Document",
            "pmid": "27993330",
            "doi": "10.1016/j.jmoldx.2016.10.002",
        },
    },
    "proposition": {
        "type": "VariantTherapeuticResponseProposition",
        "subjectVariant": {
            "type": "CategoricalVariant",
            "name": "EGFR L858R",
            "constraints": [
                {
                    "type": "DefiningAlleleConstraint",
                    "allele": _ALLELE,
                    "relations": [
                        {
                            "primaryCoding": {
                                "system": "http://www.sequenceontology.org",
                                "code": "translation_of",
                            }
                        }
                    ],
                }
            ],
        },
        "predicate": "predictsSensitivityTo",
        "objectTherapeutic": {
            "membershipOperator": "AND",
            "therapies": [
                {
                    "conceptType": "Therapy",
                    "name": "amivantamab",
                    "primaryCoding": {
                        "system": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
                        "code": "C124993",
                    },
                },
                {
                    "conceptType": "Therapy",
                    "name": "lazertinib",
                    "primaryCoding": {
                        "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                        "code": "2691150",
                    },
                },
            ],
        },
        "conditionQualifier": {
            "conceptType": "Disease",
            "name": "Lung Adenocarcinoma",
            "primaryCoding": {"system": "https://oncotree.mskcc.org", "code": "LUAD"},
        },
        "geneContextQualifier": {
            "conceptType": "Gene",
            "name": "EGFR",
            "primaryCoding": {"system": "https://www.genenames.org", "code": "HGNC:3236"},
        },
    },
    "direction": "supports",
    "strength": {"primaryCoding": {"system": _GUIDELINE, "code": "Level A"}},
    "classification": {"primaryCoding": {"system": _GUIDELINE, "code": "Tier I"}},
    "reportedIn": [
        {
            "type": "Document",
            "title": "Rybrevant (amivantamab) prescribing information",
            "urls": ["https://dailymed.nlm.nih.gov/"],
        }
    ],
    "extensions": [{"name": "assertion", "value": "A0016"}],
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
