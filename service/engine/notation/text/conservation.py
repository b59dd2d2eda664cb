"""The proof that a text was read in full: every word accounted for, no turning word without effect.

It knows nothing of how a text was read; it holds the text against what was understood, so that a
pattern that swallows too much is found out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from service.engine.model import Finding
from service.engine.notation.faults import NotationError
from service.engine.notation.text.lexicon import (
    DOUBT,
    HARMLESS,
    INHERITED,
    INSIGNIFICANT,
    NEGATION,
    UNDERSTOOD,
)

_KNOWN = HARMLESS | NEGATION | DOUBT | INSIGNIFICANT | INHERITED | UNDERSTOOD
#: A word; what holds a digit is a code, and codes are read by their form.
_WORD = re.compile(r"(?<![A-Za-z0-9_.>*=+])[A-Za-z]+(?![A-Za-z0-9_>*=+]|\.\S)")
#: Residues or bases, alone or behind what happened to them: ``ELREA``, ``dupYVMA``.
_RESIDUES = re.compile(
    r"(?:del|ins|dup|delins)?[ACDEFGHIKLMNPQRSTVWY]{2,}|fs(?:X|Ter)?|Ter|v[IVX]{1,4}", re.A
)
#: Phrases whose words turn nothing.
_PHRASES = re.compile(
    r"likely (?:pathogenic|oncogenic|benign)|not otherwise specified|non[\s-]small|non[\s-]squamous"
    r"|(?:clinical )?significance unknown|unknown (?:clinical )?significance|germline (?:excluded|subtracted|filtered)",
    re.I,
)
_LIKELY = re.compile(r"\blikely\b|(?<=[A-Za-z)*])\s?\?(?=\s|$|\))", re.I)
_SEVERAL = re.compile(r"[,;|&+/]|\s(?:and|or|with|but)\s")
_GRADED = frozenset({"expression", "in_situ_hybridization", "status"})


def unread_words(text: str, is_name: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the words of a text that nobody consumes, in order.

    Args:
        is_name: tells whether a word is the name of a gene.
    """
    return tuple(
        word
        for word in dict.fromkeys(_WORD.findall(text))
        if len(word) > 1
        and word.lower() not in _KNOWN
        and _RESIDUES.fullmatch(word) is None
        and not is_name(word)
    )


def check_turning_words(text: str, findings: tuple[Finding, ...]) -> None:
    """Check that each word of a part that can turn a result had its effect.

    Raises:
        NotationError: ``ambiguous_result`` (a negation or a doubt without effect),
            ``contradictory_result`` (benign), ``germline``.
    """
    if not findings or all(finding.kind in _GRADED for finding in findings):
        return
    bare = _PHRASES.sub(" ", text)
    words = {word.lower() for word in _WORD.findall(bare)}
    results = {finding.result for finding in findings}
    if words & INHERITED and "detected" in results:
        raise NotationError("germline", f"{text!r} is a germline variant: it decides nothing here")
    if results != {"detected"}:
        return
    for table in (NEGATION, DOUBT):
        without_effect = sorted(words & table)
        if without_effect:
            raise _unclear(text, ", ".join(without_effect))
    likely = _LIKELY.search(bare)
    if likely is not None:
        raise _unclear(text, likely[0])
    said = words & INSIGNIFICANT
    if said and not any(f.reported_as or f.oncogenicity for f in findings):
        raise _unclear(text, ", ".join(sorted(said)))


def has_turning_word(text: str) -> bool:
    """Tell whether a word of negation or doubt stands in a text."""
    bare = _PHRASES.sub(" ", text)
    words = {word.lower() for word in _WORD.findall(bare)}
    return bool(words & (NEGATION | DOUBT)) or _LIKELY.search(bare) is not None


def explained(error: NotationError, text: str) -> NotationError:
    """Return the fault of a text that was not understood, or a better one: a doubt, the germline."""
    if error.code != "unknown_alteration":
        return error
    bare = _PHRASES.sub(" ", text)
    words = {word.lower() for word in _WORD.findall(bare)}
    likely = _LIKELY.search(bare)
    doubts = sorted(words & DOUBT) or ([likely[0]] if likely else [])
    if doubts:
        return _unclear(text, ", ".join(doubts))
    if words & INHERITED and _SEVERAL.search(text) is None:
        return NotationError("germline", f"{text!r} is a germline variant: it decides nothing here")
    return error


def _unclear(text: str, word: str) -> NotationError:
    return NotationError(
        "ambiguous_result", f"it is not clear what {word!r} says of the result in {text!r}"
    )
