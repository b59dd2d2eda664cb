"""Examples of what-if, compare and changes: short, real in form, held against the schemas."""

from __future__ import annotations

from typing import Any

from service.intended_use import INTENDED_USE

Json = dict[str, Any]

_CASE: Json = {
    "tumor_type": "BRCA",
    "biomarkers": [{"gene": "HER2", "assay": "IHC", "alteration": "2+"}],
    "jurisdictions": ["US"],
    "as_of": "2026-11-01",
}
WHAT_IF_REQUEST: Json = {
    "case": _CASE,
    "changes": [{"biomarker": {"gene": "HER2", "assay": "IHC", "alteration": "3+"}}],
}
COMPARE_REQUEST: Json = {
    "case": {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "jurisdictions": ["US"]},
    "from": {"as_of": "2018-01-01"},
    "to": {"as_of": "2019-01-01"},
}
_ROW: Json = {
    "regimen": {"id": "osimertinib", "name": "Osimertinib"},
    "applicability": "on_label",
    "level": {"amp_asco_cap": "I-A", "oncokb_style": "1"},
    "status": "approved",
    "biomarker_criteria": "met",
    "clinical_criteria": "undetermined",
    "needs": ["disease_stage", "line_of_therapy"],
    "opened_by": "found",
    "conflict": None,
    "assertions": ["A0002"],
}
_DIFFERENCES: Json = {
    "added": [
        {
            "section": "therapies",
            "regimen": {"id": "osimertinib", "name": "Osimertinib"},
            "fields": [],
            "before": None,
            "after": _ROW,
            "reason": (
                "EGFR L858R meets 'EGFR L858R'; Lung Adenocarcinoma is a kind of Non-Small Cell "
                "Lung Cancer; not reported: disease_stage, line_of_therapy."
            ),
            "events": [
                {
                    "assertion": "A0002",
                    "date": "2018-04-18",
                    "type": "approved",
                    "source": "esmo-osimertinib-2018-04-18",
                    "note": "First-line use after FLAURA.",
                    "reason": "",
                }
            ],
        }
    ],
    "gone": [],
    "changed": [],
    "unchanged": 6,
}


def _side(as_of: str, tumor_type: str, findings: list[str], rows: list[Json]) -> Json:
    return {
        "as_of": as_of,
        "tumor_type": tumor_type,
        "findings": findings,
        "therapies": rows,
        "resistance": [],
        "cautions": [],
        "result_hash": f"sha256:{64 * '0'}",
    }


WHAT_IF_ANSWER: Json = {
    "knowledge_base": {
        "version": "2026.11.0",
        "content_hash": f"sha256:{64 * '0'}",
        "as_of": "2026-11-01",
    },
    "intended_use": INTENDED_USE,
    "complete": True,
    "before": _side("2026-11-01", "BRCA", ["HER2 IHC 2+"], []),
    "after": _side("2026-11-01", "BRCA", ["HER2 IHC 3+"], []),
    "differences": {"added": [], "gone": [], "changed": [], "unchanged": 0},
    "set_apart": [],
    "warnings": [],
}
COMPARE_ANSWER: Json = {
    "intended_use": INTENDED_USE,
    "complete": True,
    "before": {**_side("2018-01-01", "LUAD", ["EGFR L858R"], []), "kb_version": "2026.11.0"},
    "after": {**_side("2019-01-01", "LUAD", ["EGFR L858R"], [_ROW]), "kb_version": "2026.11.0"},
    "differences": _DIFFERENCES,
    "set_apart": [],
    "warnings": [],
}
CHANGES_ANSWER: Json = {
    "since": "2026-01-01",
    "versions": ["2026.11.0"],
    "releases": [],
    "events": [
        {
            "assertion": "A0455",
            "date": "2026-08-26",
            "type": "approved",
            "source": "fda-daraxonrasib-2026-08-26",
            "note": "",
            "reason": "",
            "jurisdiction": "US",
            "regimen": "Daraxonrasib",
            "statement": "Daraxonrasib treats metastatic pancreatic adenocarcinoma after therapy.",
        }
    ],
    "intended_use": INTENDED_USE,
}
FEED = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:therapy-match:changes</id>
<title>therapy-match: changes of authorisations and knowledge</title>
<updated>2026-08-26T00:00:00Z</updated>
<author><name>therapy-match</name></author>
</feed>
"""
WATCH_ANSWER: Json = {
    "as_of": "2026-11-30",
    "items": [
        {
            "id": "ivonescimab-chemotherapy-egfr-nsclc-us",
            "kind": "application",
            "what": "Ivonescimab with chemotherapy in EGFR-mutated NSCLC after an inhibitor.",
            "drugs": ["ivonescimab"],
            "jurisdiction": "US",
            "due": "2026-11-14",
            "due_kind": "goal",
            "state": "overdue",
            "answered_on": None,
            "answer": None,
            "assertion": None,
            "source": "nasdaq-ivonescimab-2026-01-30",
            "checked_on": "2026-11-30",
        }
    ],
    "intended_use": INTENDED_USE,
}
TEST_PLAN_REQUEST: Json = {
    "tumor_type": "LUAD",
    "biomarkers": ["EGFR not detected", "KRAS not detected"],
    "jurisdictions": ["US"],
}
TEST_PLAN_ANSWER: Json = {
    "knowledge_base": {
        "version": "2026.11.0",
        "content_hash": f"sha256:{64 * '0'}",
        "as_of": "2026-11-01",
    },
    "intended_use": INTENDED_USE,
    "tumor_type": "LUAD",
    "findings": ["EGFR sequence variant not detected"],
    "tests": [
        {
            "gene": "BRAF",
            "assay": "sequencing",
            "on_label_decisions": 1,
            "would_decide": [
                {
                    "regimen": {
                        "id": "binimetinib+encorafenib",
                        "name": "Binimetinib + encorafenib",
                    },
                    "applicability": "on_label",
                    "assertions": ["A0313"],
                }
            ],
            "methods": [
                {
                    "id": "pcr",
                    "name": "Real-time PCR for known variants",
                    "technology": "PCR",
                    "scope": "gene",
                    "measures": ["sequence_variant"],
                    "specimen": "formalin-fixed tissue, cytology or plasma",
                    "typical_days": [2, 3],
                    "source": "her2-nsclc-consensus-2023",
                }
            ],
            "companion_diagnostics": [
                {
                    "id": "foundationone-cdx",
                    "name": "FoundationOne CDx",
                    "technology": "NGS",
                    "specimen": "tissue",
                }
            ],
            "reason": (
                "not reported; would help to decide 1 authorised indication in this tumour type"
            ),
        }
    ],
    "panel": {
        "tests": [
            {
                "method": "pcr",
                "name": "Real-time PCR for known variants",
                "gene": "BRAF",
                "specimen": "formalin-fixed tissue, cytology or plasma",
                "typical_days": [2, 3],
                "gives": [{"gene": "BRAF", "assay": "sequencing"}],
            }
        ],
        "covers": ["A0313"],
        "method": (
            "Exact minimum set cover: the fewest tests after which every on-label decision that "
            "hangs on a missing result can be taken, then the fewest typical days."
        ),
    },
    "warnings": [],
}
