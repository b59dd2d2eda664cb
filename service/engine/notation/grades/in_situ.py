"""In-situ hybridisation and copy number: FISH ratio and copies, groups 1 to 5, amplification, gain.

Source: ASCO/CAP HER2 testing in breast cancer (Wolff 2018, affirmed 2023), dual-probe groups 1 to 5
with the IHC result beside them, single-probe cut-offs 4 and 6.
"""

from __future__ import annotations

import re

from service.engine.model import Result
from service.engine.notation.faults import Remark
from service.engine.notation.readings import ReadGrade
from service.engine.notation.text.texts import unwrapped

_POSITIVE = frozenset({
    "+", "positive", "pos", "amplified", "amplification", "detected", "(+)", "+ve", "gene amplified",
    "amplification detected", "amplification present", "positive for amplification", "high amplification",
    "positive amplified", "positive amplification", "gene amplification", "her2 amplified", "erbb2 amplified",
})  # fmt: skip
_NEGATIVE = frozenset({
    "-", "negative", "neg", "not amplified", "non-amplified", "nonamplified", "unamplified", "(-)", "-ve",
    "no amplification", "not detected", "amplification not detected", "non amplified", "negative for amplification",
    "no amplification detected", "amplification negative", "not positive", "no gene amplification", "wild type", "normal",
})  # fmt: skip
_EQUIVOCAL = frozenset({"equivocal", "borderline"})
_FILLER = re.compile(
    r"^(?:is|was|test|testing|result|results|status|assay|analysis|shows?|showed)\b[\s:=]{0,3}",
    re.I,
)
_NUMBER = r"\s?(?:=|:|of|is|>=|>|\u2265)?\s?(\d{1,3}(?:\.\d{1,2})?)"
_RATIO = re.compile(
    rf"/?(?:(?:her-?2(?:/neu)?|erbb2)?\s?(?:/|:|to)?\s?(?:cep\s?-?17|cen\s?-?17|chr17|d17z1)\s?)?(?:signal\s)?ratio{_NUMBER}"
    rf"|(?:her-?2(?:/neu)?|erbb2)?\s?/\s?(?:cep|cen)\s?-?17{_NUMBER}",
    re.I,
)
_COPIES = re.compile(
    rf"(?:average\s|mean\s|her2\s|erbb2\s|gene\s)*(?:copy[\s-]?numbers?|copies|cn|gcn|signals)(?:\sper cell|/cell|\s/\s?cell)?{_NUMBER}(?:\s?(?:copies\s?)?(?:signals\s?)?(?:/|per)\s?(?:cell|nucleus))?"
    r"|(\d{1,3}(?:\.\d{1,2})?)\s?x?\s?(?:her2\s)?(?:copies|signals|copy number)(?:\s?(?:/|per)\s?(?:cell|nucleus))?",
    re.I,
)
_GROUP = re.compile(r"(?:ish\s)?group\s?([1-5])", re.I)
_AMPLIFIED = re.compile(
    r"(?:high[\s-](?:level\s)?|focal\s|gene\s|strong\s|medium\s)*(?:amplification|amplified|ampl?)(?:\s(?:detected|positive|present))?"
    r"(?:\s?[(,:]?\s?(?P<detail>[^()]{1,60})\)?)?",
    re.I,
)
_GAIN = re.compile(
    r"(?:low[\s-]level\s)?(?:gene\s)?(?:copy[\s-]number\s|cnv\s)?(?:gain|polysomy|low[\s-]level amplification|amplification low(?: \(\+\))?)|copy[\s-]number increase",
    re.I,
)
_EQUIVOCAL_BEFORE = re.compile(
    r"(?:equivocal|borderline)\s(?:gene\s)?amplification|(?:gene\s)?amplification[\s,:(-]{0,3}(?:equivocal|borderline)\)?",
    re.I,
)
_GAIN_WITH_COPIES = re.compile(
    r"(?:copy[\s-]number\s|cnv\s)?gain[\s,:(]{1,3}(?:copy[\s-]number\s|cn\s?=?\s?)?(\d{1,3}(?:\.\d{1,2})?)(?:\s?(?:copies|x))?\)?",
    re.I,
)
_LOSS = re.compile(
    r"(?:homozygous\s|heterozygous\s|gene\s|copy[\s-]number\s|whole gene\s)(?:loss|deletion)|copy loss",
    re.I,
)
_NOT_AMPLIFIED = re.compile(
    r"(?:not amplified|no (?:gene\s)?amplification(?:\sdetected)?|non-?\s?amplified|unamplified|amplification (?:not detected|negative|absent)|negative for amplification)",
    re.I,
)
#: Dual-probe group -> IHC scores with which the result is positive, and negative (Wolff 2018).
_GROUP_WITH_IHC = {
    2: (frozenset({"3+"}), frozenset({"0", "1+", "2+"})),
    3: (frozenset({"2+", "3+"}), frozenset({"0", "1+"})),
    4: (frozenset({"3+"}), frozenset({"0", "1+", "2+"})),
}


def read_ish(text: str, ihc: str | None = None) -> ReadGrade | None:
    """Read what follows "ISH" or "FISH" of a copy-number probe (HER2).

    Args:
        ihc: the IHC score of the same text, which decides dual-probe groups 2 to 4.
    """
    bare = unwrapped(_FILLER.sub("", unwrapped(text)))
    word = bare.lower()
    if word in _POSITIVE or word in _NEGATIVE:
        return _ish("positive" if word in _POSITIVE else "negative", "ISH word")
    if word in _EQUIVOCAL:
        return _open("ISH equivocal", "an equivocal ISH result does not decide")
    group = _GROUP.fullmatch(bare)
    if group is not None:
        return _of_group(int(group[1]), ihc)
    amplified = _AMPLIFIED.fullmatch(bare)
    if amplified is not None and amplified["detail"]:
        inner = read_ish(amplified["detail"], ihc)
        return inner if inner is not None and "positive" in inner.values else None
    stated = re.match(r"(positive|negative|amplified|not amplified)\s?[,;:(]\s?", bare, re.I)
    numbers = _numbers_of(bare[stated.end() :] if stated else bare)
    if numbers is None:
        return None
    grade = _of_numbers(*numbers, ihc)
    if stated is not None:
        expected = "negative" if stated[1].lower().startswith("n") else "positive"
        if expected not in grade.values:
            return None
        return grade if grade.result != "indeterminate" else _ish(expected, "stated ISH result")
    return grade


def _numbers_of(text: str) -> tuple[float | None, float | None] | None:
    """Return (ratio, copies) when a text is nothing but them."""
    ratio, copies = _RATIO.search(text), _COPIES.search(text)
    rest = text
    for found in (copies, ratio):
        if found is not None:
            rest = rest.replace(found[0], " ", 1)
    if (ratio is None and copies is None) or re.sub(
        r"\b(?:and|with|a|the|her2|erbb2|cep17|average|mean)\b", "", rest, flags=re.I
    ).strip(" ,;:()/"):
        return None
    number = (copies[1] or copies[2]) if copies else None
    share = (ratio[1] or ratio[2]) if ratio else None
    return float(share) if share else None, float(number) if number else None


def _of_numbers(ratio: float | None, copies: float | None, ihc: str | None) -> ReadGrade:
    if ratio is None:
        return _single_probe(copies or 0.0)
    if copies is None:
        # copies = ratio x CEP17 signals: with one chromosome 17 a cell, a ratio of 4 gives 4 copies.
        if ratio >= 4.0:
            return _ish("positive", f"ratio {ratio:g}: at least 4 copies follow")
        return _open(
            f"ISH ratio {ratio:g}", "a ratio alone does not decide: give the HER2 copies per cell"
        )
    if ratio >= 2.0:
        return _of_group(1 if copies >= 4.0 else 2, ihc)
    return _of_group(3 if copies >= 6.0 else 4 if copies >= 4.0 else 5, ihc)


def _single_probe(copies: float) -> ReadGrade:
    if copies >= 6.0:
        return _ish("positive", f"{copies:g} copies per cell: 6 or more")
    if copies < 4.0:
        return _ish("negative", f"{copies:g} copies per cell: fewer than 4")
    return _open(f"ISH copy number {copies:g}", "4 to 6 copies without a ratio are equivocal")


def _of_group(group: int, ihc: str | None) -> ReadGrade:
    if group in (1, 5):
        return _ish("positive" if group == 1 else "negative", f"dual-probe group {group}")
    positive, negative = _GROUP_WITH_IHC[group]
    for value, scores in (("positive", positive), ("negative", negative)):
        if ihc in scores:
            return _ish(value, f"dual-probe group {group} with IHC {ihc}: {value}")
    return _open(
        f"ISH group {group}", f"dual-probe group {group} is decided by the IHC result beside it"
    )


def _ish(value: str, step: str) -> ReadGrade:
    result: Result = "detected" if value == "positive" else "not_detected"
    return ReadGrade(
        "in_situ_hybridization",
        result,
        f"ISH {value}",
        (value,),
        assay="ISH",
        steps=(step,),
    )


def _open(label: str, note: str) -> ReadGrade:
    values = ("negative", "positive")
    return ReadGrade(
        "in_situ_hybridization", "indeterminate", label, values, assay="ISH",
        remarks=(Remark("equivocal", note),), steps=(label,),
    )  # fmt: skip


def read_copy_number(text: str) -> ReadGrade | None:
    """Read amplification, gain, loss and copy numbers of sequencing."""
    bare = unwrapped(text)
    equivocal = _EQUIVOCAL_BEFORE.fullmatch(bare)
    if equivocal is not None:
        remark = Remark("equivocal", "an equivocal amplification does not decide")
        return ReadGrade(
            "copy_number", "indeterminate", "amplification", remarks=(remark,),
            steps=("copy number in words",),
        )  # fmt: skip
    with_copies = _GAIN_WITH_COPIES.fullmatch(bare)
    if with_copies is not None:
        bare = f"{with_copies[1]} copies"
    if _NOT_AMPLIFIED.fullmatch(bare):
        return ReadGrade(
            "copy_number", "not_detected", "amplification", steps=("copy number in words",)
        )
    amplified = _AMPLIFIED.fullmatch(bare)
    if amplified is not None:
        detail = amplified["detail"]
        if (
            detail is None
            or _COPIES.fullmatch(detail.strip())
            or re.fullmatch(
                r"(?:\d{1,3}x|by NGS|NGS|(?:medium|high)?\s?\(?\+{2,3}\)?|high|medium)",
                detail,
                re.I,
            )
        ):
            return ReadGrade(
                "copy_number",
                "detected",
                "amplification",
                ("amplification",),
                steps=("copy number in words",),
            )
        return None
    if _GAIN.fullmatch(bare):
        return ReadGrade(
            "copy_number",
            "detected",
            "copy number gain",
            ("gain",),
            steps=("copy number in words",),
        )
    if _LOSS.fullmatch(bare):
        return ReadGrade(
            "copy_number",
            "detected",
            "copy number loss",
            ("loss",),
            steps=("copy number in words",),
        )
    copies = _COPIES.fullmatch(bare)
    return _of_copies(float(copies[1] or copies[2])) if copies is not None else None


def _of_copies(number: float) -> ReadGrade:
    # No label sets one cut-off for sequencing; 6 copies and more is called amplified by most panels,
    # 2 and less is not. Between them the result stays open.
    label, steps = f"copy number {number:g}", (f"{number:g} copies",)
    if number <= 2:
        return ReadGrade("copy_number", "not_detected", label, copies=number, steps=steps)
    values = ("amplification",) if number >= 6 else ("amplification", "gain")
    remark = Remark(
        "equivocal", f"{number:g} copies: gain or amplification, by the laboratory's cut-off"
    )
    return ReadGrade(
        "copy_number",
        "detected",
        label,
        values,
        copies=number,
        remarks=() if number >= 6 else (remark,),
        steps=steps,
    )
