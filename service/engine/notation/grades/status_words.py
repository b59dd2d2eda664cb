"""Stated statuses (HER2 low, MSI-H, HR+), and negatives that name no gene.

A word is taken for what it decides and no more; the words of each gene and marker are data of its
families.
"""

from __future__ import annotations

import re

from service.engine.model import Gene
from service.engine.notation.faults import Remark
from service.engine.notation.readings import ReadGrade
from service.engine.notation.text.texts import unwrapped

_STATUS_FILLER = re.compile(
    r"^(?:status|is|was|expression|disease|protein)\b[\s:=]{0,3}|\s(?:status|disease|tumou?r|cancer)$",
    re.I,
)


def read_status(text: str, gene: Gene) -> ReadGrade | None:
    """Read a status in one of the words that the gene or marker has for it."""
    if not gene.grading.statuses:
        return None
    bare = unwrapped(_STATUS_FILLER.sub("", text.strip()))
    word = bare.lower().replace(" ", "-")
    stated = next((status for status in gene.grading.statuses if word in status.words), None)
    if stated is None:
        return None
    remarks = (Remark("equivocal", stated.note, stated.suggestions),) if stated.note else ()
    return ReadGrade(
        "status", stated.result, stated.label, stated.values, remarks=remarks,
        steps=("stated status",),
    )  # fmt: skip


_UNSCOPED = re.compile(
    r"(?:pan[\s-]?negative|no (?:\w+\s){0,3}(?:alterations?|mutations?|variants?|findings?|biomarkers?|drivers?|abnormalit(?:y|ies))"
    r"(?:\s(?:detected|identified|found))?|negative|wild[\s-]?type|all negative|driver[\s-]negative|none|none detected|not detected"
    r"|no reportable \w+(?:\s\w+)?)",
    re.I,
)


def is_unscoped_negative(text: str) -> bool:
    """Tell whether a text is a negative result that names no gene (``pan-negative``)."""
    return len(text) <= 80 and _UNSCOPED.fullmatch(text) is not None
