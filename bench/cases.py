"""The requests that are measured, from the everyday one to the broad one."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

CASES: dict[str, Json] = {
    "LUAD, EGFR L858R": {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]},
    "COAD, BRAF V600E, RAS wild type, MSS": {
        "tumor_type": "COAD",
        "biomarkers": ["BRAF V600E", "KRAS wild type", "NRAS wild type", "MSI stable"],
        "patient": {"disease_stage": "metastatic", "line_of_therapy": 2},
    },
    "BRCA, HER2 IHC 2+/ISH-, HR positive": {
        "tumor_type": "BRCA",
        "biomarkers": ["HER2 IHC 2+/ISH-", "ER positive"],
    },
    "LUAD, eight results": {
        "tumor_type": "LUAD",
        "biomarkers": [
            "EGFR exon 19 deletion",
            "EGFR T790M",
            "ALK negative",
            "BRAF wild type",
            "KRAS G12C",
            "NRAS wild type",
            "HER2 IHC 3+",
            "PD-L1 TPS 60%",
        ],
    },
}
MAIN = "LUAD, EGFR L858R"
