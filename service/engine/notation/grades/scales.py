"""Results on numeric scales: scores, percentages of cells, burdens; with signs, ranges and units.

Which scales a gene or marker has, their words, units and cut-offs are data of its families. A
percentage may say at which intensity cells were counted (``2+/3+ in 80 %``, ``PS2+ 80 %``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.engine.grading import Scale
from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.readings import ReadGrade

_NUMBER = r"\d{1,3}(?:\.\d{1,2})?"
_SIGN = r"<=|>=|<|>|\u2265|\u2264"
_OF_CELLS = (
    r"(?:[\s,:]{0,2}(?:of\s)?(?:(?:viable|invasive|tumou?r)\s){0,2}(?:cells|nuclei|staining|positive|positivity|strong"
    r"|moderate|weak|stained|intensity)){0,3}"
)
_PERCENT = re.compile(
    r"(?:(?P<negative>negative)[\s,:(]{1,3})?(?:(?:(?P<positive>positive|pos\b|\+(?=[\s,:(]))|strong|moderate|weak|low positive|[1-3]\+)[\s,:(]{0,3})?"
    rf"(?P<sign>{_SIGN}|~)?\s?(?P<low>{_NUMBER})(?:\s?(?:-|to)\s?(?P<high>\d{{1,3}}))?\s?%"
    r"(?:[\s,:]{0,2}(?:of\s)?(?:tumou?r\s)?(?:cells|nuclei|staining|positive|positivity|strong|moderate|weak|stained|intensity)){0,4}\)?(?:[\s,(]{0,3}[0-3]\+\)?)?",
    re.I,
)


def _intensity(mark: str) -> str:
    """Return the pattern of one or several intensity scores; names of groups end in ``mark``."""
    return (
        rf"(?:ps\s?(?P<ps{mark}>[1-3])\+|(?:>=|\u2265|at least\s)\s?(?P<least{mark}>[1-3])\+|(?P<up{mark}>[1-3])\+\s(?:or|and) (?:higher|more|greater|stronger|above)"
        rf"|(?P<first{mark}>[1-3])\+?\s?(?:/|-|to|or|and|,)\s?(?P<last{mark}>[1-3])\+|(?P<one{mark}>[1-3])\+)"
    )


def _share(mark: str) -> str:
    return rf"(?P<sign{mark}>{_SIGN}|~)?\s?(?P<low{mark}>{_NUMBER})(?:\s?(?:-|to)\s?(?P<high{mark}>\d{{1,3}}))?\s?%"


_MEMBRANE = r"(?:\s?(?:membran(?:e|ous)\s)?(?:staining|intensity))?"
#: "2+/3+ in 80 % of cells", "80 % of cells at 2+ or 3+".
_AT_INTENSITY = re.compile(
    rf"{_intensity('')}{_MEMBRANE}[\s,:=(]{{1,3}}(?:in\s|at\s|on\s)?{_share('')}{_OF_CELLS}\)?"
    rf"|{_share('_')}{_OF_CELLS}[\s,:=(]{{1,3}}(?:with\s|at\s|in\s)?(?:an?\s)?(?:intensity\s(?:of\s)?|score\s)?"
    rf"{_intensity('_')}{_MEMBRANE}\)?",
    re.I,
)
_SIGN_WORDS = tuple(
    (re.compile(rf"(?:{words})\s(?=\d)", re.I), sign)
    for words, sign in (
        (r"(?:greater|more|higher) than or equal to|at least|\bmin(?:imum|\.)? of", ">="),
        (r"(?:less|lower|fewer) than or equal to|at most|up to", "<="),
        (r"(?:greater|more|higher) than|above|over", ">"),
        (r"(?:less|lower|fewer) than|below|under", "<"),
    )
)
_SCORES = ("1+", "2+", "3+")
#: "1+ 10 %, 2+ 40 %, 3+ 35 %": one share for each intensity.
_ONE_SHARE = r"(?P<score>[0-3])\+?\s?(?:in|:|=|\()?\s?(?P<share>\d{1,3}(?:\.\d)?)\s?%(?:\sof (?:tumou?r )?cells)?\)?"
_SHARES = re.compile(
    "(?:{one})(?:\\s?(?:,|;|/|and|&|\\+)\\s?(?:and\\s)?(?:{one})){{1,3}}".format(
        one=re.sub(r"\?P<\w+>", "?:", _ONE_SHARE)
    ),
    re.I,
)
#: A word in front of a share where no share decides alone: "negative (70 % 1+)".
_WORD_BEFORE = re.compile(r"(?P<word>negative|neg|positive|pos)\b[\s,:(]{1,3}(?=\S.*%)", re.I)
_LOST = "without stain"
#: "loss of expression in 95 %", "absent in 95 % of cells", "negative in >= 90 % of tumour cells".
_SHARE_LOST = re.compile(
    r"(?:complete\s|total\s)?(?:loss(?: of (?:protein )?(?:expression|staining))?|lost|absent|absence of (?:staining|expression)|negative|no (?:staining|expression))"
    rf"[\s,:(]{{1,3}}(?:in\s)?(?:(?P<sign>{_SIGN})\s?)?(?P<low>{_NUMBER})(?:\s?(?:-|to)\s?(?P<high>\d{{1,3}}))?\s?%{_OF_CELLS}\)?",
    re.I,
)


def with_signs(text: str) -> str:
    """Return a text with signs for the words of a comparison: ``greater than 10 %`` -> ``> 10 %``."""
    for words, sign in _SIGN_WORDS:
        text = words.sub(sign, text)
    return text


def read_measure(bare: str, gene: Gene) -> ReadGrade | None:
    """Read a number on a scale of the gene; ``None`` when a text is none.

    Raises:
        NotationError: ``score_out_of_range``; ``score_without_scale`` for a percentage that may
            stand on several scales; ``contradictory_notation``.
    """
    read = _read_category(bare, gene) or _read_named(bare, gene)
    scale = gene.grading.percent
    if read is None and scale is not None and scale.positive_from is None:
        # No share decides alone: what is said of the intensity is part of the result.
        read = _read_open_share(bare, gene)
    return read or _read_percent(bare, gene)


def _read_open_share(bare: str, gene: Gene) -> ReadGrade | None:
    """Read a share of cells of a stain that no share decides alone, with the word in front of it.

    Raises:
        NotationError: ``ambiguous_result`` for "negative" beside cells that stain: the cut-off of a
            laboratory is not said, and other labels have other ones.
    """
    before = _WORD_BEFORE.match(bare)
    rest = bare[before.end() :].removesuffix(")") if before is not None else bare
    read = _read_shares(rest, gene) or read_share_at_intensity(rest, gene)
    if before is None:
        return read
    read = read or _read_percent(rest, gene)
    least = read.measure[1] if read is not None and read.measure is not None else 0.0
    if least > 0 and before["word"].lower().startswith("n"):
        raise NotationError(
            "ambiguous_result",
            f"{gene.label} {bare}: negative, and cells that stain: say the share at 2+ and 3+",
            (f"{gene.label} 2+/3+ in {least:g}%", f"{gene.label} IHC negative"),
        )
    return read


def _read_shares(bare: str, gene: Gene) -> ReadGrade | None:
    """Add up the shares of the two upper intensities, which labels ask for: ``2+ 40 %, 3+ 35 %``.

    Raises:
        NotationError: ``ambiguous_result`` when one of them is not given; ``score_out_of_range``.
    """
    if not gene.grading.scores or _SHARES.fullmatch(bare) is None:
        return None
    pairs = [(one["score"], float(one["share"])) for one in re.finditer(_ONE_SHARE, bare, re.I)]
    shares = dict(pairs)
    if len(shares) < len(pairs) or not {"2", "3"} <= shares.keys():
        raise NotationError(
            "ambiguous_result",
            f"{gene.label} {bare}: give the share of the cells at 2+ and at 3+",
            (f"{gene.label} 2+/3+ in {sum(n for s, n in pairs if s in '23'):g}%",),
        )
    if sum(shares.values()) > 100.0:
        raise NotationError("score_out_of_range", f"{gene.label} {bare}: more than 100 % of cells")
    return read_share_at_intensity(f"2+/3+ in {shares['2'] + shares['3']:g}%", gene)


def _read_category(bare: str, gene: Gene) -> ReadGrade | None:
    """Read ``IC3`` and ``TC2/3`` (categories, no percentages), and ``8/8``."""
    for scale in gene.grading.scales:
        if scale.out_of is not None:
            found = re.fullmatch(rf"(?:score\s)?(\d)\s?/\s?{scale.out_of}", bare, re.I)
            if found is not None and int(found[1]) <= scale.out_of:
                return graded_measure(gene, scale, float(found[1]), float(found[1]))
        if scale.categories:
            last = len(scale.categories) - 1
            pattern = (
                rf"(?:score\s)?{scale.words[0]}\s?(?:score\s?)?(?:[:=]\s?)?(?P<low>[0-{last}])"
                rf"(?:\s?/\s?(?P<high>[0-{last}]))?"
            )
            found = re.fullmatch(pattern, bare, re.I)
            if found is not None:
                low, high = sorted((int(found["low"]), int(found["high"] or found["low"])))
                bounds = scale.categories
                return graded_measure(gene, scale, bounds[low][0], bounds[high][1])
    return None


@lru_cache(maxsize=512)
def _pattern_of(scale: Scale) -> re.Pattern[str]:
    """Return what a number on a scale looks like: name and number, or number and unit."""
    words = "|".join(_flexible(word) for word in scale.words) or r"(?!)"
    units = "|".join(_flexible(unit) for unit in (scale.unit, *scale.unit_words) if unit)
    unit = rf"(?:{units})" if units else r"(?:%)"
    behind = rf"\s?{unit}" if scale.is_unit_required else rf"(?:\s?(?:{unit}|%))?"
    verdict = r"(?:[\s,:]{0,2}\(?(?P<word>positive|negative|high|low)\)?)?"
    number = rf"(?P<sign>{_SIGN})?\s?(?P<low>{_NUMBER})(?:\s?%?\s?(?:-|to)\s?(?P<high>{_NUMBER}))?"
    named = (
        rf"(?:score\s?)?(?:{words})\)?\s?(?:score\s?)?(?:=|:|of|is)?\s?{number}{behind}"
        rf"(?:/(?:8|300|100))?{verdict}"
    )
    turned = rf"(?P<low_>{_NUMBER})(?:{behind}|\s?)\s?\(?(?:{words})\)?"
    if not scale.is_unit_required:
        return re.compile(f"{named}|{turned}", re.I)
    alone = rf"(?:score\s?)?{number.replace('P<', 'P<u_')}{behind}{verdict.replace('P<', 'P<u_')}"
    stated = rf"-?(?P<s_word>high|low|h|l|positive|negative)[\s,:(=]{{1,3}}{number.replace('P<', 'P<s_')}{behind}\)?"
    return re.compile(f"{named}|{turned}|{alone}|{stated}", re.I)


def _flexible(words: str) -> str:
    parts = (re.escape(part) for part in re.split(r"[\s-]+", words))
    return r"[\s-]?".join(parts).replace("tumor", "tumou?r")


def _read_named(bare: str, gene: Gene) -> ReadGrade | None:
    for scale in gene.grading.scales:
        if not scale.words and not scale.is_unit_required:
            continue
        found = _pattern_of(scale).fullmatch(bare)
        if found is not None:
            low, high = _bounds(found, scale)
            _check_word(_said_in(found).get("word"), low, high, gene, scale)
            return graded_measure(gene, scale, low, high)
    return None


def _check_word(word: str | None, low: float, high: float, gene: Gene, scale: Scale) -> None:
    """Refuse a number beside a word that denies it: "low (12 mut/Mb)", "TPS 5 % negative"."""
    if word is None:
        return
    is_grade = word.lower()[0] in "hl"  # a low TPS is no negative one
    is_upper = word.lower()[0] in "hp"
    cut = scale.called_high_from if is_grade else scale.called_positive_from
    if cut is not None and ((high < cut) if is_upper else (low >= cut)):
        raise NotationError(
            "contradictory_notation",
            f"{gene.label} {scale.name} {range_words(low, high, scale.largest)} is not {word}",
        )


def _read_percent(bare: str, gene: Gene) -> ReadGrade | None:
    grading, found = gene.grading, _PERCENT.fullmatch(bare)
    scale = grading.percent
    if found is not None and grading.unnamed_scale:
        number = bare.replace("%", "").strip()
        raise NotationError(
            "score_without_scale", f"{gene.label} {bare}: say which score it is",
            tuple(
                f"{gene.label} {name} {bare if _is_percent(gene, name) else number}"
                for name in grading.unnamed_scale
            ),
        )  # fmt: skip
    if found is None or scale is None:
        return None
    low, high = _bounds(found, scale)
    if found["negative"] and scale.positive_from is not None and high >= scale.positive_from:
        raise NotationError("contradictory_notation", f"{gene.label} {bare} is not negative")
    if found["positive"]:
        _check_word("positive", low, high, gene, scale)
    return graded_measure(gene, scale, low, high)


def _is_percent(gene: Gene, name: str) -> bool:
    scale = gene.grading.scale(name)
    return scale is not None and scale.unit == "%"


def read_share_at_intensity(bare: str, gene: Gene) -> ReadGrade | None:
    """Read which share of the cells stains at which intensity: ``3+ in 60 %``, ``PS2+ 80 %``."""
    found = _AT_INTENSITY.fullmatch(bare)
    if found is None or not gene.grading.scores:
        return None
    said = {key.rstrip("_"): value for key, value in found.groupdict().items() if value}
    if "one" in said:
        intensity: tuple[str, ...] = (f"{said['one']}+",)
    elif "first" in said:
        ends = sorted((int(said["first"]), int(said["last"])))
        intensity = tuple(f"{n}+" for n in range(ends[0], ends[1] + 1))
    else:
        start = int(said.get("ps") or said.get("least") or said.get("up") or 1)
        intensity = tuple(f"{n}+" for n in range(start, 4))
    low, high = _range_of(said.get("sign"), said["low"], said.get("high"), "percent", 100.0)
    words = f"IHC {' or '.join(intensity)} in {range_words(low, high, 100.0)}%"
    given = {gene.grading.scores.get(score, "detected") for score in intensity}
    result: Result = "detected" if low > 0 else "not_detected" if high < 1 else "indeterminate"
    if "indeterminate" in given:
        result = "indeterminate"
    values = intensity if result == "detected" else ()
    cut = gene.grading.percent.positive_from if gene.grading.percent else None
    if cut is not None and low >= cut:
        values = ("positive",)
    notes = [n for s, n in gene.grading.score_notes.items() if s in intensity]
    remarks = tuple(Remark("equivocal", f"{gene.label} {words} {note}") for note in notes[:1])
    return ReadGrade(
        "expression", result, words, values, ("percent", low, high), intensity, assay="IHC",
        remarks=remarks, steps=("percent of cells at an intensity",),
    )  # fmt: skip


def read_share_lost(bare: str, gene: Gene) -> ReadGrade | None:
    """Read which share of the cells has no stain: ``loss of expression in 95 %``."""
    found = _SHARE_LOST.fullmatch(bare) if gene.grading.has_loss else None
    if found is None:
        return None
    low, high = _range_of(found["sign"], found["low"], found["high"], "percent", 100.0)
    result: Result = "detected" if low > 0 else "not_detected" if high < 1 else "indeterminate"
    label = f"IHC lost in {range_words(low, high, 100.0)}%"
    return ReadGrade(
        "expression", result, label, (), (_LOST, low, high), assay="IHC",
        steps=("percent of cells without stain",),
    )  # fmt: skip


def _said_in(found: re.Match[str]) -> dict[str, str]:
    """Return the parts of a number on a scale, whichever of its forms was found."""
    return {
        k.removeprefix("u_").removeprefix("s_").rstrip("_"): v
        for k, v in found.groupdict().items()
        if v
    }


def _bounds(found: re.Match[str], scale: Scale) -> tuple[float, float]:
    said = _said_in(found)
    low, high = float(said["low"]), float(said["high"]) if "high" in said else None
    if scale.is_capped:  # a number above the largest value is reported as that value
        low = min(low, scale.largest)
        high = min(high, scale.largest) if high is not None else None
    return _range_of(said.get("sign"), low, high, scale.name, scale.largest)


def _range_of(
    sign: str | None, first: float | str, last: float | str | None, scale: str, largest: float
) -> tuple[float, float]:
    """Return the range of a score; an open sign is closed a thousandth beside its number."""
    low = float(first)
    high = float(last) if last is not None else low
    if high > largest or high < low:
        raise NotationError("score_out_of_range", f"a {scale} lies between 0 and {largest:g}")
    return {
        ">": (low + 0.001, largest), ">=": (low, largest), "\u2265": (low, largest),
        "<": (0.0, max(low - 0.001, 0.0)), "<=": (0.0, low), "\u2264": (0.0, low),
    }.get(sign or "", (low, high))  # fmt: skip


def graded_measure(gene: Gene, scale: Scale, low: float, high: float) -> ReadGrade:
    """Return the result of a number on a scale, with the values that its cut-off gives."""
    number = range_words(low, high, scale.largest)
    label = f"{scale.name} {number}"
    if scale.is_joined:
        label += scale.unit  # "IC 2" is the second category, from 5 percent
    if scale.is_unit_required:
        label = f"{number} {scale.unit}"
    if scale.name == "percent":
        label = f"{number}{scale.unit}"
    values: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    result: Result = "detected" if low > 0 else "not_detected" if high < 1 else "indeterminate"
    cut = scale.positive_from
    if cut is not None:
        values = (("positive",) if high >= cut else ()) + (("negative",) if low < cut else ())
        result = "detected" if low >= cut else "not_detected" if high < cut else "indeterminate"
        if scale.low_until is not None and low >= cut and high <= scale.low_until:
            words = f"low positive ({cut:g} to {scale.low_until:g} %), with limited evidence"
            remarks = (Remark("er_low_positive", f"{gene.label} {low:g} %: {words}"),)
    is_stain = gene.hgnc is not None
    return ReadGrade(
        "expression" if is_stain else "status", result, label, values, (scale.name, low, high),
        assay="IHC" if is_stain else None, remarks=remarks, steps=(f"{scale.name} score",),
    )  # fmt: skip


def range_words(low: float, high: float, largest: float) -> str:
    """Return a range as reports write it: ``50``, ``>=50``, ``<1``, ``1-49``."""
    if low == high:
        return f"{low:g}"
    if high == largest and low != 0:
        return f">={low:g}" if round(low, 2) == low else f">{round(low, 2):g}"
    if low == 0:
        return f"<={high:g}" if round(high, 2) == high else f"<{round(high, 2):g}"
    return f"{low:g}-{high:g}"
