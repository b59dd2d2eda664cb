"""Immunohistochemistry: scores, words, percentages; HER2, ER and PR, PD-L1, ALK.

Sources: ASCO/CAP HER2 in breast cancer (Wolff 2018, affirmed 2023); HER2-ultralow (faint incomplete
staining in at most 10 % of cells) from DESTINY-Breast06; ASCO/CAP ER and PR (Allison 2020: positive
from 1 % of nuclei, 1 to 10 % is ER low positive); Allred 1998 (positive from a score of 3).
"""

from __future__ import annotations

import re

from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.readings import ReadGrade
from service.engine.notation.text.texts import unwrapped

IHC_NEGATIVE = ("null", "ultralow", "1+")
_RECEPTORS = frozenset({"ESR1", "PGR"})
_CLONES = re.compile(
    r"[\s,(]{0,2}\b(?:clone\s|by\s|using\s|ventana\s|dako\s|pharmdx\s?|anti-\w+\s)*(?:D5F3|5A4|ALK1|22C3|SP263|SP142|28-8|73-10"
    r"|4B5|CB11|A0485|SP3|HercepTest|PATHWAY|SP1|1D5|6F11|1E2|PgR\s?636|VE1|pharmDx|Dako|Ventana|Leica|cdx)(?:\sassay|\spharmdx|\sCDx)?\b\)?",
    re.I,
)
_FILLER = re.compile(
    r"^(?:is|was|score|scored|result|status|staining|expression|protein|value|with)\b[\s:=]{0,3}(?:of\s)?",
    re.I,
)
_SCORE = re.compile(
    r"(?:score\s?(?:of\s)?)?([0-3])\s?\+{0,3}(?:\s?[,(]?\s?(?P<word>positive|negative|equivocal|low|overexpress\w{0,6})\)?)?"
    r"(?:\s?\(?score\)?)?|(?P<plus>\+{1,3})",
    re.I,
)
_SCORES = re.compile(r"([0-3])\s?\+?\s?(?:-|/|to|or)\s?([0-3])\s?\+", re.I)
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
_MEASURE = re.compile(
    r"(?:score\s?)?(?P<scale>tps|cps|ic|tc|tap|h[\s-]?score|allred|tumou?r proportion score|combined positive score)\)?\s?(?:score\s?)?(?:=|:|of|is)?\s?"
    r"(?P<sign><=|>=|<|>|\u2265|\u2264)?\s?(?P<low>\d{1,3}(?:\.\d{1,2})?)\s?%?(?:\s?(?:-|to)\s?(?P<high>\d{1,3}(?:\.\d{1,2})?)\s?%?)?"
    r"(?:/(?:8|300|100))?(?:\s?\(?(?:positive|negative|high|low)\)?)?"
    r"|(?P<low_>\d{1,3}(?:\.\d{1,2})?)\s?%?\s?\(?(?P<scale_>tps|cps|ic|tc)\)?",
    re.I,
)
_PERCENT = re.compile(
    r"(?:(?P<negative>negative)[\s,:(]{1,3})?(?:(?:positive|pos|\+|strong|moderate|weak|low positive|[1-3]\+)[\s,:(]{0,3})?(?P<sign><=|>=|<|>|\u2265|\u2264|~)?\s?(?P<low>\d{1,3}(?:\.\d{1,2})?)(?:\s?(?:-|to)\s?(?P<high>\d{1,3}))?\s?%"
    r"(?:[\s,:]{0,2}(?:of\s)?(?:tumou?r\s)?(?:cells|nuclei|staining|positive|positivity|strong|moderate|weak|stained)){0,3}\)?(?:[\s,(]{0,3}[0-3]\+\)?)?",
    re.I,
)
#: Categories of SP142, which have no percent sign: "IC 2" is 5 to 9 %, "IC 2%" is 2 %.
#: Source: VENTANA PD-L1 (SP142) interpretation guide (IC3 from 10 %, TC3 from 50 %).
_CATEGORY = re.compile(
    r"(?:score\s)?(?P<scale>ic|tc)\s?(?:score\s?)?(?:[:=]\s?)?(?P<low>[0-3])(?:\s?/\s?(?P<high>[0-3]))?",
    re.I,
)
_BOUNDS_OF = {
    "IC": {0: (0.0, 0.99), 1: (1.0, 4.99), 2: (5.0, 9.99), 3: (10.0, 100.0)},
    "TC": {0: (0.0, 0.99), 1: (1.0, 4.99), 2: (5.0, 49.99), 3: (50.0, 100.0)},
}
_OF_EIGHT = re.compile(r"(?:score\s)?([0-8])\s?/\s?8")
_CELLS = re.compile(
    r"[\s,(]{1,3}(?:in\s)?(?P<percent>\d{1,3})\s?%(?:\s(?:of\s)?(?:(?:invasive\s)?tumou?r\s)?cells)?\)?$",
    re.I,
)
_SCALES = {"TUMOR PROPORTION SCORE": "TPS", "TUMOUR PROPORTION SCORE": "TPS", "COMBINED POSITIVE SCORE": "CPS",
           "HSCORE": "H-score", "ALLRED": "Allred"}  # fmt: skip
_LARGEST = {"H-score": 300.0, "Allred": 8.0}
#: A score from which a receptor is positive, below it negative.
_POSITIVE_FROM = {"percent": 1.0, "Allred": 3.0, "H-score": 1.0}
_POSITIVE = frozenset({
    "positive", "pos", "+", "(+)", "expressed", "expression", "overexpression", "overexpressed", "detected",
    "present", "+ve", "strongly positive", "positive staining", "diffusely positive", "weakly positive",
})  # fmt: skip
_NEGATIVE = frozenset({
    "negative", "neg", "-", "(-)", "not expressed", "not detected", "-ve", "absent", "no expression",
    "no staining", "negative staining", "undetected", "unexpressed",
})  # fmt: skip
_EQUIVOCAL = frozenset({"equivocal", "borderline"})


def read_ihc(text: str, gene: Gene) -> ReadGrade | None:
    """Read what follows "IHC": a score, a word, or a percentage score.

    Raises:
        NotationError: ``score_out_of_range``, ``contradictory_notation`` (``3+ negative``).
    """
    bare = unwrapped(_CLONES.sub("", text))
    if bare.lower() == "zero":
        bare = "0"
    while (shorter := unwrapped(_FILLER.sub("", bare))) != bare:
        bare = shorter
    measured = _read_category(bare, gene) or _read_measure(bare, gene) or _read_percent(bare, gene)
    if measured is not None:
        return measured
    if gene.symbol == "ERBB2":
        return _her2(bare)
    return _marker(bare, gene)


def _marker(bare: str, gene: Gene) -> ReadGrade | None:
    word = bare.lower()
    if word in _POSITIVE:
        return _ihc(("positive",), "detected", "positive", "IHC word")
    if word in _NEGATIVE:
        return _ihc(("negative",), "not_detected", "negative", "IHC word")
    if gene.symbol in _RECEPTORS and word in ("low", "low positive", "low-positive"):
        remark = Remark(
            "er_low_positive", f"{gene.label} 1 to 10 %: positive, with limited evidence"
        )
        return _ihc(("positive",), "detected", "low positive", "IHC word", (remark,))
    if word in _EQUIVOCAL:
        return ReadGrade("expression", "indeterminate", "IHC", assay="IHC", steps=("IHC word",))
    score = _SCORE.fullmatch(bare)
    if score is None or gene.symbol == "CD274":
        return None
    value = _score_of(score)
    _check_word(value, score["word"], gene)
    if value == "0":
        return _ihc(("0",), "not_detected", "0", "IHC score")
    if gene.symbol == "ALK" and value != "3+":
        note = f"ALK IHC {value} needs FISH or sequencing"
        return ReadGrade(
            "expression", "indeterminate", f"IHC {value}", assay="IHC",
            remarks=(Remark("equivocal", note),), steps=("IHC score",),
        )  # fmt: skip
    return _ihc((value,), "detected", value, "IHC score")


def _score_of(score: re.Match[str]) -> str:
    if score["plus"]:
        return f"{len(score['plus'])}+"
    return "0" if score[1] == "0" else f"{score[1]}+"


def _check_word(value: str, word: str | None, gene: Gene) -> None:
    """Refuse a score beside a word that denies it."""
    meaning = {"0": "negative", "1+": "negative", "2+": "equivocal", "3+": "positive"}[value]
    said = (word or meaning).lower()
    said = "positive" if said.startswith("overexp") else said
    allowed = {meaning, "low"} if value in ("1+", "2+") else {meaning}
    if gene.symbol != "ERBB2":
        allowed = {"negative"} if value == "0" else {"positive", meaning}
    if said not in allowed:
        raise NotationError(
            "contradictory_notation", f"{gene.label} IHC {value} is {meaning}, not {said}"
        )


def _her2(bare: str) -> ReadGrade | None:
    word = bare.lower()
    if _ULTRALOW.fullmatch(bare):
        return _ihc(
            ("ultralow",), "detected", "0 with membrane staining (ultralow)", "HER2 IHC score"
        )
    if _NULL.fullmatch(bare):
        return _ihc(("null",), "not_detected", "0 without membrane staining", "HER2 IHC score")
    cells = _CELLS.search(bare)
    if cells is not None and int(cells["percent"]) > _MORE_THAN:
        bare = bare[: cells.start()].strip()
    score = _SCORE.fullmatch(bare)
    if score is not None:
        value = _score_of(score)
        _check_word(value, score["word"], _HER2)
        if value == "0":
            return _ihc(("null", "ultralow"), "not_detected", "0", "HER2 IHC score")
        return _ihc((value,), "detected", value, "HER2 IHC score")
    several = _SCORES.fullmatch(bare)
    if several is not None:
        return _several_scores(int(several[1]), int(several[2]))
    if word in _POSITIVE:
        return _ihc(("3+",), "detected", "3+", "HER2 IHC word: positive is 3+")
    if word in _NEGATIVE or word == "0/1+":
        return _ihc(IHC_NEGATIVE, "not_detected", "negative (0 or 1+)", "HER2 IHC word")
    if word == "negative (0 or 1+)":
        return _ihc(IHC_NEGATIVE, "not_detected", "negative (0 or 1+)", "HER2 IHC word")
    if word in _EQUIVOCAL:
        return _ihc(("2+",), "detected", "2+", "HER2 IHC word: equivocal is 2+")
    return None


#: A score stands for the staining of more than 10 % of the tumour cells (Wolff 2018).
_MORE_THAN = 10
_HER2 = Gene("ERBB2", None, protein_name="HER2")


def _several_scores(low: int, high: int) -> ReadGrade | None:
    if high < low:
        low, high = high, low
    values: tuple[str, ...] = tuple(f"{n}+" for n in range(max(low, 1), high + 1))
    if low == 0:
        values = ("null", "ultralow", *values)
    remark = Remark("several_scores", "several IHC scores are given: each of them stays possible")
    label = f"IHC {low}{'+' if low else ''} to {high}+"
    return ReadGrade(
        "expression", "detected" if high > 1 else "not_detected", label, values, assay="IHC",
        remarks=(remark,), steps=("HER2 IHC score",),
    )  # fmt: skip


def _ihc(
    values: tuple[str, ...], result: Result, label: str, step: str, remarks: tuple[Remark, ...] = ()
) -> ReadGrade:
    return ReadGrade(
        "expression", result, f"IHC {label}", values, assay="IHC", remarks=remarks, steps=(step,)
    )


def _read_category(bare: str, gene: Gene) -> ReadGrade | None:
    """Read ``IC3`` and ``TC2/3`` of PD-L1 (categories, no percentages), and ``8/8`` of a receptor."""
    if gene.symbol in _RECEPTORS:
        allred = _OF_EIGHT.fullmatch(bare)
        return (
            _graded_measure(gene, "Allred", float(allred[1]), float(allred[1])) if allred else None
        )
    found = _CATEGORY.fullmatch(bare) if gene.symbol == "CD274" else None
    if found is None:
        return None
    scale = found["scale"].upper()
    low, high = int(found["low"]), int(found["high"] or found["low"])
    bounds = _BOUNDS_OF[scale]
    return _graded_measure(gene, scale, bounds[min(low, high)][0], bounds[max(low, high)][1])


def _read_measure(bare: str, gene: Gene) -> ReadGrade | None:
    found = _MEASURE.fullmatch(bare)
    if found is None:
        return None
    name = (found["scale"] or found["scale_"]).upper().replace("-", "").strip()
    scale = _SCALES.get(name.replace("H SCORE", "HSCORE"), name)
    if (scale in _LARGEST) == (gene.symbol == "CD274"):
        return None  # TPS, CPS, IC and TC are scores of PD-L1, and the others are not
    low, high = _bounds(found, scale)
    return _graded_measure(gene, scale, low, high)


def _read_percent(bare: str, gene: Gene) -> ReadGrade | None:
    found = _PERCENT.fullmatch(bare)
    if found is None:
        return None
    if gene.symbol == "CD274":
        raise NotationError(
            "score_without_scale", f"PD-L1 {bare}: say which score it is",
            (f"PD-L1 TPS {bare}", f"PD-L1 CPS {bare.replace('%', '').strip()}"),
        )  # fmt: skip
    if gene.symbol not in _RECEPTORS:
        return None
    low, high = _bounds(found, "percent")
    if found["negative"] and high >= _POSITIVE_FROM["percent"]:
        raise NotationError("contradictory_notation", f"{gene.label} {bare} is not negative")
    return _graded_measure(gene, "percent", low, high)


def _bounds(found: re.Match[str], scale: str) -> tuple[float, float]:
    """Return the range of a score; an open sign is closed a thousandth beside its number."""
    groups = found.groupdict()
    low = float(groups["low"] or groups.get("low_") or 0)
    high = float(groups["high"]) if groups["high"] else low
    largest = _LARGEST.get(scale, 100.0)
    if high > largest or high < low:
        raise NotationError("score_out_of_range", f"a {scale} lies between 0 and {largest:g}")
    return {
        ">": (low + 0.001, largest), ">=": (low, largest), "\u2265": (low, largest),
        "<": (0.0, max(low - 0.001, 0.0)), "<=": (0.0, low), "\u2264": (0.0, low),
    }.get(groups["sign"] or "", (low, high))  # fmt: skip


def _graded_measure(gene: Gene, scale: str, low: float, high: float) -> ReadGrade:
    label = f"{scale} {_range_words(low, high, _LARGEST.get(scale, 100.0))}"
    if scale in _BOUNDS_OF:
        label += "%"  # "IC 2" is the second category, from 5 percent
    if scale == "percent":
        label = f"{_range_words(low, high, 100.0)}%"
    values: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    result: Result = "detected" if low > 0 else "not_detected" if high < 1 else "indeterminate"
    if gene.symbol in _RECEPTORS:
        cut = _POSITIVE_FROM.get(scale, 1.0)
        values = (("positive",) if high >= cut else ()) + (("negative",) if low < cut else ())
        result = "detected" if low >= cut else "not_detected" if high < cut else "indeterminate"
        if scale == "percent" and low >= 1 and high <= 10:
            note = f"{gene.label} {low:g} %: low positive (1 to 10 %), with limited evidence"
            remarks = (Remark("er_low_positive", note),)
    return ReadGrade(
        "expression",
        result,
        label,
        values,
        (scale, low, high),
        assay="IHC",
        remarks=remarks,
        steps=(f"{scale} score",),
    )


def _range_words(low: float, high: float, largest: float) -> str:
    if low == high:
        return f"{low:g}"
    if high == largest and low != 0:
        return f">={low:g}" if round(low, 2) == low else f">{round(low, 2):g}"
    if low == 0:
        return f"<={high:g}" if round(high, 2) == high else f"<{round(high, 2):g}"
    return f"{low:g}-{high:g}"
