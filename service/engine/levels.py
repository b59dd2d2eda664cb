"""Levels of evidence: one table from what supports an assertion to tier and crosswalk (rule M21).

Sources: Li et al. 2017, J Mol Diagn 19:4-23 (AMP/ASCO/CAP tiers and levels). The ``oncokb_style``
value is our crosswalk to the public definitions of OncoKB's levels (Chakravarty et al. 2017,
JCO Precis Oncol 1:1-16); no OncoKB content is used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from service.engine.assertion import Assertion

Applicability = Literal[
    "on_label", "guideline", "if_subtype", "investigational", "other_tumor_type"
]

#: Best first; the first key of the order of the answer (rule M20).
APPLICABILITY_ORDER: tuple[Applicability, ...] = (
    "on_label",
    "guideline",
    "if_subtype",
    "investigational",
    "other_tumor_type",
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level in both schemes with the reason in words; ``order`` sorts best first.

    ``by_fda``: the FDA authorised it for this biomarker in this tumour type.
    """

    amp_asco_cap: str
    oncokb_style: str
    reason: str
    order: int
    by_fda: bool = False

    @property
    def fda(self) -> tuple[str | None, str]:
        """Return the FDA level for tumour profiling, as a crosswalk, and its reason.

        Only what the FDA authorised for the biomarker in this tumour type has one: what another
        regulator or a guideline says is not the FDA's. Level 1 is a claim of a companion
        diagnostic, which only the test itself can have.
        Source: FDA, CDRH's approach to tumor profiling next generation sequencing tests (2017).
        """
        if self.by_fda:
            return "2", "a finding with evidence of clinical significance"
        return None, "not authorised by the FDA for this biomarker in this tumour type"


#: (what stands behind it) -> applicability of an assertion whose tumour type covers the case.
SUPPORT_APPLICABILITY: dict[str, Applicability] = {
    "guideline": "guideline",
    "well_powered_study": "guideline",
    "early_clinical": "investigational",
    "case_reports": "investigational",
    "preclinical": "investigational",
}

_FDA = "authorised by the FDA for this biomarker in this tumour type"
_OTHER_AUTHORITY = "authorised by another regulator than the FDA in this tumour type"

_NO_TEST = "authorised in this tumour type; the label asks for no biomarker"

#: (basis, in this tumour type) -> level. ``basis``: FDA, authority (another) or a support word.
SENSITIVITY: dict[tuple[str, bool], Level] = {
    ("FDA", True): Level("I-A", "1", _FDA, 0, by_fda=True),
    ("authority", True): Level("I-A", "2", _OTHER_AUTHORITY, 1),
    ("guideline", True): Level("I-A", "2", "accepted practice in this tumour type", 1),
    ("well_powered_study", True): Level("I-B", "2", "well-powered studies in this tumour type", 2),
    ("early_clinical", True): Level("II-C", "3A", "early clinical evidence in this tumour type", 3),
    ("case_reports", True): Level("II-D", "4", "case reports in this tumour type", 5),
    ("preclinical", True): Level("II-D", "4", "preclinical evidence", 6),
    ("FDA", False): Level("II-C", "3B", "authorised in another tumour type", 4),
    ("authority", False): Level("II-C", "3B", "authorised in another tumour type", 4),
    ("guideline", False): Level("II-C", "3B", "accepted practice in another tumour type", 4),
    ("well_powered_study", False): Level(
        "II-C", "3B", "well-powered studies in another tumour type", 4
    ),
    ("early_clinical", False): Level(
        "II-D", "4", "early clinical evidence in another tumour type", 7
    ),
    ("case_reports", False): Level("II-D", "4", "case reports in another tumour type", 8),
    ("preclinical", False): Level("II-D", "4", "preclinical evidence in another tumour type", 8),
}
RESISTANCE: dict[tuple[str, bool], Level] = {
    ("FDA", True): Level("I-A", "R1", "stated by a label in this tumour type", 0, by_fda=True),
    ("authority", True): Level("I-A", "R1", "stated by a label in this tumour type", 0),
    ("guideline", True): Level("I-A", "R1", "accepted practice in this tumour type", 0),
    ("well_powered_study", True): Level("I-B", "R1", "well-powered studies in this tumour type", 1),
    ("early_clinical", True): Level("II-C", "R2", "early clinical evidence in this tumour type", 2),
    ("case_reports", True): Level("II-D", "R2", "case reports in this tumour type", 3),
    ("preclinical", True): Level("II-D", "R2", "preclinical evidence", 4),
}
RESISTANCE_ELSEWHERE = Level("II-D", "R2", "resistance known in another tumour type", 5)


def conditional(level: Level, subtypes: str) -> Level:
    """Return a level that holds for a subtype only (rule M29), with the condition in its reason.

    Args:
        subtypes: in words; empty when the tree knows none by name.
    """
    return replace(level, reason=f"{level.reason}, if the tumour is {subtypes or 'a subtype'}")


def level_of(assertion: Assertion, *, in_tumor_type: bool) -> Level:
    """Return the level of an assertion for a case.

    Args:
        in_tumor_type: whether the assertion's tumour type covers (or may cover) the case.

    Source: Li et al. 2017, tables 2 and 3.
    """
    if assertion.authority is not None:
        basis = "FDA" if assertion.authority == "FDA" else "authority"
    else:
        basis = assertion.support or "preclinical"
    if assertion.effect == "sensitivity":
        level = SENSITIVITY[basis, in_tumor_type]
        if in_tumor_type and not assertion.needs_test:
            return replace(level, reason=_NO_TEST, by_fda=False)
        return level
    return RESISTANCE[basis, True] if in_tumor_type else RESISTANCE_ELSEWHERE
