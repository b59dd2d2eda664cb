"""Immunohistochemistry: intensity scores, words, membrane steps; numbers are read in ``scales``.

What a gene's scores and words mean is data of its families (``Grading``).
Sources: ASCO/CAP HER2 in breast cancer (Wolff 2018, affirmed 2023); HER2-ultralow (faint incomplete
staining in at most 10 % of cells) from DESTINY-Breast06; ASCO/CAP ER and PR (Allison 2020: positive
from 1 % of nuclei, 1 to 10 % is ER low positive); Allred 1998 (positive from a score of 3); CAP
templates of biomarker reporting ("Negative (Score 1+)").
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.grades.scales import (
    read_measure,
    read_share_at_intensity,
    read_share_lost,
    with_signs,
)
from service.engine.notation.readings import ReadGrade
from service.engine.notation.text.texts import unwrapped

IHC_NEGATIVE = ("null", "ultralow", "1+")
_MAKERS = r"HercepTest|PATHWAY|pharmDx|Dako|Ventana|Leica|cdx"
_FILLER = re.compile(
    r"^(?:is|was|score|scored|result|status|staining|expression|protein|value|with)\b[\s:=]{0,3}(?:of\s)?",
    re.I,
)
#: "2+ detected": the score is the result.
_SAID = re.compile(
    r"(?<=\d\+)\s(?:was |is )?(?:detected|found|seen|present|identified|observed)$", re.I
)
_SCORE = re.compile(
    r"(?:score\s?(?:of\s)?)?([0-3])\s?\+{0,3}(?:\s?[,(]?\s?(?P<word>positive|negative|equivocal|low|overexpress\w{0,6})\)?)?"
    r"(?:\s?\(?score\)?)?|(?P<plus>\+{1,3})",
    re.I,
)
#: "2/3" without a plus: two scores, or one of three.
_OUT_OF = re.compile(r"[0-9]\s?/\s?[0-9]")
_SCORES = re.compile(r"([0-3])\s?\+?\s?(?:-|/|to|or)\s?([0-3])\s?\+", re.I)
#: A word with the value it stands on: "Negative (Score 1+)", "Positive (Allred score 7)".
_WORD_WITH = re.compile(
    r"(?P<word>(?:strongly |weakly |low )?positive|negative|equivocal|borderline|pos|neg|low|ultra-?low)"
    r"(?:[\s,:]{0,2}\((?P<inner>[^()]{1,60})\)|[\s,:]{1,2}(?P<behind>[\d<>~][^()]{1,60}))",
    re.I,
)
_ULTRALOW = re.compile(
    r"(?:score\s)?(?:ultra[\s-]?low|>\s?0\s?(?:and|to|,|but)?\s?<\s?1\s?\+?"
    r"|0\s?\+?\s?[(,]?\s?(?:with|but|and)?\s?(?:(?:faint|some|incomplete|barely perceptible|partial)[\s,]+(?:and\s)?){0,3}"
    r"(?:membrane|membranous)\s?(?:staining)?(?: in (?:<=|\u2264|<|up to|at most)\s?10\s?%(?: of (?:tumou?r )?cells)?)?\)?(?:\s\(ultralow\))?"
    r"|0\s?\+?\s?[(,]?\s?ultra[\s-]?low\)?)",
    re.I,
)
_NULL = re.compile(
    r"(?:null|zero\s?\(?null\)?|0\s?[(,]?\s?(?:null|absent|(?:with\s)?(?:no|without|absent|complete absence of) ?(?:any )?(?:membrane |membranous )?staining)\)?"
    r"|(?:no|absent) (?:membrane |membranous )?staining)",
    re.I,
)
_CELLS = re.compile(
    r"[\s,(]{1,3}(?:in\s)?(?P<percent>\d{1,3})\s?%(?:\s(?:of\s)?(?:(?:invasive\s)?tumou?r\s)?cells)?\)?$",
    re.I,
)
#: A score stands for the staining of more than 10 % of the tumour cells (Wolff 2018).
_MORE_THAN = 10
_POSITIVE = frozenset({
    "positive", "pos", "+", "(+)", "expressed", "expression", "overexpression", "overexpressed", "detected",
    "present", "+ve", "strongly positive", "positive staining", "diffusely positive", "weakly positive",
})  # fmt: skip
_NEGATIVE = frozenset({
    "negative", "neg", "-", "(-)", "not expressed", "not detected", "-ve", "absent", "no expression",
    "no staining", "negative staining", "undetected", "unexpressed",
})  # fmt: skip
_EQUIVOCAL = frozenset({"equivocal", "borderline"})
_LOST = frozenset({
    "loss", "lost", "loss of expression", "loss of protein expression", "loss of staining", "complete loss",
    "absent", "absence of staining", "expression lost", "no expression", "no staining",
})  # fmt: skip
_RETAINED = frozenset({
    "retained", "intact", "retained expression", "expression retained", "intact expression", "preserved",
    "no loss", "no loss of expression", "present", "expressed",
})  # fmt: skip
#: Intensity score -> the word that it stands for, and further words that do not deny it.
_MEANINGS = {"0": "negative", "1+": "negative", "2+": "equivocal", "3+": "positive"}


@lru_cache(maxsize=256)
def _clones_of(clones: tuple[str, ...]) -> re.Pattern[str]:
    """Return the words of the antibody and its maker, which say nothing about the result."""
    names = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in clones) or r"(?!)"
    return re.compile(
        rf"[\s,(]{{0,2}}\b(?:clone\s|by\s|using\s|ventana\s|dako\s|pharmdx\s?|anti-\w+\s)*(?:{names}|{_MAKERS})"
        r"(?:\sassay|\spharmdx|\sCDx)?\b\)?",
        re.I,
    )


def read_ihc(text: str, gene: Gene) -> ReadGrade | None:
    """Read what follows "IHC": a score, a word, or a number on a scale.

    Raises:
        NotationError: ``score_out_of_range``, ``contradictory_notation`` (``3+ negative``).
    """
    bare = unwrapped(_clones_of(gene.grading.clones).sub("", text))
    if bare.lower() == "zero":
        bare = "0"
    while (shorter := unwrapped(_FILLER.sub("", bare))) != bare:
        bare = shorter
    bare = with_signs(_SAID.sub("", bare))
    read = read_measure(bare, gene) or read_share_lost(bare, gene)
    if read is None:
        read = _membrane(bare, gene) if gene.grading.is_membrane_scored else _stain(bare, gene)
    return read or _word_with(bare, gene)


def _word_with(bare: str, gene: Gene) -> ReadGrade | None:
    """Read a word with the value it stands on; the value counts, the word must not deny it."""
    found = _WORD_WITH.fullmatch(bare)
    inner = read_ihc(found["inner"] or found["behind"], gene) if found is not None else None
    if found is None or inner is None:
        return None
    word = found["word"].lower()
    if len(inner.values) == 1 and inner.values[0] in _MEANINGS:
        _check_word(inner.values[0], word.rsplit(" ", 1)[-1], gene)
        return inner
    said: Result | None = {"p": "detected", "n": "not_detected"}.get(word.split(" ")[-1][0])  # type: ignore[assignment]
    scale = gene.grading.percent
    is_open = scale is not None and scale.positive_from is None and inner.measure is not None
    # Where no share decides alone, a laboratory may call any of them positive or negative.
    if said is not None and not is_open and inner.result not in (said, "indeterminate"):
        raise NotationError("contradictory_notation", f"{gene.label} {bare}: {word} is denied")
    return inner


def _stain(bare: str, gene: Gene) -> ReadGrade | None:
    grading, word = gene.grading, bare.lower()
    if grading.has_loss and word in _LOST:
        return _ihc(("lost",), "detected", "lost", "IHC word")
    if grading.has_loss and word in _RETAINED:
        return _ihc(("retained",), "not_detected", "retained", "IHC word")
    if word in _POSITIVE:
        return _ihc(("positive",), "detected", "positive", "IHC word")
    if word in _NEGATIVE:
        return _ihc(("negative",), "not_detected", "negative", "IHC word")
    if word in grading.low_words:
        percent = grading.percent
        ends = f"{percent.positive_from:g} to {percent.low_until:g}" if percent else "low"
        note = f"{gene.label} {ends} %: positive, with limited evidence"
        remark = Remark("er_low_positive", note)
        return _ihc(("positive",), "detected", "low positive", "IHC word", (remark,))
    if word in _EQUIVOCAL:
        return ReadGrade("expression", "indeterminate", "IHC", assay="IHC", steps=("IHC word",))
    share = read_share_at_intensity(bare, gene)
    if share is not None:
        return share
    if _OUT_OF.fullmatch(bare) is not None:
        raise NotationError(
            "ambiguous_result",
            f"{gene.label} {bare}: one of two scores, or a score out of {bare[-1]}? Name the scale",
            tuple(f"{gene.label} {scale.name} {bare[0]}" for scale in grading.scales[:2]),
        )
    score = _SCORE.fullmatch(bare)
    if score is None:
        return None
    value = _score_of(score)
    decides = grading.scores.get(value)
    if decides is None:
        return None
    _check_word(value, score["word"], gene)
    if decides == "indeterminate":
        remarks = tuple(
            Remark("equivocal", f"{gene.label} IHC {value} {note}")
            for note in [grading.score_notes.get(value)]
            if note
        )
        return ReadGrade(
            "expression", "indeterminate", f"IHC {value}", assay="IHC", remarks=remarks,
            steps=("IHC score",),
        )  # fmt: skip
    return _ihc((value,), decides, value, "IHC score")


def _score_of(score: re.Match[str]) -> str:
    if score["plus"]:
        return f"{len(score['plus'])}+"
    return "0" if score[1] == "0" else f"{score[1]}+"


def _check_word(value: str, word: str | None, gene: Gene) -> None:
    """Refuse a score beside a word that denies it."""
    if word is None:
        return
    meaning, said = _MEANINGS[value], word.lower()
    said = {"pos": "positive", "neg": "negative", "borderline": "equivocal"}.get(said, said)
    said = "positive" if said.startswith("overexp") else said
    allowed = {meaning, "low"} if value in ("1+", "2+") else {meaning}
    if not gene.grading.is_membrane_scored:
        is_open = gene.grading.scores.get(value) == "indeterminate"
        allowed = {"negative"} if value == "0" else {"positive", "equivocal", "low"}
        allowed |= {meaning} if is_open else set()
    if said not in allowed:
        raise NotationError(
            "contradictory_notation", f"{gene.label} IHC {value} is {meaning}, not {said}"
        )


def _membrane(bare: str, gene: Gene) -> ReadGrade | None:
    """Read the four steps of membrane staining, with ultralow between 0 and 1+."""
    label, word = gene.label, bare.lower()
    if _ULTRALOW.fullmatch(bare):
        step = f"{label} IHC score"
        return _ihc(("ultralow",), "detected", "0 with membrane staining (ultralow)", step)
    if _NULL.fullmatch(bare):
        return _ihc(("null",), "not_detected", "0 without membrane staining", f"{label} IHC score")
    cells = _CELLS.search(bare)
    if cells is not None and int(cells["percent"]) > _MORE_THAN:
        bare = bare[: cells.start()].strip()
    score = _SCORE.fullmatch(bare)
    if score is not None:
        value = _score_of(score)
        _check_word(value, score["word"], gene)
        if value == "0":
            return _ihc(("null", "ultralow"), "not_detected", "0", f"{label} IHC score")
        return _ihc((value,), "detected", value, f"{label} IHC score")
    several = _SCORES.fullmatch(bare)
    if several is not None:
        return _several_scores(int(several[1]), int(several[2]), label)
    if word in _POSITIVE:
        # Positive is 3+ (Wolff 2018); the name stays what was said, and a remark says the rest.
        note = f"{label} IHC positive is read as 3+; the score itself was not reported"
        remark = Remark("score_not_reported", note, (f"{label} IHC 3+",))
        step = f"{label} IHC word: positive is 3+"
        return _ihc(("3+",), "detected", "positive", step, (remark,))
    if word in _NEGATIVE or word in ("0/1+", "negative (0 or 1+)"):
        return _ihc(IHC_NEGATIVE, "not_detected", "negative (0 or 1+)", f"{label} IHC word")
    if word in _EQUIVOCAL:
        return _ihc(("2+",), "detected", "2+", f"{label} IHC word: equivocal is 2+")
    return None


def _several_scores(low: int, high: int, label: str) -> ReadGrade | None:
    if high < low:
        low, high = high, low
    values: tuple[str, ...] = tuple(f"{n}+" for n in range(max(low, 1), high + 1))
    if low == 0:
        values = ("null", "ultralow", *values)
    remark = Remark("several_scores", "several IHC scores are given: each of them stays possible")
    return ReadGrade(
        "expression", "detected" if high > 1 else "not_detected",
        f"IHC {low}{'+' if low else ''} to {high}+", values, assay="IHC", remarks=(remark,),
        steps=(f"{label} IHC score",),
    )  # fmt: skip


def _ihc(
    values: tuple[str, ...], result: Result, label: str, step: str, remarks: tuple[Remark, ...] = ()
) -> ReadGrade:
    return ReadGrade(
        "expression", result, f"IHC {label}", values, assay="IHC", remarks=remarks, steps=(step,)
    )
