"""In-situ hybridisation and copy number: FISH ratio and copies, groups 1 to 5, amplification, gain.

Source: ASCO/CAP HER2 testing in breast cancer (Wolff 2018, affirmed 2023), dual-probe groups 1 to 5
with the IHC result beside them, single-probe cut-offs 4 and 6.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from service.engine.grading import Probe, group_of
from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.readings import ReadGrade
from service.engine.notation.text.texts import unwrapped

_POSITIVE = frozenset({
    "+", "positive", "pos", "amplified", "amplification", "detected", "(+)", "+ve", "gene amplified",
    "amplification detected", "amplification present", "positive for amplification", "high amplification",
    "positive amplified", "positive amplification", "gene amplification",
})  # fmt: skip
_NEGATIVE = frozenset({
    "-", "negative", "neg", "not amplified", "non-amplified", "nonamplified", "unamplified", "(-)", "-ve",
    "no amplification", "not detected", "amplification not detected", "non amplified", "negative for amplification",
    "no amplification detected", "amplification negative", "not positive", "no gene amplification", "wild type", "normal",
})  # fmt: skip
_EQUIVOCAL = frozenset({"equivocal", "borderline"})
#: Estimates with decimals that round to two copies are no gain.
_NORMAL_COPIES = 2.49
_STATED = re.compile(
    r"(positive|negative|amplified|not amplified|non-?amplified)\s?[,;:(]\s?", re.I
)
_FILLER = re.compile(
    r"^(?:is|was|test|testing|result|results|status|assay|analysis|shows?|showed)\b[\s:=]{0,3}",
    re.I,
)
_NUMBER = r"\s?(?:=|:|of|is|>=|>|\u2265)?\s?(\d{1,3}(?:\.\d{1,2})?)"
_RATIO = re.compile(
    rf"/?(?:(?:gene)?\s?(?:/|:|to)?\s?(?:(?:cep|cen)\s?-?\d{{1,2}}|chr\d{{1,2}}|d17z1)\s?)?(?:signal\s)?ratio{_NUMBER}"
    rf"|(?:gene)?\s?/\s?(?:cep|cen)\s?-?\d{{1,2}}{_NUMBER}",
    re.I,
)
_COPIES = re.compile(
    rf"(?:average\s|mean\s|gene\s)*(?:copy[\s-]?numbers?|copies|cn|gcn|signals)(?:\sper cell|/cell|\s/\s?cell)?{_NUMBER}(?:\s?(?:copies\s?)?(?:signals\s?)?(?:/|per)\s?(?:cell|nucleus))?"
    r"|(\d{1,3}(?:\.\d{1,2})?)\s?x?\s?(?:gene\s)?(?:copies|signals|copy number|copy)(?:\s?(?:/|per)\s?(?:cell|nucleus))?",
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
_DEEP = re.compile(
    r"(?:homozygous|deep|biallelic|complete)[\s-](?:gene\s|copy[\s-]number\s)?(?:loss|deletion)(?:\s\(?(?:homdel|-2)\)?)?|homdel|deep del",
    re.I,
)
_LOH = re.compile(r"(?:copy[\s-]neutral\s)?(?:loh|loss of heterozygosity)", re.I)
_LOSS = re.compile(
    r"(?:heterozygous\s|hemizygous\s|single[\s-]copy\s|shallow\s|gene\s|copy[\s-]number\s|whole gene\s)(?:loss|deletion)|copy loss|loss",
    re.I,
)
#: What says how strong an amplification is, or how it was found.
_HOW_AMPLIFIED = re.compile(
    r"(?:\d{1,3}x|by NGS|NGS|(?:medium|high)?\s?\(?\+{2,3}\)?|high|medium)", re.I
)
_ANY = float("inf")
#: Words of a change in copies -> its name, its value, and the copies that it can leave: more than
#: the first, fewer than the second.
_CHANGES = (
    (_GAIN, "copy number gain", "gain", (2.0, _ANY)),
    (_DEEP, "deep deletion", "deep_deletion", (-1.0, 1.0)),
    (_LOH, "loss of heterozygosity", "loh", (-1.0, _ANY)),
    (_LOSS, "copy number loss", "loss", (-1.0, 2.0)),
)
#: "deep deletion (0 copies)", "loss, copy number 1".
_WORDS_WITH_COPIES = re.compile(
    rf"(?P<words>[^()\d]+?)[\s,:=(]{{1,3}}(?P<copies>{_COPIES.pattern})\)?", re.I
)
_NOT_AMPLIFIED = re.compile(
    r"(?:not amplified|no (?:gene\s)?amplification(?:\sdetected)?|non-?\s?amplified|unamplified|amplification (?:not detected|negative|absent)|negative for amplification)",
    re.I,
)


@lru_cache(maxsize=64)
def _own_names(names: tuple[str, ...]) -> re.Pattern[str]:
    flexible = (
        r"[\s-]?".join(re.escape(part) for part in re.split(r"[\s\-]+", name))
        for name in sorted(names, key=len, reverse=True)
    )
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(flexible)})(?![A-Za-z0-9])", re.I)


def as_gene(text: str, gene: Gene) -> str:
    """Return a text with the word "gene" for the gene's own names: ``HER2/CEP17`` -> ``gene/CEP17``."""
    return _own_names((gene.symbol, gene.label, *gene.aliases)).sub("gene", text)


def read_ish(text: str, gene: Gene, ihc: str | None = None) -> ReadGrade | None:
    """Read what follows "ISH" or "FISH" of a probe that counts copies.

    Args:
        ihc: the IHC score of the same text, which decides the open groups of a dual probe.
    """
    return _read_ish(as_gene(text, gene), gene.grading.probe, ihc)


def _read_ish(text: str, probe: Probe, ihc: str | None) -> ReadGrade | None:
    bare = unwrapped(_FILLER.sub("", unwrapped(text)))
    word = bare.lower()
    if word in _POSITIVE or word in _NEGATIVE:
        return _ish("positive" if word in _POSITIVE else "negative", "ISH word")
    if word in _EQUIVOCAL:
        return _open("ISH equivocal", "an equivocal ISH result does not decide")
    group = _GROUP.fullmatch(bare)
    if group is not None:
        return _of_group(int(group[1]), probe, ihc)
    amplified = _AMPLIFIED.fullmatch(bare)
    if amplified is not None and amplified["detail"]:
        inner = _read_ish(amplified["detail"], probe, ihc)
        return inner if inner is not None and "positive" in inner.values else None
    stated = _STATED.match(bare)
    inner_text = bare[stated.end() :] if stated else bare
    numbers = _numbers_of(inner_text)
    if numbers is None:
        inner = _read_ish(inner_text.removesuffix(")"), probe, ihc) if stated else None
        expected = "negative" if stated and stated[1].lower().startswith("n") else "positive"
        return inner if inner is not None and inner.values == (expected,) else None
    grade = _of_numbers(*numbers, probe, ihc)
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
        r"\b(?:and|with|a|the|gene|cep\d{1,2}|average|mean)\b", "", rest, flags=re.I
    ).strip(" ,;:()/"):
        return None
    number = (copies[1] or copies[2]) if copies else None
    share = (ratio[1] or ratio[2]) if ratio else None
    return float(share) if share else None, float(number) if number else None


def _of_numbers(
    ratio: float | None, copies: float | None, probe: Probe, ihc: str | None
) -> ReadGrade:
    low, high = probe.copies
    cut = probe.ratio or 0.0
    if ratio is None:
        return _single_probe(copies or 0.0, low, high)
    if copies is None:
        # copies = ratio x CEP17 signals: with one chromosome 17 a cell, a ratio of 4 gives 4 copies.
        if cut and ratio >= low:
            return _ish("positive", f"ratio {ratio:g}: at least {low:g} copies follow")
        return _open(f"ISH ratio {ratio:g}", probe.note, ratio=ratio)
    return _of_group(group_of(ratio, copies, probe), probe, ihc)


def _single_probe(copies: float, low: float, high: float) -> ReadGrade:
    if copies >= high:
        return _ish("positive", f"{copies:g} copies per cell: {high:g} or more", copies)
    if copies < low:
        return _ish("negative", f"{copies:g} copies per cell: fewer than {low:g}", copies)
    note = f"{low:g} to {high:g} copies without a ratio are equivocal"
    return _open(f"ISH copy number {copies:g}", note, copies=copies)


def _of_group(group: int, probe: Probe, ihc: str | None) -> ReadGrade:
    decided = {number: (positive, negative) for number, positive, negative in probe.groups}
    if group not in decided:
        return _ish("positive" if group == 1 else "negative", f"dual-probe group {group}")
    positive, negative = decided[group]
    for value, scores in (("positive", positive), ("negative", negative)):
        if ihc in scores:
            return _ish(value, f"dual-probe group {group} with IHC {ihc}: {value}")
    return _open(
        f"ISH group {group}",
        f"dual-probe group {group} is decided by the IHC result beside it",
        values=(f"group {group}",),
    )


def _ish(value: str, step: str, copies: float | None = None) -> ReadGrade:
    result: Result = "detected" if value == "positive" else "not_detected"
    return ReadGrade(
        "in_situ_hybridization",
        result,
        f"ISH {value}",
        (value,),
        copies=copies,
        assay="ISH",
        steps=(step,),
    )


def _open(
    label: str,
    note: str,
    *,
    values: tuple[str, ...] = (),
    ratio: float | None = None,
    copies: float | None = None,
) -> ReadGrade:
    """Return a result that another one beside it decides; numbers stay, to be joined with it."""
    measure = ("ratio", ratio, ratio) if ratio is not None else None
    return ReadGrade(
        "in_situ_hybridization", "indeterminate", label, values or ("negative", "positive"),
        measure, copies=copies, assay="ISH", remarks=(Remark("equivocal", note),), steps=(label,),
    )  # fmt: skip


def read_copy_number(text: str) -> ReadGrade | None:
    """Read amplification, gain, loss and copy numbers of sequencing."""
    bare = unwrapped(text)
    if _EQUIVOCAL_BEFORE.fullmatch(bare) is not None:
        remark = Remark("equivocal", "an equivocal amplification does not decide")
        return replace(_in_words("indeterminate", "amplification"), remarks=(remark,))
    with_copies = _GAIN_WITH_COPIES.fullmatch(bare)
    if with_copies is not None:
        _check_copies(text, float(with_copies[1]), (2.0, _ANY))
        bare = f"{with_copies[1]} copies"
    if _NOT_AMPLIFIED.fullmatch(bare):
        return _in_words("not_detected", "amplification")
    amplified = _AMPLIFIED.fullmatch(bare)
    if amplified is not None:
        return _read_amplified(text, amplified["detail"])
    changed = _read_changed(text, bare)
    copies = _COPIES.fullmatch(bare) if changed is None else None
    return _of_copies(float(copies[1] or copies[2])) if copies is not None else changed


def _read_amplified(text: str, detail: str | None) -> ReadGrade | None:
    """Read what stands behind "amplification": a number of copies, how strong, or how it was found."""
    counted = _COPIES.fullmatch(detail.strip()) if detail else None
    if counted is not None:
        _check_copies(text, float(counted[1] or counted[2]), (_NORMAL_COPIES, _ANY))
    if detail is not None and counted is None and _HOW_AMPLIFIED.fullmatch(detail) is None:
        return None
    return _in_words("detected", "amplification", "amplification")


def _read_changed(text: str, bare: str) -> ReadGrade | None:
    """Read the words of another change in copies, with the number beside them."""
    beside = _WORDS_WITH_COPIES.fullmatch(bare)
    for pattern, label, value, around in _CHANGES:
        if beside is not None and pattern.fullmatch(beside["words"]):
            counted = _COPIES.fullmatch(beside["copies"])
            _check_copies(text, float((counted[1] or counted[2]) if counted else 0), around)
            bare = beside["words"]
        if pattern.fullmatch(bare):
            return _in_words("detected", label, value)
    return None


def _in_words(result: Result, label: str, *values: str) -> ReadGrade:
    return ReadGrade("copy_number", result, label, values, steps=("copy number in words",))


def _check_copies(text: str, number: float, around: tuple[float, float]) -> None:
    """Refuse a word for a change in copies beside a number of copies that it cannot have."""
    if not around[0] < number < around[1]:
        raise NotationError(
            "contradictory_result",
            f"{text!r}: the word and {number:g} copies contradict each other",
        )


def _of_copies(number: float) -> ReadGrade:
    # No label sets one cut-off for sequencing; 6 copies and more is called amplified by most panels,
    # what rounds to 2, and less, is not. Between them the result stays open.
    label, steps = f"copy number {number:g}", (f"{number:g} copies",)
    if number <= _NORMAL_COPIES:
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
