"""Examples of what-if, compare and changes: short, real in form, held against the schemas."""

from __future__ import annotations

from typing import Any

from service.adapters.v1_out import INTENDED_USE

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
        "result_hash": f"sha256:{64 * '0'}",
    }


WHAT_IF_ANSWER: Json = {
    "knowledge_base": {
        "version": "2026.11.0",
        "content_hash": f"sha256:{64 * '0'}",
        "as_of": "2026-11-01",
    },
    "intended_use": INTENDED_USE,
    "before": _side("2026-11-01", "BRCA", ["HER2 IHC 2+"], []),
    "after": _side("2026-11-01", "BRCA", ["HER2 IHC 3+"], []),
    "differences": {"added": [], "gone": [], "changed": [], "unchanged": 0},
    "warnings": [],
}
COMPARE_ANSWER: Json = {
    "intended_use": INTENDED_USE,
    "before": {**_side("2018-01-01", "LUAD", ["EGFR L858R"], []), "kb_version": "2026.11.0"},
    "after": {**_side("2019-01-01", "LUAD", ["EGFR L858R"], [_ROW]), "kb_version": "2026.11.0"},
    "differences": _DIFFERENCES,
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
