"""Examples of the catalogue: real records, some lists cut short, held against the running app."""

from __future__ import annotations

from typing import Any

from service.intended_use import INTENDED_USE

Json = dict[str, Any]

RECORDS: dict[str, Json] = {
    "genes": {
        "aliases": ["ERBB1", "HER1"],
        "entrez": "1956",
        "exons": {"21": [824, 875]},
        "exons_source": "SpliceAI 1.3.1 annotation tables for GRCh37 and GRCh38 (GENC …",
        "families": ["separate-stain", "copies-probe"],
        "fusion_end": "either",
        "hgnc": "HGNC:3236",
        "in_blood": None,
        "itd_region": None,
        "kinase_domain": [712, 979],
        "kinase_domain_source": "UniProt P00533, feature DOMAIN Protein kinase",
        "last_lof_codon": None,
        "last_lof_codon_source": None,
        "name": "epidermal growth factor receptor",
        "named_changes": [
            {"deleted": [[14, 15]], "duplicated": [], "name": "vII", "words": ["v2", "variant II"]}
        ],
        "negative_covers": ["sequence_variant"],
        "other_numberings": [
            {
                "name": "the numbering of the mature protein (without the "
                "24-residue signal peptide)",
                "offset": 24,
                "protein": "",
                "references": [],
            }
        ],
        "protein_name": None,
        "protein_refseq": "NP_005219",
        "skipped_exons": [],
        "symbol": "EGFR",
        "symbol_is_sequenced": False,
        "transcripts": ["NM_005228", "ENST00000275493", "NM_201284", "LRG_304"],
        "uniprot": "P00533",
    },
    "variants": {
        "functional_class": "I",
        "gene": "BRAF",
        "notes": None,
        "oncogenicity": "oncogenic",
        "sources": [
            "variant-davies-2002",
            "variant-wan-2004",
            "variant-yao-2015",
            "variant-yao-2017",
            "variant-dankner-2018",
            "variant-civic",
        ],
        "structural_class": None,
        "variant": "V600E",
    },
    "biomarker_classes": {
        "absence": False,
        "description": "",
        "gene": "EGFR",
        "loosely_reported_as": [],
        "name": "EGFR L858R",
        "otherwise_reported_as": [],
        "reported_as": [],
        "rule": {
            "all_of": [],
            "alleles": [],
            "alts": [],
            "any_mutation": False,
            "any_of": [],
            "coding_windows": [],
            "consequences": [],
            "copy_number": [],
            "counts_unspecified": False,
            "deleterious": False,
            "excluded_variants": [],
            "exons": [],
            "fusion": False,
            "hits": 1,
            "ihc": [],
            "included_variants": [],
            "ish": [],
            "net": None,
            "oncogenicity": [],
            "opposite": None,
            "origin": None,
            "positions": [],
            "region": None,
            "score": None,
            "skips_exon": None,
            "status": [],
            "variants": ["L858R"],
        },
        "source": None,
    },
    "tumor_types": {
        "code": "LUAD",
        "name": "Lung Adenocarcinoma",
        "parent": "NSCLC",
        "tissue": "Lung",
        "ncit": "C3512",
        "umls": "C0152013",
        "may_be": None,
    },
    "drugs": {
        "aliases": ["AZD9291"],
        "boxed_warning": None,
        "brands": ["Tagrisso"],
        "codes_source": ["rxnav-list", "ncit-26.02d"],
        "groups": [
            "EGFR tyrosine kinase inhibitor",
            "third-generation EGFR tyrosine kinase inhibitor",
            "EGFR-directed therapy",
        ],
        "kind": "drug",
        "name": "osimertinib",
        "ncit": "C116377",
        "notes": None,
        "rxnorm": "1721560",
        "targets": None,
    },
    "regimens": {
        "id": "osimertinib",
        "name": "Osimertinib",
        "drugs": ["osimertinib"],
        "assertions": ["A0001", "A0002"],
    },
    "diagnostics": {
        "claims": [
            {
                "approved_on": "2011-08-17",
                "biomarker": "BRAF V600E",
                "drug": "vemurafenib",
                "source": "nci-fda-vemurafenib-2011",
                "tumor_types": ["MEL"],
            },
            {
                "approved_on": None,
                "biomarker": "BRAF V600E",
                "drug": "cobimetinib",
                "source": None,
                "tumor_types": ["MEL"],
            },
        ],
        "id": "cobas-4800-braf-v600",
        "jurisdiction": "US",
        "maker": "Roche Molecular Systems",
        "name": "cobas 4800 BRAF V600 Mutation Test",
        "pma": "P110020",
        "source": "nci-fda-vemurafenib-2011",
        "specimen": "tissue",
        "technology": "PCR",
    },
    "studies": {
        "arms": ["osimertinib", "gefitinib or erlotinib"],
        "design": "Randomised, double-blind, untreated advanced disease with exon 19 "
        "deletion or L858R.",
        "endpoints": [
            {
                "arm": "osimertinib",
                "ci_high": 21.4,
                "ci_level": None,
                "ci_low": 15.2,
                "comparator": None,
                "endpoint": "median_pfs",
                "n": None,
                "note": None,
                "population": None,
                "unit": "months",
                "value": 18.9,
            }
        ],
        "id": "flaura",
        "n": 556,
        "name": "FLAURA",
        "nct": "NCT02296125",
        "phase": "3",
        "pmid": "29151359",
        "result": "Median PFS 18.9 v 10.2 months (HR 0.46, 95% CI 0.37-0.57).",
    },
    "sources": {
        "accessed_on": "2026-11-22",
        "id": "us-label-tagrisso",
        "kind": "label",
        "pmid": None,
        "publisher": "FDA",
        "title": "Tagrisso (osimertinib) prescribing information",
        "url": "https://dailymed.nlm.nih.gov/dailymed/fda/fdaDrugXsl.cfm?setid=5e81b4a7-b971-45e1-9c31-29cea8c87ce7&type=display",
        "verification": "opened",
    },
    "conditions": {
        "description": "The tumour was completely resected.",
        "name": "complete_resection",
    },
    "assertions": {
        "authority": "FDA",
        "companion_diagnostics": ["cobas-egfr-v2-tissue"],
        "criteria": {
            "all": [
                {"tumor_type": "NSCLC"},
                {"any": [{"biomarker": "EGFR exon 19 deletion"}, {"biomarker": "EGFR L858R"}]},
                {"disease_stage": ["metastatic"]},
                {"line_of_therapy": {"max": "1", "min": "1"}},
            ]
        },
        "effect": "sensitivity",
        "events": [
            {
                "by": None,
                "date": "2018-04-18",
                "note": "First-line use after FLAURA.",
                "precision": "decision",
                "reason": "",
                "source": "esmo-osimertinib-2018-04-18",
                "type": "approved",
            }
        ],
        "evidence": [{"population": None, "result": None, "study": "flaura"}],
        "formulation": None,
        "id": "A0002",
        "jurisdiction": "US",
        "known_since": None,
        "notes": None,
        "preferred_by": "asco-living-nsclc-driver-2024",
        "regimen": ["osimertinib"],
        "replaces": [],
        "reviewed_on": "2026-11-22",
        "sources": [
            {
                "accessed_on": "2026-11-22",
                "id": "us-label-tagrisso",
                "kind": "label",
                "pmid": None,
                "publisher": "FDA",
                "title": "Tagrisso (osimertinib) prescribing information",
                "url": "https://dailymed.nlm.nih.gov/dailymed/fda/fdaDrugXsl.cfm?setid=5e81b4a7-b971-45e1-9c31-29cea8c87ce7&type=display",
                "verification": "opened",
                "where": "sections 1 and 14",
            }
        ],
        "statement": "Osimertinib alone is a first treatment of metastatic NSCLC with an "
        "EGFR exon 19 deletion or L858R.",
        "support": None,
        "test_required": True,
        "status": "approved",
    },
}
SEARCH_ANSWER: Json = {
    "items": [{"kind": "drug", "id": "osimertinib", "text": "osimertinib"}],
    "total": 1,
    "next": None,
    "intended_use": INTENDED_USE,
}


def id_of(name: str) -> str:
    """Return the identifier of the example record of a vocabulary."""
    record = RECORDS[name]
    if name == "variants":
        return f"{record['gene']} {record['variant']}"
    return str(next(record[key] for key in ("id", "code", "symbol", "name") if key in record))


def page_of(name: str) -> Json:
    """Return an example page of a vocabulary."""
    return {"items": [RECORDS[name]], "total": 1, "next": None, "intended_use": INTENDED_USE}


def record_of(name: str) -> Json:
    """Return an example record of a vocabulary."""
    return {"record": RECORDS[name], "intended_use": INTENDED_USE}
