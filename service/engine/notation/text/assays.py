"""Assay words: which kind of test a text or the ``assay`` field names, and where its result stands."""

from __future__ import annotations

import re
from typing import Literal

AssayKind = Literal["ihc", "ish", "sequencing"]

_IHC = (
    r"IHC|immunohistochemi(?:stry|cal)|immunostain(?:ing)?|protein expression by IHC|D5F3|5A4|22C3|SP263|SP142|28-8|73-10|4B5"
    r"|HercepTest|VE1|PATHWAY"
)
_ISH = r"FISH|D-?ISH|DDISH|CISH|SISH|DISH|BDISH|ISH|(?:fluorescen(?:ce|t)|chromogenic|dual|silver)?[\s-]?in[\s-]situ hybridi[sz]ation|break[\s-]?apart(?:\sFISH)?"
_SEQUENCING = (
    r"(?:DNA|RNA|targeted|tissue|plasma|tumou?r)?[\s-]?(?:NGS|WES|WGS|(?:next[\s-]generation\s)?sequencing|(?:RT|dd|q|RT-q|real[\s-]time )?-?PCR|RNA-?seq)"
    r"|sanger|ct[\s-]?DNA|liquid biopsy|DNA|RNA|panel|cobas.{0,30}|foundation\s?one.{0,20}|guardant\s?360.{0,10}|oncomine.{0,30}|archer.{0,20}"
    r"|therascreen.{0,30}|idylla.{0,20}|molecular|genotyping|pyrosequencing|MSK-IMPACT|nanostring|microarray|snp array|array cgh"
)
_ASSAY = re.compile(rf"(?<![A-Za-z0-9])(?P<name>{_IHC}|{_ISH})(?=$|[\s:+\-/(),=;]|\d)", re.I)
_KINDS: tuple[tuple[AssayKind, re.Pattern[str]], ...] = (
    ("ihc", re.compile(rf"(?:{_IHC})(?:\s?\(?(?:{_IHC}|ventana|dako|clone|assay|pharmdx|cdx|[\w-]{{1,10}})\)?){{0,3}}", re.I)),
    ("ish", re.compile(rf"(?:{_ISH}|vysis(?:\s[\w-]{{1,12}}){{0,4}})(?:\s(?:probe|assay|break[\s-]?apart|dual probe|test))?", re.I)),
    ("sequencing", re.compile(rf"(?:{_SEQUENCING})(?:\s(?:panel|assay|test|tissue|blood|plasma|\(?\w{{1,12}}\)?)){{0,3}}", re.I)),
)  # fmt: skip
#: How and on what it was tested: says nothing about what was found.
_CONTEXT = re.compile(
    rf"[\s,;(]{{1,3}}(?:idylla|cobas|therascreen|oncomine|foundation\s?one(?:\scdx)?|guardant\s?360(?:\scdx)?)\)?$|[\s,;]{{1,2}}\(?(?:by|via|on|using|per|in|from)\s(?:{_SEQUENCING}|(?:the\s)?(?:tumou?r|tissue|plasma|blood|biopsy|specimen|primary|metastasis))"
    rf"(?:\s(?:tissue|sample|biopsy|panel|testing|test|analysis))?\)?$|[\s,;]{{0,2}}\((?:{_SEQUENCING}|tissue|plasma|blood|tumou?r)\)$",
    re.I,
)  # fmt: skip
#: A score of a stain, alone or behind its word: "2+", "Equivocal (Score 2+)".
_SCORE = re.compile(
    r"(?:(?:negative|equivocal|borderline|positive|low)[\s,:]{0,2}\(\s?)?(?:score\s)?[0-3]\s?\+?\s?\)?",
    re.I,
)
_MIGHT_BE_CONTEXT = re.compile(
    r"idylla|cobas|therascreen|oncomine|foundation|guardant|\b(?:by|via|on|using|per|in|from)\s|\)$",
    re.I,
)


#: "cobas EGFR Mutation Test v2: exon 19 deletion": the test in front, its gene in its name.
_TEST_BEFORE = re.compile(
    r"(?:cobas|therascreen|idylla|oncomine|foundation\s?one|guardant\s?360|archer|ampliseq)\b(?P<named>[^:;,]{0,60}):\s*(?=\S)",
    re.I,
)
_TEST_WORDS = re.compile(
    r"\b(?:mutation|variant|test|assay|kit|panel|analysis|cdx|dx|plus|pro|liquid|focus|comprehensive|target|detection|result|v\d|\d{1,3})\b",
    re.I,
)


def has_assay(text: str) -> bool:
    """Tell whether a text names an IHC or ISH assay."""
    return _ASSAY.search(text) is not None


def kind_of(assay: str) -> AssayKind | None:
    """Return the kind of an assay word, ``None`` when it is not known."""
    bare = assay.strip()
    if len(bare) > 60:
        return None
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(bare)), None)


def without_context(text: str) -> str:
    """Return a text without how it was tested: ``L858R by NGS`` -> ``L858R``."""
    before = _TEST_BEFORE.match(text)
    if before is not None:
        text = f"{_TEST_WORDS.sub('', before['named'])} {text[before.end() :]}".strip()
        text = " ".join(text.split())
    if _MIGHT_BE_CONTEXT.search(text) is None or _ASSAY.search(text):
        return text
    return _CONTEXT.sub("", text).strip() or text


def assay_pieces(text: str) -> list[tuple[str, str]]:
    """Split a text at its assay words: ``IHC 2+/ISH+`` -> (IHC, 2+), (ISH, +).

    Words before the first assay belong to it ("2+ by IHC"), unless it has a value of its own.
    """
    marks = list(_ASSAY.finditer(text))
    if not marks:
        return []
    pieces: list[tuple[str, str]] = []
    before = _value(text[: marks[0].start()])
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        pieces.append((mark["name"], _value(text[mark.end() : end])))
    if before:
        # "2+ by IHC, amplified by FISH": every value stands before its assay.
        values = [before, *(value for _, value in pieces[:-1])]
        if not pieces[-1][1]:
            return _merged([(name, value) for (name, _), value in zip(pieces, values, strict=True)])
        if kind_of(pieces[0][0]) == "ish" and _SCORE.fullmatch(before):
            return _merged([("IHC", before), *pieces])  # "2+ FISH-": the score is no value of FISH
        pieces[0] = (pieces[0][0], f"{before} {pieces[0][1]}".strip())
    return _merged(pieces)


_SAID = re.compile(r"detected|found|seen|present|identified|observed", re.I)


def _merged(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join an assay word without a value to the next one of its kind: "IHC (D5F3) positive"."""
    merged: list[tuple[str, str]] = []
    for index, (name, value) in enumerate(pieces):
        following = pieces[index + 1][0] if index + 1 < len(pieces) else None
        if not value and following is not None and kind_of(following) == kind_of(name):
            continue
        is_again = bool(merged) and kind_of(merged[-1][0]) == kind_of(name)
        if is_again and (not value or (merged[-1][1] and _SAID.fullmatch(value))):
            continue  # "2+ detected by IHC": the score is the result
        merged.append((name, value))
    return merged


_JOINTS = re.compile(
    r"(?:^|\s)(?:by|on|per|and|with|but|plus)$|^(?:and|but|by|with(?! (?:faint|membrane|no|incomplete|some)))\s|[,;]\s?(?:and|but)$",
    re.I,
)


def _value(text: str) -> str:
    bare = text.strip()
    while True:
        shorter = _JOINTS.sub("", bare).strip().strip(",;/:=&").strip()
        if shorter.startswith("- ") or (shorter.startswith("-") and shorter[1:2].isalnum()):
            shorter = shorter.lstrip("- ")
        if shorter.count("(") < shorter.count(")"):
            shorter = shorter.removesuffix(")").removeprefix(")").strip()
        if shorter.count("(") > shorter.count(")"):
            shorter = shorter.removesuffix("(").removeprefix("(").strip()
        if shorter == bare:
            return bare
        bare = shorter
