"""Answers of the knowledge cases, and of what they leave out, as Bundles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from service.adapters.fhir_out import Answered, Release, Remarks, to_bundle
from service.adapters.v1.case import ReadCase, read_case
from service.adapters.v1.warnings import placed_notices
from service.api.fhir.bundles import texts_of
from service.engine.match import match
from service.errors import InputError
from service.knowledge.store import KnowledgeBase
from tests.cases import CASE_FOLDERS, TODAY, read_cases

Json = dict[str, Any]
#: What the knowledge cases hold none or few of: (tumour type, biomarkers).
MORE: tuple[tuple[str, list[str]], ...] = (
    ("LUAD", ["EGFR L858R", "EGFR T790M", "EGFR C797S"]),
    ("LUAD", ["ALK::EML4"]),
    ("LUAD", ["EML4-ALK fusion", "ALK G1202R"]),
    ("LUAD", ["ALK FISH negative", "ALK IHC 1+", "ALK IHC positive"]),
    ("LUAD", ["KRAS G12C", "PD-L1 TPS 1-49%", "PD-L1 CPS 10", "PD-L1 TPS 0%"]),
    ("LUAD", ["EGFR c.2184+19G>A", "EGFRvIII", "EGFR exon 18-25 duplication"]),
    ("LUAD", ["ERBB2 copy number 12", "EGFR copy number loss", "EGFR L62V"]),
    ("BREAST", ["HER2 IHC 1-2+", "HER2 ISH group 3", "ER 5%", "PR H-score 200", "ER Allred 7/8"]),
    ("BREAST", ["HER2 IHC 0 with membrane staining", "HR-positive", "HER2 ISH negative"]),
    ("BREAST", ["HER2-low", "HER2-positive", "HER2-ultralow"]),
    ("COADREAD", ["BRAF V600E", "KRAS wild type", "NRAS wild type", "MSI-H"]),
    ("COADREAD", ["KRAS not detected", "NRAS not detected", "BRAF not detected", "MSS"]),
    ("COADREAD", ["KRAS G12D", "HER2 amplification"]),
    ("TISSUE", ["BRAF V600E"]),
    ("LUAD", []),
)


def read(kb: KnowledgeBase, given: Json) -> ReadCase | None:
    """Return an understood case; ``None`` when the case is about a refusal."""
    data = dict(given)
    if isinstance(data.get("as_of"), str):
        data["as_of"] = dt.date.fromisoformat(data["as_of"])
    try:
        return read_case(kb, data, today=TODAY)
    except InputError:
        return None


def case_of(kb: KnowledgeBase, tumor_type: str, *biomarkers: str, **more: Any) -> ReadCase:
    """Return an understood case."""
    case = read(kb, {"tumor_type": tumor_type, "biomarkers": list(biomarkers), **more})
    assert case is not None
    return case


@lru_cache(maxsize=2)
def sample(kb: KnowledgeBase) -> tuple[ReadCase, ...]:
    """Return the cases whose Bundles are checked: one a set of findings in a tumour type."""
    chosen: dict[Any, ReadCase] = {}
    for given in _given():
        case = read(kb, given)
        if case is not None:
            names = tuple(finding.name for finding in case.case.findings)
            chosen.setdefault((case.case.tumor_type, names), case)
    return tuple(chosen.values())


def _given() -> Iterator[Json]:
    for tumor_type, biomarkers in MORE:
        yield {"tumor_type": tumor_type, "biomarkers": biomarkers}
    for folder in CASE_FOLDERS:
        for case in read_cases(folder):
            yield case["given"]


def bundle(
    kb: KnowledgeBase, case: ReadCase, release: Release, *, subject: str | None = "Patient/1"
) -> Json:
    """Return the answer to a case as a Bundle."""
    report = match(kb.rulebook, case.case)
    notices = placed_notices(kb.rulebook, case, report.case)
    answered = Answered(report, Remarks(subject, notices=notices), texts=texts_of(case))
    return to_bundle(kb, [answered], release=release)
