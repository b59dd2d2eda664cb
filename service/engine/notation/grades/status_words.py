"""Stated statuses and words about several genes: HER2 low, MSI-H, HR+, RAS wild type, triple negative.

A word is taken for what it decides and no more. Sources: ASCO/CAP HER2 2018; ASCO/CAP ER and PR 2020
(HR-positive is ER or PR positive); RAS means KRAS and NRAS in the labels of the EGFR antibodies.
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


#: Whole texts that speak about markers or several genes -> texts of one gene each.
_AGGREGATES = (
    (r"(?:all[\s-]?)?(?:pan[\s-]?)?(?:extended\s)?(?:k?ras/nras|kras/nras|ras)[\s-]?(?:status[\s:]+)?(?:wild[\s-]?type|wt|negative|not mutated|unmutated|non-?mutated)|(?:wild[\s-]?type|wt)\sras"
     r"|no (?:(?:extended\s)?ras mutations?|mutations? in ras)(?: detected| found)?|ras mutations?:? (?:not detected|negative|absent)",
     ("KRAS wild type", "NRAS wild type")),
    (r"(?:all[\s-]?)?ras(?:\s?/\s?|\sand\s|\s?,\s?)b?raf[\s-]?(?:status[\s:]+)?(?:wild[\s-]?type|wt|not mutated|unmutated|mutation negative)",
     ("KRAS wild type", "NRAS wild type", "BRAF wild type")),
    (r"ras\s?\(?exons? 2(?:\s?-\s?4|, ?3,? ?(?:and|&)? ?4)\)?[\s:]+(?:wild[\s-]?type|wt|not mutated)",
     ("KRAS wild type", "NRAS wild type")),
    (r"k-?ras\s?/\s?n-?ras(?:\s?/\s?braf)?[\s-](?:wild[\s-]?type|wt)", ()),
    (r"triple[\s-]?negative(?: breast cancer)?|tnbc", ("ER negative", "PR negative", "HER2 negative")),
    (r"(?:er|hr)\s?(?:/\s?pr?)\s?(?:\+|[\s-]?positive)|er and/or pr[\s-]positive|luminal(?: a| b)?", ("HR positive",)),
    (r"(?:er|oestrogen|estrogen)\s?/\s?pr\s?(?:-|[\s-]?negative)", ("ER negative", "PR negative")),
    (r"(?:msi|microsatellite(?: instability)?)[\s-]?(?:h|high)(?:\s?\(.{1,30}\))?|dmmr|mmr[\s-]?d|d-mmr|msi-?h/dmmr|dmmr/msi-?h|msi-high or dmmr"
     r"|mismatch repair[\s-]deficien(?:t|cy)(?: \(dmmr\))?|deficient (?:mmr|mismatch repair)(?: \(dmmr\))?|microsatellite status[\s:\-]{1,3}msi-?(?:h|high)|(?:mlh1|pms2|msh2|msh6)(?:\s?(?:/|and)\s?(?:mlh1|pms2|msh2|msh6))?(?: expression)?[\s:]{1,2}loss|loss of (?:mlh1|pms2|msh2|msh6)(?:\s?(?:/|and)\s?(?:mlh1|pms2|msh2|msh6))?(?: expression)?",
     ("MSI high",)),
    (r"(?:microsatellite )?status[\s:\-]{1,3}(?:ms-?)?stable|microsatellite status[\s:\-]{1,3}(?:ms-?)?(?:stable|mss)|ms-stable|mss|pmmr|mmr[\s-]?p|msi-?l|microsatellite[\s-]stable(?:\s?\(mss\))?|mss/pmmr|pmmr/mss|microsatellite stable or pmmr"
     r"|mismatch repair[\s-]proficient(?: \(pmmr\))?|proficient (?:mmr|mismatch repair)(?: \(pmmr\))?|(?:mmr|mismatch repair) intact",
     ("MSI stable",)),
)  # fmt: skip
_AGGREGATE_FORMS = tuple((re.compile(pattern, re.I), parts) for pattern, parts in _AGGREGATES)
_RAS_FOUND = re.compile(
    r"(?:extended\s|pan-?|all\s)?ras[\s-]?(?:mutation|mutated|mutant|mut|positive|mutation positive)(?:\s(?:detected|positive))?|mutant ras|mutation in ras",
    re.I,
)
_UNSCOPED = re.compile(
    r"(?:pan[\s-]?negative|no (?:\w+\s){0,3}(?:alterations?|mutations?|variants?|findings?|biomarkers?|drivers?|abnormalit(?:y|ies))"
    r"(?:\s(?:detected|identified|found))?|negative|wild[\s-]?type|all negative|driver[\s-]negative|none|none detected|not detected"
    r"|no reportable \w+(?:\s\w+)?)",
    re.I,
)


def read_aggregate(text: str) -> tuple[str, ...] | None:
    """Return the texts of one gene each that a word about several genes stands for, or ``None``."""
    if len(text) > 80:
        return None
    for pattern, parts in _AGGREGATE_FORMS:
        if parts and pattern.fullmatch(text):
            return parts
    return None


def is_some_ras_mutation(text: str) -> bool:
    """Tell whether a text says that RAS is mutated without saying which RAS gene."""
    return len(text) <= 80 and _RAS_FOUND.fullmatch(text) is not None


def is_unscoped_negative(text: str) -> bool:
    """Tell whether a text is a negative result that names no gene (``pan-negative``)."""
    return len(text) <= 80 and _UNSCOPED.fullmatch(text) is not None
