"""The words around a tumour type: stage, course and biomarkers, told apart from the name.

``set_apart`` finds them; which node the rest names is decided in ``tumor_names``. What a stage word
means depends on the organ, so the fact is drawn (``read_context``) when the node is known. How a
biomarker is read is not decided here: its words are kept together, with every word of the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.knowledge.tumor_biomarkers import FOUND, BiomarkerWords

_FLAGS = re.IGNORECASE
#: Abbreviations that hold a context or biomarker word.
_WRITTEN_OUT = {
    "mcrc": "metastatic crc", "mcrpc": "metastatic crpc", "mnsclc": "metastatic nsclc",
    "mtnbc": "metastatic triple-negative breast cancer", "mrcc": "metastatic rcc",
    "mpdac": "metastatic pdac", "mgist": "metastatic gist", "tnbc": "triple-negative breast cancer",
    "es-sclc": "extensive-stage sclc", "ls-sclc": "limited-stage sclc",
}  # fmt: skip
_NUMERAL = r"(?:iv|i{1,3}|[0-4])[abcd]?[1-3]?"
_ORGAN = r"(?:brain|bones?|liver|lungs?|cns|lymph nodes?|peritoneum)"
_WORD = re.compile(r"[\w-]+")
_CONTEXT = re.compile(
    rf"\bstage\s*{_NUMERAL}(?:\s*(?:-|/|to|or)\s*{_NUMERAL})?\b"
    rf"|\bmetasta(?:tic|sized|sised)\s+to\s+(?:the\s+)?{_ORGAN}"
    rf"(?:\s+and\s+(?:the\s+)?{_ORGAN})?\b"
    r"|\b(?:brain|bone|liver|hepatic|lung|pulmonary|cns|visceral|peritoneal|lymph node)\s+"
    r"metast(?:asis|ases)(?:\s+(?:of|from))?\b"
    r"|\b(?:non-?\s?metastatic|(?:oligo|de novo )?metastatic|disseminated)\b"
    r"|\b(?:metastases|metastasi[sz]ed)\b"
    r"|\blocally[\s-]+(?:advanced|recurrent)\b|\badvanced(?:[\s-]+stage)?\b"
    r"|\b(?:unresectable|inoperable|non-?resectable|resectable|resected|unresected)\b"
    r"|\b(?:recurrent|relapsed|refractory|early(?:[\s-]+stage)?|limited[\s-]+stage"
    r"|extensive[\s-]+stage|high[\s-]+risk|newly[\s-]+diagnosed|node[\s-]+(?:positive|negative)"
    r"|(?:previously[\s-]+|pre)treated|previously[\s-]+untreated|treatment[\s-]+na[iï]ve"
    r"|neoadjuvant|adjuvant|second[\s-]+line|first[\s-]+line)\b"
    r"|(?<![\w.])[cpy]{0,2}M1[a-d]?\b"
    r"|(?<![\w.])[cpry]{0,2}T(?:[0-4][a-d]?|is|x)[\s,]*[cp]?N[0-3x][a-c]?(?:[\s,]*[cp]?M[0x])?\b",
    _FLAGS,
)
#: Grades stand beside a name and never decide it, unless the name holds one.
_GRADE = re.compile(
    rf"\b(?:(?:cns\s+)?who\s+|figo\s+|nottingham\s+|histologic(?:al)?\s+)?grade\s*{_NUMERAL}\b"
    r"|\bgleason(?:\s+score)?\s*:?\s*(?:\d\s*\+\s*\d(?:\s*=\s*\d{1,2})?"
    r"|\d{1,2}(?:\s*\(\s*\d\s*\+\s*\d\s*\))?)|(?<![\w.])G[1-4]\b",
    _FLAGS,
)
_BREAK = " ; "
_BREAK_OR_BLANK = " "
_BESIDE = "\x02"
_OR_BETWEEN = re.compile(rf"{FOUND}\W*(?:and\s*/\s*or|or|oder|ou|vs\.?|versus)\W*{FOUND}", _FLAGS)
#: Words that link what was set apart to the name, or two things that were set apart; only there.
_LINKS = r"(?:with|and|in|of|from|to|the|harbou?ring|carrying|showing|mit|avec|con|und|et|y|e)"
_BESIDES = re.compile(
    rf"(?:(?:(?<=[\s,;(])|^){_LINKS}\s+)*[{FOUND}{_BESIDE}](?:[\s,;/&+-]*(?:(?:{_LINKS}|or)\s+)?[{FOUND}{_BESIDE}])*"
    rf"(?:\s+{_LINKS}(?=\s))*",
    _FLAGS,
)
#: Organs in which every stage IV has distant metastases. Source: AJCC Cancer Staging Manual, 8th
#: edition; elsewhere (head and neck, thyroid, kidney, cervix …) some stage IV is M0.
_STAGE_IV_IS_METASTATIC = frozenset({"LUNG", "BOWEL", "BREAST", "SKIN", "PANCREAS", "OVARY"})
_STAGE_WORDS = (
    (re.compile(r"^(?:brain|bone|liver|hepatic|lung|pulmonary|cns|visceral|peritoneal)\s+metast"
                r"|^(?:oligo|de novo )?metasta(?!(?:tic|si[sz]ed) to (?:the )?lymph)"
                r"|^disseminated|^[cpy]*m1"), "metastatic"),
    (re.compile(r"^(?:unresectable|inoperable|non-?resectable)"), "unresectable"),
    (re.compile(r"^locally[\s-]+advanced"), "locally_advanced"),
    (re.compile(r"^(?:recurrent|relapsed|locally[\s-]+recurrent)"), "recurrent"),
    (re.compile(r"^(?:resected|resectable|early)"), "early"),
)  # fmt: skip
_FURTHEST_FIRST = ("metastatic", "unresectable", "locally_advanced", "recurrent", "early")
#: Words that need no remark when another word decides the stage.
_OPEN = re.compile(
    r"^(?:stage|non-?\s?metastatic|advanced|limited|extensive|unresected|lymph"
    r"|metasta(?:tic|si[sz]ed) to (?:the )?lymph|[cpry]*t)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a text holds beside a name.

    Args:
        context: words of stage and course, lower case, in the order of the text.
        biomarkers: the words of each biomarker with those of its result, in the order of the text.
        rest: the text without them.
        joined_by_or: whether the text says "unresectable or metastatic" and the like.
        is_open: whether "or" stands between biomarkers, so that neither is stated.
    """

    context: tuple[str, ...]
    biomarkers: tuple[str, ...]
    rest: str
    joined_by_or: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Facts that the context words state; ``open`` are those that state none for this organ."""

    disease_stage: str | None = None
    treatment_setting: str | None = None
    open: tuple[str, ...] = ()


def write_out(text: str) -> str:
    """Write out an abbreviation of a context word and a name (``mCRC``)."""
    return _WORD.sub(lambda found: _WRITTEN_OUT.get(found[0].lower(), found[0]), text)


def set_apart(text: str, biomarkers: BiomarkerWords | None) -> Words:
    """Tell words of stage and course, and of biomarkers if asked for, from the rest."""
    spans: list[str] = []
    is_open = False
    if biomarkers is not None:
        text, spans = biomarkers.take(text)
        is_open = _OR_BETWEEN.search(text) is not None
    context = tuple(_squeeze(m.group()) for m in _CONTEXT.finditer(text))
    joined = re.sub(r"\s+", " ", _CONTEXT.sub(_BESIDE, text))
    either = f"{_BESIDE} or {_BESIDE}" in joined or f"{_BESIDE}/{_BESIDE}" in joined
    rest = _BESIDES.sub(_BREAK_OR_BLANK, joined).strip(" ,;:/()+-&")
    return Words(context, tuple(dict.fromkeys(spans)), rest, either, is_open)


def without_grades(text: str) -> str:
    """Return a text without its grades, as numbers."""
    return _GRADE.sub(_BREAK, text)


def read_context(words: Words, organ: str, *, is_solid: bool) -> Context:
    """Return the facts that context words state about a tumour of an organ.

    Stage I and II are early; III alone may be resected or not, and states nothing. Stage numbers
    of blood cancers state nothing. Of several words the furthest counts, unless "or" joins them.
    """
    stages = {stage for word in words.context for stage in [_stage(word, organ, is_solid)] if stage}
    setting = next((w for w in words.context if w in ("neoadjuvant", "adjuvant")), None)
    if len(stages) > 1 and words.joined_by_or:
        return Context(None, setting, words.context)
    stage = next((stage for stage in _FURTHEST_FIRST if stage in stages), None)
    left = tuple(
        word
        for word in words.context
        if word != setting
        and _stage(word, organ, is_solid) is None
        and not (stage and _OPEN.match(word))
    )
    return Context(stage, setting, left)


def _stage(word: str, organ: str, is_solid: bool) -> str | None:
    numerals = re.findall(rf"\b{_NUMERAL}\b", word) if word.startswith("stage") else []
    if numerals:
        if not is_solid:
            return None
        bare = {re.sub(r"[abcd]?[1-3]?$", "", n) if not n.isdigit() else n for n in numerals}
        if bare <= {"0", "i", "ii", "1", "2"}:
            return "early"
        is_iv = bare <= {"iv", "4"}
        return "metastatic" if is_iv and organ in _STAGE_IV_IS_METASTATIC else None
    return next((stage for pattern, stage in _STAGE_WORDS if pattern.match(word)), None)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().lower())
