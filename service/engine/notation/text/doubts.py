"""Lines that put what stands around them in doubt: unknown headings, retractions, lone results.

A variant without a result of its own is found only where nothing says otherwise. A heading that is
not known, a result that stands apart from its test, or a sentence that takes a result back may say
otherwise; then the variant is in doubt, and never found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from service.engine.notation.faults import NotationError
from service.engine.notation.text.labels import Role
from service.engine.notation.text.languages import to_english
from service.engine.notation.text.layout import is_result
from service.engine.notation.text.lexicon import DOUBT, FOREIGN_NEGATION, NEGATION
from service.engine.notation.text.passages import Passage
from service.engine.notation.text.texts import polarity_of

#: What a heading that is no label of the table says of the lines below: it is a title of what was
#: found, it is not known, or they are of another time, sample or person, or were only looked for.
Heading = Literal["title", "unknown", "elsewhere"]

_ELSEWHERE = re.compile(
    r"\b(?:prior|previous|earlier|past|histor\w+|formerly|vorbefund\w*|fruher\w*|voruntersuch\w*|anterieur\w*|precedent\w*"
    r"|previ[oa]s?|anterior\w*|precedente\w*"
    r"|tested|requested|ordered|covered|regions?|controls?|eligib\w+|criteria|exclu\w+|inclu\w+"
    r"|ruled out|reference|range|examples?|low|(?:sub-?)?threshold|below|limit|arte?facts?|rejected|uncertain|unclear|confirm\w*|doubt\w*|drugs?|labels?"
    r"|therap\w+|resistan\w+|sensitiv\w+|associated|trials?|mother|father|sister|brother|relatives?|family|differential"
    r"|ha?ematopoiesis|chip|not|no|without|absent\w*|ausgeschlossen|untersucht|angefordert|kontroll\w*|mutter|vater|demande\w*)\b",
    re.I,
)
#: Words of titles and of who sent and made a report.
_TITLE = re.compile(
    r"\b(?:panel|report|profile|results?|findings?|summary|alterations?|variants?|mutations?|biomarkers?|befund\w*|bericht|ergebnis\w*"
    r"|compte rendu|informe|referto|template|appendix|analysis|laborator\w+|labs?|institut\w*|hospital|department|pathology|oncology"
    r"|medicine|diagnostics?|patient|page|section)\b",
    re.I,
)
_FOUND = re.compile(
    r"\b(?:detected|identified|found|present|positive|nachgewiesen\w*|detecte\w*)\b", re.I
)
_RETRACTION = re.compile(
    r"\b(?:not|never|n't|could not|cannot)\s(?:be\s)?(?:\w+ly\s)?(?:confirmed|reproduced|verified|validated in)\b|\bin error\b|\bretracted\b|\bwithdrawn\b"
    r"|\b(?:sample|specimen|dna|rna|cfdna|ctdna|sequencing|library|quality|qc|test|assay|analysis|result|amplification)\b[\w\s,:-]{0,30}"
    r"\b(?:fail(?:ed|ure)?|invalid|insufficient|inadequate|inconclusive|uninterpretable|not interpretable|not evaluable)\b",
    re.I,
)
_VALUE = re.compile(
    r"\b(?:CPS|TPS|IRS|h[\s-]?score|allred|ratio|tumou?r proportion score|combined positive score)\b.{0,20}?\d",
    re.I,
)
#: A share in a line of its own, as the value of the line above.
_SHARE_ALONE = re.compile(r"[(\[]?\s?[<>~=]{0,2}\s?\d{1,3}(?:[.,]\d+)?\s?%\s?[)\]]?")
#: The quality of what stands above is not what it should be.
_POOR = re.compile(
    r"(?:quality|qc(?: (?:status|result|flag))?|filters?|confidence|flags?)\s?:\s?"
    r"(?:fail\w*|low|poor|bad|arte?fact\w*|rejected|not passed|below\b.*|insufficient\w*|inadequate)",
    re.I,
)
#: "Not amplified", "not rearranged": a denial that leaves out of what.
_DENIED_ABOVE = re.compile(
    r"(?:is |was )?(?:not|non|un|nicht|no|pas)[\s-]?(?:\w{1,3} )?(?:amplifi|rearrang|mutat|mutier|fus(?:ed|ion\w*)$|translocat|delet|expressed|expressing|reordenad|riarrang|rearranj|present|confirm)\w*",
    re.I,
)
#: Kinds of change that a general denial may be about.
_KINDS = tuple(
    re.compile(form, re.I)
    for form in (
        r"amplif|copy number|\bgains?\b",
        r"fusion|rearrang|translocat|::",
        r"\bloss|\bdeletion",
    )
)
_GENERAL = re.compile(r"mutat|variant|alterat|change|aberration|veranderung", re.I)
#: Counts what stands below a heading.
_NONE = re.compile(
    r"(?:none|nothing)(?: (?:detected|identified|found|reported|noted|seen))?|keine?r?|aucune?|ningun[oa]?|nessun[oa]?",
    re.I,
)
_MORE = re.compile(
    r"\b(?:other|further|additional|weitere\w*|otr[ao]s?|autres?|altr[ei]|remaining)\b", re.I
)
_SIGNS = frozenset({"+", "-", "(+)", "(-)", "\u2013", "\u2212"})
_SHORT_WORDS = 8
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f']+")
#: An empty or a ticked box in round brackets: which of the two is meant, nobody can tell.
_BOX = re.compile(r"(?<![A-Za-z0-9])\(\s*[xX\u2713\u2714]?\s*\)")
#: Roles of headings that say what the lines below them are.
_SAYING: frozenset[Role] = frozenset(
    {"findings", "negative", "untested", "uncertain", "benign", "germline"}
)


def heading_of(words: str, *, has_colon: bool) -> Heading:
    """Return what a heading without a known label says of the lines below it."""
    said = to_english(words)
    if _ELSEWHERE.search(said) is not None:
        return "elsewhere"
    is_title = _TITLE.search(said) is not None or _FOUND.search(said) is not None
    return "title" if is_title or not has_colon else "unknown"


def without_boxes(words: str) -> str:
    """Return a text without its boxes in round brackets."""
    return _BOX.sub(" ", words).strip()


def is_none(words: str) -> bool:
    """Tell whether words count what stands under a heading, and find nothing."""
    return _NONE.fullmatch(to_english(words).strip(" .:")) is not None


def is_row_of_signs(cells: Sequence[str]) -> bool:
    """Tell whether cells are results of the names in a row above."""
    return sum(cell.rpartition(" ")[2] in _SIGNS for cell in cells) > 1


def takes_back(words: str) -> bool:
    """Tell whether a sentence without a gene takes a result back, or says that a sample failed."""
    return _RETRACTION.search(to_english(words)) is not None


def is_lone_value(words: str) -> bool:
    """Tell whether words without a gene give the value of a scale, or a share alone."""
    return _VALUE.search(words) is not None or _SHARE_ALONE.fullmatch(words.strip()) is not None


def says_poor(words: str) -> bool:
    """Tell whether a labelled line says that the quality of what stands above is not sufficient."""
    return _POOR.fullmatch(words.strip(" .")) is not None


def is_denial_of_above(words: str) -> bool:
    """Tell whether a line denies a change without naming of what: it is of the line above."""
    return _DENIED_ABOVE.fullmatch(words.strip(" .")) is not None


def is_lone_denial(words: str) -> bool:
    """Tell whether a short line without a gene denies or doubts what stands above it."""
    said = to_english(words)
    if is_result(said):
        return True
    found = [word.lower() for word in _WORD.findall(said)]
    is_short = len(found) <= _SHORT_WORDS and _MORE.search(said) is None
    return is_short and not (NEGATION | DOUBT | FOREIGN_NEGATION).isdisjoint(found)


def with_doubts(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages with those in doubt that a line below them denies or takes back."""
    kept = list(passages)
    for index, passage in enumerate(passages):
        if passage.what == "heading":
            kept[index] = replace(passage, what="nothing")
        if passage.what == "lone" or _is_heading_of_nothing(passages, index):
            kept[index] = replace(passage, what="lone")
            if not is_lone_value(passage.text):
                _doubt_above(kept, index)
        elif _is_result_alone(passage) or (index and _denies_kind_of(passage, kept[index - 1])):
            _doubt_above(kept, index)
    return kept


def _is_result_alone(passage: Passage) -> bool:
    """Tell whether a label holds a result and nothing else: ``Result: NOT DETECTED``."""
    given = passage.given
    return passage.what == "biomarker" and isinstance(given, str) and is_result(given)


def _denies_kind_of(passage: Passage, above: Passage) -> bool:
    """Tell whether a denial without a gene, right below a change, speaks of changes of its kind."""
    words = passage.text
    is_next = passage.is_unnamed and passage.line == above.line + 1
    if not is_next or not is_lone_denial(words):
        return False
    said = next((kind for kind in _KINDS if kind.search(words)), None)
    if said is not None:
        return said.search(above.text) is not None
    return _GENERAL.search(words) is not None and not any(
        kind.search(above.text) for kind in _KINDS
    )


def _is_heading_of_nothing(passages: Sequence[Passage], index: int) -> bool:
    """Tell whether a heading that is a result or a denial has no line below it.

    Then it may be no heading, but the result of the line above.
    """
    passage = passages[index]
    is_known = passage.what == "nothing" and passage.role in _SAYING
    if not is_known and passage.what != "heading":
        return False
    is_denial = not passage.text.endswith(":") and is_lone_denial(passage.text)
    following = passages[index + 1 : index + 2]
    is_last = not following or following[0].what in ("nothing", "heading", "context")
    return is_last and (is_denial or is_result(passage.text))


def _doubt_above(passages: list[Passage], index: int) -> None:
    above = index - 1
    while above >= 0 and passages[above].what == "nothing":
        above -= 1
    if above < 0 or passages[above].what != "biomarker":
        return
    passage = passages[above]
    if _has_result(passage.text) and not takes_back(passages[index].text):
        return
    given = passage.given if isinstance(passage.given, str) else passage.text
    passages[above] = replace(passage, what="doubtful", given=given, pieces=())


def _has_result(words: str) -> bool:
    try:
        return polarity_of(to_english(words)).result is not None
    except NotationError:
        return True
