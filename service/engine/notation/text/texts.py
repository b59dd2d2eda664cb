"""Cleaning, splitting and the result words of a text, before anything of it is understood.

Nothing is dropped in silence: what is taken off (allele fraction) says nothing about what was found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from service.engine.model import Result
from service.engine.notation.faults import NotationError
from service.engine.notation.text.languages import to_english

MAX_LENGTH = 500
#: Texts of which what was found is kept: a reading asks the same of its parts several times.
REMEMBERED = 4096
_RAW_LENGTH = 4 * MAX_LENGTH
_SPACES = re.compile(r"\s+")
_MARKS = str.maketrans({
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\ufe63": "-",
    "\u2192": ">", "\u00d7": "x", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u200b": "", "\ufeff": "", "\u2022": " ",
    "\u2265": ">=", "\u2264": "<=", "\u2217": "*", "\u00ad": "", "\u00ae": "", "\u2122": "", "\u0394": "del ", "\u2206": "del ",
})  # fmt: skip
#: A name that runs on into digits is a gene (MAF1, AF9), unless a percent sign says otherwise.
_VAF = re.compile(
    r"[\s,;(\[]{0,3}\b(?:VAF|M?AF(?!\d{1,3}(?![\d.]*\s?%))|(?:variant )?allele (?:fraction|frequency)|mutant allele fraction|allelic frequency)\s?[:=]?\s?(?:of\s)?[<~]?\d{1,3}(?:\.\d+)?\s?%?[)\]]?"
    r"|[\s,;]{0,2}\(?(?:detected at |present at |at )?\d{1,3}(?:\.\d+)?\s?% (?:VAF|MAF|AF|(?:variant )?allele (?:fraction|frequency)|(?:cf|ct)DNA)\)?"
    r"|[\s,;]{1,2}\(?(?:in\s)?(?:cf|ct)DNA[\s:]{1,2}\d{1,3}(?:\.\d+)?\s?%\)?|[\s,;]{1,3}\(?\d{1,6} (?:supporting |unique |fusion )?reads\)?",
    re.I,
)
#: "12,3 %" as German, French and Spanish reports print it.
#: "There is no evidence of": the "of" would be taken for the link of a gene.
_NO_EVIDENCE = re.compile(
    r"\b(?:there (?:is|was|were) )?no (?:(?:clear |definite |molecular )?(?:evidence|indication|sign|signs) (?:of|for)|detectable)(?: an?| any| the)? ",
    re.I,
)
#: "PD-L1 (TPS): 60 %", "HER2 (by IHC): 2+": the scale or assay stands in brackets behind the marker.
_IN_BRACKETS = re.compile(r"\s?\((?:by )?(TPS|CPS|IHC|IC|TC)\)(?=\s?:)", re.I)
#: "Molecular testing revealed a …": says who found it, and that it was found.
_SENTENCE_LEAD = re.compile(
    r"^(?:the |this )?(?:(?:molecular|genetic|genomic|mutation|mutational|ngs|sequencing) )?(?:testing|tests?|analysis|sequencing|profiling|studies|results?|panel|ngs|tumou?r|sample|specimen|report)"
    r" (?:revealed|reveals|showed|shows|confirmed|demonstrated|demonstrates|identified|detected|harbou?rs|found)(?: the presence of)?(?: an?| the)? (?=\S)",
    re.I,
)
#: "ALK, RET: no rearrangement": the participle that other reports add.
_NO_NOUN = re.compile(
    r"(?<=:)(\s?no (?:known |pathogenic |relevant )?(?:mutation|alteration|aberration|variant|rearrangement|translocation|fusion|amplification)s?)(?=[).]*$)",
    re.I,
)
#: "EGFR sequencing: L858R": how it was tested stands between the gene and what was found.
_METHOD_BETWEEN = re.compile(
    r"(?<=[A-Za-z0-9)])\s(?:(?:gene |dna |rna |next generation )?(?:sequencing|sanger|ngs|pyrosequencing))(?=\s?:)",
    re.I,
)
#: "PD-L1 TPS was 1 %".
_COPULA = re.compile(r"(?<=[A-Za-z)]) (?:was|is|were|are)(?= [<>~]?=? ?\d)", re.I)
#: A fraction of nothing: "VAF 0%", "0.00 % VAF".
_ZERO_FRACTION = re.compile(
    r"\b(?:VAF|MAF|AF|allele (?:fraction|frequency)|allelic frequency)\s?[:=]?\s?(?:of\s)?0{1,2}(?:[.,]0+)?\s?(?:%|$|[\s,;)\]])"
    r"|(?<![\d.,])0{1,2}(?:[.,]0+)?\s?%",
    re.I,
)
#: Percent-encoded marks of HGVS, as VEP writes them: "p.L858%3D".
_ENCODED = re.compile(r"(?<=[A-Za-z0-9])%(3D|3E|2B|2A)(?![0-9])", re.I)
_ENCODED_MARKS = {"3D": "=", "3E": ">", "2B": "+", "2A": "*"}
_DECIMAL_COMMA = re.compile(r"(?<![\d,])(\d{1,3}),(\d{1,2})(?=\s?%)")
_ALLELES = re.compile(r"([pc]\.)?(\(?\[[^\[\]]{1,200}\]\)?(?:;\(?\[[^\[\]]{1,200}\]\)?)*)", re.I)
_UNPHASED = re.compile(r"\(;\)")

_NEGATIVE_WORD = (
    r"(?:was |were |is |are )?not (?:been )?(?:detected|found|identified|present|seen|observed|mutated|rearranged|positive)"
    r"|undetected|undetectable|negative|neg|absent|none detected|none|-ve"
    r"|wild[\s-]?type|wildtype|wt|normal|unmutated|non-?mutated|non-?rearranged|no mutations? (?:detected|found|identified)|mutation[\s-]negative"
    r"|no (?:alterations?|variants?|rearrangements?|fusions?) (?:detected|found|identified)|not_detected|ruled out|excluded"
)
_POSITIVE_WORD = r"(?:was |were |is |are )?(?:detected|positive|pos|present|identified|found|confirmed|observed|seen)|\+ve"
#: A "no" behind the gene whose sentence a participle ends: "MET: no amplification detected".
INNER_NO = re.compile(
    r"(?:^|[\s:,(])(?P<tail>(?:no|not|without|neither|never|absence of|lack of|negative for|free of)\s(?P<said>.*))$",
    re.I,
)
_TEST = r"(?:(?:test(?:ing|s)?|assay|analysis|sequencing|results?|status)[\s:]{1,2}(?:is |was |were |are |has |have )?)?"
_UNTESTED_WORD = (
    r"(?:was |were |is |are )?(?:"
    + _TEST
    + r"(?:not (?:yet )?(?:tested|performed|done|assessed|assessable|evaluated|evaluable|available|determined|reported|known"
    r"|analy[sz]ed|analy[sz]able|interpretable|informative|possible|conclusive|sufficient|successful|examined|requested|received)|untested"
    r"|pending|failed|unknown|indeterminate|inconclusive|unsuccessful|uninterpretable|undetermined|awaited|awaiting|outstanding|in progress|to follow|invalid)"
    r"|insufficient(?: (?:(?:tumou?r |dna |rna |sample )?(?:tissue|material|dna|rna|sample|quantity|quality|cells|cellularity|content|nuclei)))?|qns|quantity (?:not sufficient|insufficient)"
    r"|n/?a|equivocal|no results?|invalid (?:result|test)|(?:test|assay|technical|sequencing) (?:failure|error)"
    r"|(?:could|can)(?:not| not) be (?:determined|assessed|evaluated|tested|analy[sz]ed|performed|interpreted))"
)
#: The whole text says that there is no result: its "no" is not the "no" of "no mutation".
_UNTESTED = re.compile(rf"\(?{_UNTESTED_WORD}\)?", re.I)
_END = r"(?:\s=\s|[\s:,;(\-]){{0,6}}(?<![A-Za-z0-9])\(?(?P<word>{})[).]*$"
_TRAILING: tuple[tuple[Result, re.Pattern[str]], ...] = (
    ("not_detected", re.compile(_END.format(_NEGATIVE_WORD), re.I)),
    ("indeterminate", re.compile(_END.format(_UNTESTED_WORD), re.I)),
    ("detected", re.compile(_END.format(_POSITIVE_WORD), re.I)),
    ("not_detected", re.compile(r"(?:^|(?<=[A-Za-z0-9\s)]))\s?(?P<word>\(-\)|-)$")),
    ("detected", re.compile(r"(?:^|(?<=[A-Za-z0-9\s)]))\s?(?P<word>\(\+\)|\+)$")),
)
_LEADING: tuple[tuple[Result, re.Pattern[str]], ...] = (
    ("indeterminate", re.compile(
        r"^(?P<word>(?:results? )?pending|not (?:yet )?(?:tested|performed|done|assessed|evaluated|evaluable|analy[sz]ed|interpretable)|failed|awaited"
        r"|indeterminate|inconclusive|insufficient(?: material)?)\s?:\s*(?=\S)", re.I)),
    ("not_detected", re.compile(r"^(?P<word>(?:none|not) (?:detected|identified|found|present|mutated|rearranged|amplified)|none|all negative|negatives?|neither|not)\s?:\s*(?=\S)", re.I)),
    ("not_detected", re.compile(r"^(?P<word>neither|not)\s(?=(?:p\.)?\(?[A-Z][A-Za-z]{0,2}\d|[cg]\.|[A-Z][A-Z0-9]+\b)")),
    ("not_detected", re.compile(
        r"^(?P<word>no|negative for|absence of|without|wild[\s-]?type(?: for)?|wt|non|lack of|lacks?|not detected:?|negative:)(?:\s(?:evidence (?:of|for)|evidence of|detectable|known|reportable|significant|(?:clinically )?relevant|presence of))?(?:\s(?:an?|any|the))?[\s:]+(?=\S)", re.I)),
    ("detected", re.compile(r"^(?P<word>positive for|presence of|detected|evidence of|harbou?r(?:s|ing)|shows?|with)(?=[\s:])(?:\s(?:an?|the))?[\s:]+(?=\S)", re.I)),
)  # fmt: skip
_RESULT_WORDS: dict[str, Result] = {
    "detected": "detected", "positive": "detected", "present": "detected", "pos": "detected", "+": "detected",
    "mutated": "detected", "mutant": "detected", "amplified": "detected", "rearranged": "detected", "yes": "detected", "found": "detected",
    "not_detected": "not_detected", "negative": "not_detected", "absent": "not_detected", "neg": "not_detected",
    "wild_type": "not_detected", "wildtype": "not_detected", "wt": "not_detected",
    "not_found": "not_detected", "normal": "not_detected", "no": "not_detected", "undetected": "not_detected",
    "indeterminate": "indeterminate", "equivocal": "indeterminate", "inconclusive": "indeterminate",
    "not_tested": "indeterminate", "unknown": "indeterminate", "pending": "indeterminate", "failed": "indeterminate",
}  # fmt: skip
#: What stands in a result field that holds nothing; a placeholder is never a negative.
_NO_VALUE = frozenset(
    {"", "-", "--", "\u2013", "\u2014", ".", "na", "n/a", "n.a.", "nan", "null", "none", "nil"}
)
_NORMALISED_RESULT = re.compile(r"[\s-]+(?=\w)")


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a text says about the result: the bare text, the result word, and where it stood."""

    bare: str
    result: Result | None = None
    word: str = ""
    is_leading: bool = False


def clean(text: str) -> str:
    """Return a text with one kind of blank and dash, without allele fractions.

    Raises:
        NotationError: ``too_long``, ``unreadable`` (control characters).
    """
    if len(text) > _RAW_LENGTH:
        raise NotationError("too_long", f"longer than {MAX_LENGTH} characters")
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_MARKS)
    bare = _SPACES.sub(" ", folded)
    if not bare.isprintable():
        raise NotationError("unreadable", "the text holds control characters")
    if "%" in bare:
        bare = _ENCODED.sub(lambda found: _ENCODED_MARKS[found[1].upper()], bare)
    bare = _NO_EVIDENCE.sub("no ", to_english(bare))
    bare = _COPULA.sub(" ", _SENTENCE_LEAD.sub("", bare))
    if ":" in bare:
        bare = _NO_NOUN.sub(r"\1 detected", _METHOD_BETWEEN.sub("", bare))
    bare = _IN_BRACKETS.sub(r" \1", bare)
    if "%" in bare or "AF" in bare.upper() or "allel" in bare.lower() or " reads" in bare:
        bare = _VAF.sub("", _DECIMAL_COMMA.sub(r"\1.\2", bare))
    bare = bare.strip(" .,;")
    if len(bare) > MAX_LENGTH:
        raise NotationError("too_long", f"longer than {MAX_LENGTH} characters")
    return bare


def has_zero_fraction(text: str) -> bool:
    """Tell whether a text says that something makes up 0 % of what was tested."""
    return "0" in text and _ZERO_FRACTION.search(text) is not None


def parse_result(result: str | None) -> Result | None:
    """Return the value of the ``result`` field.

    Raises:
        NotationError: ``unknown_result``.
    """
    if result is None:
        return None
    word = _NORMALISED_RESULT.sub("_", result.strip().lower())
    if word in _NO_VALUE:
        return None
    if word not in _RESULT_WORDS:
        raise NotationError(
            "unknown_result", f"{result!r} is no result", ("detected", "not_detected")
        )
    return _RESULT_WORDS[word]


@lru_cache(maxsize=REMEMBERED)
def polarity_of(text: str) -> Polarity:
    """Take the result words off a text.

    Raises:
        NotationError: ``contradictory_result`` when it is said to be found and not found.
    """
    bare = text.strip()
    if _UNTESTED.fullmatch(bare) is not None:
        return Polarity("", "indeterminate", bare)
    leading: Result | None = None
    word = ""
    for result, pattern in _LEADING:
        found = pattern.match(bare)
        if found is not None:
            leading, word, bare = result, found["word"], bare[found.end() :].strip()
            break
    trailing = _trailing(bare)
    if trailing is None:
        return Polarity(bare, leading, word, leading is not None)
    result, start, said = trailing
    rest = bare[:start].strip(" :,(-").removeprefix("=")
    if (leading == "detected" and result != "detected") or (
        leading == "not_detected" and result == "not_detected"
    ):
        raise NotationError("contradictory_result", f"{text!r} gives two results")
    is_sign = said in ("+", "-", "(+)", "(-)")
    if leading == "not_detected" and (result == "indeterminate" or is_sign):
        raise NotationError("contradictory_result", f"{text!r} gives two results")
    again = _trailing(rest)
    if again is not None and again[0] != result and again[2] not in "+-":
        raise NotationError("contradictory_result", f"{text!r} gives two results")
    if again is not None and again[0] == result:
        rest = rest[: again[1]].strip(" :,(-=")
    return Polarity(rest, leading or result, word or said, leading is not None)


def _trailing(bare: str) -> tuple[Result, int, str] | None:
    for result, pattern in _TRAILING:
        found = pattern.search(bare[-60:])
        if found is not None:
            return result, found.start() + max(len(bare) - 60, 0), found["word"]
    return None


def expand_alleles(text: str) -> list[str] | None:
    """Split ``p.[L858R;T790M]`` and ``p.[L858R];[T790M]``; ``None`` when there are no alleles.

    An allele that is the reference (``[=]``) says nothing and is left out.
    """
    if "[" not in text:
        return None
    found = _ALLELES.search(text)
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    inner = _UNPHASED.sub(";", found[2])
    parts = [part.strip("[]() ").strip() for part in inner.split(";")]
    kept = [part for part in parts if part not in ("", "=", "p.=", "0", "?")]
    if not kept:
        return None
    prefix = found[1] or ""
    return [
        f"{before}{'' if part[:2].lower() == prefix.lower() else prefix}{part}{after}"
        for part in kept
    ]


_LEVELS = (
    re.compile(r"\s*;\s*|\s*\|\s*"),
    re.compile(
        r"\s*,\s+(?:and|or|nor|plus)?\s*|\s*,(?=[A-Za-z])|\s+\+\s+|\s+(?:and|or|nor|but|&|with|plus)\s+|\s+/\s+",
        re.I,
    ),
    # "2+/3+" is one result: the share of cells at either intensity.
    re.compile(r"\s*(?:(?<![0-3]\+)/|/(?!\s*[0-3]\+))\s*(?=\S)|\s*[+&]\s*(?=[A-Za-z0-9])"),
)


def split_level(text: str, level: int) -> list[tuple[str, str]] | None:
    """Split a text outside brackets at the separators of one level.

    Returns:
        (joiner, part) pairs, the first joiner empty; ``None`` when nothing is split. A blank that
        stands before a slash or a comma alone is kept with it: there a ``+`` may have stood.
    """
    depth_at, depth = [], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        depth_at.append(depth)
    parts: list[tuple[str, str]] = []
    start, joiner = 0, ""
    for found in _LEVELS[level].finditer(text):
        if depth_at[found.start()] > 0 or found.start() == 0:
            continue
        part = text[start : found.start()].strip()
        if part:
            parts.append((joiner, part))
        start, joiner = found.end(), _joiner(found[0])
    if start == 0:
        return None
    last = text[start:].strip()
    if last:
        parts.append((joiner, last))
    return parts if len(parts) > 1 else None


def _joiner(joint: str) -> str:
    if "/" in joint or joint.lstrip()[:1] == "," != joint[:1]:
        return re.sub(r"\s+", " ", joint)
    return joint.strip().lower().strip(", ") or ","


LEVELS = len(_LEVELS)


def unwrapped(text: str) -> str:
    """Return a value without the brackets and marks around it."""
    bare = text.strip(" :=,;.")
    if bare[:1] == "(" and bare[-1:] == ")" and bare.count("(") == 1:
        bare = bare[1:-1].strip()
    return bare
