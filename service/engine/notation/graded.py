"""Graded results: IHC scores, ISH, copy number, receptor and PD-L1 scores, and the HER2 status words.

Sources: ASCO/CAP HER2 testing in breast cancer (Wolff 2018, affirmed 2023) for scores and ISH words;
the HER2-ultralow range (faint incomplete staining in at most 10 % of cells) from DESTINY-Breast06.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from service.engine.model import Gene, Kind, Result

IHC_NEGATIVE = ("null", "ultralow", "1+")
_SCORE = re.compile(
    r"(?:score\s?(?:of\s)?)?([0-3])\s?\+?(?:\s?\(?(positive|negative|equivocal)\)?)?", re.I
)
_ULTRALOW = re.compile(
    r"(?:ultra[\s-]?low|>\s?0\s?(?:and|to|,)?\s?<\s?1\s?\+?"
    r"|0\+?\s?[(,]?\s?(?:with|but|ultra[\s-]?low)\s?(?:faint\s|some\s)?(?:membrane staining|ultra[\s-]?low)?\)?)",
    re.I,
)
_NULL = re.compile(
    r"(?:null|0\s?[(,]?\s?(?:null|no (?:membrane )?staining|without (?:membrane )?staining)\)?)",
    re.I,
)
_MEASURE = re.compile(
    r"(?:score\s?)?\(?(tps|cps|ic|tc)\)?\s?(?:score\s?)?(?:=|:|of)?\s?(<|>=|>|<=|\u2265|\u2264)?\s?"
    r"(\d{1,3}(?:\.\d)?)\s?%?",
    re.I,
)
_ISH_WORDS = {
    "+": "positive", "positive": "positive", "pos": "positive", "amplified": "positive",
    "amplification": "positive", "detected": "positive", "group 1": "positive",
    "-": "negative", "negative": "negative", "neg": "negative", "not amplified": "negative",
    "non-amplified": "negative", "nonamplified": "negative", "unamplified": "negative",
    "no amplification": "negative", "not detected": "negative", "group 5": "negative",
}  # fmt: skip
_RATIO = re.compile(
    r"(?:her2/cep17\s)?ratio\s?(?:=|:|of)?\s?(\d{1,2}(?:\.\d{1,2})?)"
    r"(?:[\s,;]+(?:her2\s|average\s|mean\s)*(?:copy number|copies|cn)\s?(?:=|:|of)?\s?(\d{1,3}(?:\.\d{1,2})?))?",
    re.I,
)
_COPIES = re.compile(r"(?:copy number|cn|copies)\s?(?:=|:|of)?\s?(\d{1,3}(?:\.\d)?)", re.I)
_AMPLIFIED = re.compile(
    r"(?:gene\s)?(?:amplification|amplified|amp|high[\s-]level amplification)", re.I
)
_GAIN = re.compile(r"(?:copy[\s-]number\s)?gain", re.I)


@dataclass(frozen=True, slots=True)
class ReadGrade:
    """A graded result: its kind, possible values or score, and the words for its name."""

    kind: Kind
    result: Result
    label: str
    values: tuple[str, ...] = ()
    measure: tuple[str, float, float] | None = None
    assay: str | None = None
    notes: tuple[str, ...] = field(default=())


def read_ihc(text: str, gene: Gene) -> ReadGrade | None:
    """Read what follows "IHC": a score, a word, or a percentage score of PD-L1."""
    bare = text.strip().strip("()").strip()
    measure = _read_measure(bare)
    if measure is not None:
        return measure
    if gene.symbol == "ERBB2":
        return _her2_ihc(bare)
    score = _SCORE.fullmatch(bare)
    word = bare.lower()
    if score is not None:
        value = f"{score[1]}+" if score[1] != "0" else "0"
        return _ihc((value,), "not_detected" if value == "0" else "detected", value)
    if word in ("positive", "pos", "+", "expressed", "expression", "overexpression", "detected"):
        return _ihc(("positive",), "detected", "positive")
    if word in ("negative", "neg", "-", "not expressed", "not detected", "loss"):
        return _ihc(("negative",), "not_detected", "negative")
    return None


def _her2_ihc(bare: str) -> ReadGrade | None:
    word = bare.lower()
    if _ULTRALOW.fullmatch(bare):
        return _ihc(("ultralow",), "detected", "0 with membrane staining (ultralow)")
    if _NULL.fullmatch(bare):
        return _ihc(("null",), "not_detected", "0 without membrane staining")
    score = _SCORE.fullmatch(bare)
    if score is not None:
        if score[1] == "0":
            return _ihc(("null", "ultralow"), "not_detected", "0")
        return _ihc((f"{score[1]}+",), "detected", f"{score[1]}+")
    if word in ("positive", "pos", "overexpression", "overexpressed"):
        return _ihc(("3+",), "detected", "3+")
    if word in ("negative", "neg"):
        return _ihc(IHC_NEGATIVE, "not_detected", "negative (0 or 1+)")
    return _ihc(("2+",), "detected", "2+") if word == "equivocal" else None


def _ihc(values: tuple[str, ...], result: Result, label: str) -> ReadGrade:
    return ReadGrade("expression", result, f"IHC {label}", values, assay="IHC")


def _read_measure(bare: str) -> ReadGrade | None:
    found = _MEASURE.fullmatch(bare)
    if found is None:
        return None
    scale, sign, number = found[1].upper(), found[2] or "", float(found[3])
    low, high = number, number
    if sign in (">", ">=", "\u2265"):
        high = 100.0
    elif sign in ("<", "<=", "\u2264"):
        low = 0.0
    if sign == "<":
        high = max(number - 0.001, 0.0)
    elif sign == ">":
        low = number + 0.001
    result: Result = "detected" if low > 0 else "not_detected"
    label = f"{scale} {sign}{number:g}"
    return ReadGrade("expression", result, label, measure=(scale, low, high), assay="IHC")


def read_ish(text: str) -> ReadGrade | None:
    """Read what follows "ISH" or "FISH" of a copy-number probe (HER2)."""
    bare = text.strip().strip("()").strip()
    word = bare.lower()
    value = _ISH_WORDS.get(word)
    if value is None:
        ratio = _RATIO.fullmatch(bare)
        if ratio is None:
            return None
        value = _dual_probe(float(ratio[1]), float(ratio[2]) if ratio[2] else None)
        if value is None:
            return ReadGrade(
                "in_situ_hybridization", "indeterminate", f"ISH {bare.lower()}", assay="ISH"
            )
    result: Result = "detected" if value == "positive" else "not_detected"
    return ReadGrade("in_situ_hybridization", result, f"ISH {value}", (value,), assay="ISH")


def _dual_probe(ratio: float, copies: float | None) -> str | None:
    """Return the ISH result of dual-probe groups 1 and 5; groups 2 to 4 need IHC (Wolff 2018)."""
    if copies is None:
        return None
    if ratio >= 2.0 and copies >= 4.0:
        return "positive"
    return "negative" if ratio < 2.0 and copies < 4.0 else None


def read_copy_number(text: str) -> ReadGrade | None:
    """Read amplification, gain and copy numbers of sequencing."""
    bare = text.strip().strip("()").strip()
    if _AMPLIFIED.fullmatch(bare):
        return ReadGrade("copy_number", "detected", "amplification", ("amplification",))
    if _GAIN.fullmatch(bare):
        return ReadGrade("copy_number", "detected", "copy number gain", ("gain",))
    copies = _COPIES.fullmatch(bare)
    if copies is not None:
        number = float(copies[1])
        # No label sets one cut-off for sequencing; 6 copies and more is called amplified by most
        # panels, 2 and less is not. Between them the result stays open.
        values = ("amplification",) if number >= 6 else ("gain", "amplification")
        if number <= 2:
            return ReadGrade("copy_number", "not_detected", f"copy number {number:g}")
        return ReadGrade("copy_number", "detected", f"copy number {number:g}", values)
    if bare.lower() in ("not amplified", "no amplification", "non-amplified", "unamplified"):
        return ReadGrade("copy_number", "not_detected", "amplification")
    return None


def read_status(text: str, gene: Gene) -> ReadGrade | None:
    """Read a stated status: HER2 positive, negative, low, ultralow; receptors; MSI and MMR."""
    word = text.strip().strip("()").strip().lower().replace(" ", "-")
    statuses = _STATUS_WORDS.get(gene.symbol, {}).get(word)
    if statuses is None:
        return None
    values, result, label = statuses
    return ReadGrade("status", result, label, values)


_Status = tuple[tuple[str, ...], Result, str]
_MSI_HIGH: _Status = (("high",), "detected", "MSI-high or dMMR")
_MSI_STABLE: _Status = (("stable",), "not_detected", "microsatellite stable or pMMR")
_HR_POSITIVE: _Status = (("positive",), "detected", "HR-positive")
_HR_NEGATIVE: _Status = (("negative",), "not_detected", "HR-negative")
_STATUS_WORDS: dict[str, dict[str, _Status]] = {
    "ERBB2": {
        "positive": (("positive",), "detected", "HER2-positive"),
        "pos": (("positive",), "detected", "HER2-positive"),
        "+": (("positive",), "detected", "HER2-positive"),
        "overexpression": (("positive",), "detected", "HER2-positive"),
        "overexpressed": (("positive",), "detected", "HER2-positive"),
        "overexpressing": (("positive",), "detected", "HER2-positive"),
        "negative": (("low", "ultralow", "null"), "not_detected", "HER2-negative"),
        "neg": (("low", "ultralow", "null"), "not_detected", "HER2-negative"),
        "-": (("low", "ultralow", "null"), "not_detected", "HER2-negative"),
        "low": (("low",), "detected", "HER2-low"),
        "ultralow": (("ultralow",), "detected", "HER2-ultralow"),
        "ultra-low": (("ultralow",), "detected", "HER2-ultralow"),
    },
    "HR": {
        "positive": _HR_POSITIVE, "pos": _HR_POSITIVE, "+": _HR_POSITIVE,
        "negative": _HR_NEGATIVE, "neg": _HR_NEGATIVE, "-": _HR_NEGATIVE,
    },
    "MSI": {
        "high": _MSI_HIGH, "h": _MSI_HIGH, "msi-h": _MSI_HIGH, "msi-high": _MSI_HIGH,
        "positive": _MSI_HIGH, "deficient": _MSI_HIGH, "dmmr": _MSI_HIGH, "unstable": _MSI_HIGH,
        "stable": _MSI_STABLE, "mss": _MSI_STABLE, "low": _MSI_STABLE, "negative": _MSI_STABLE,
        "proficient": _MSI_STABLE, "pmmr": _MSI_STABLE, "l": _MSI_STABLE,
    },
}  # fmt: skip
