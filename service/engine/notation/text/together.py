"""One result word for several parts: "no EGFR or ALK alteration", "KRAS, NRAS and BRAF wild type".

A shared word is written out for each part it surely covers; where it may or may not cover a part,
the text is refused, since a negative taken for a positive would change the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.genes import GeneNames
from service.engine.notation.text.assays import has_assay
from service.engine.notation.text.texts import Polarity, polarity_of

_ALTERNATIVES = frozenset({"or", "nor", ", or", ",or", ", nor"})


@dataclass(frozen=True, slots=True)
class _Part:
    joiner: str
    text: str
    polarity: Polarity
    has_gene: bool
    has_content: bool


def share_result(parts: list[tuple[str, str]], names: GeneNames, gene: Gene | None) -> list[str]:
    """Return the parts with a shared result word written out.

    Raises:
        NotationError: ``ambiguous_result`` when it is not clear which parts the word covers,
            ``ambiguous_alteration`` for "L858R or T790M" without a negative.
    """
    followers = [joiner for joiner, _ in parts[1:]] + [""]
    read = [
        # In "HR+HER2-" the sign is the result of the gene before it.
        _part(joiner, f"{text}+" if following == "+" and names.lookup(text) else text, names)
        for (joiner, text), following in zip(parts, followers, strict=True)
    ]
    lead = read[0].polarity
    if lead.is_leading and lead.result == "not_detected":
        return _share_leading(read, lead.word)
    shared = _share_trailing(read)
    has_choice = any(part.joiner in _ALTERNATIVES for part in read)
    if has_choice and not all(_is_negative(text) for text in shared):
        raise NotationError(
            "ambiguous_alteration", "'or' leaves open what was found: name what was found"
        )
    return shared


def _part(joiner: str, text: str, names: GeneNames) -> _Part:
    polarity = Polarity(text) if has_assay(text) else polarity_of(text)
    taken = names.take(polarity.bare)
    return _Part(joiner, text, polarity, taken.gene is not None, bool(taken.rest.strip(" :,")))


def _is_negative(text: str) -> bool:
    return polarity_of(text).result == "not_detected"


def _share_leading(read: list[_Part], word: str) -> list[str]:
    """Share out a leading "no": over "or" always, over "and" when nothing else stands in the part."""
    has_or = any(part.joiner in _ALTERNATIVES for part in read)
    shared = [read[0].text]
    for part in read[1:]:
        if part.polarity.result is not None:
            shared.append(part.text)
        elif has_or or not part.has_content or (part.joiner == "and" and not part.has_gene):
            shared.append(f"{part.text} not detected")
        elif part.has_gene and part.joiner != "and":
            shared.append(part.text)
        else:
            raise _unclear(word, part.text)
    if not read[0].has_content and read[-1].has_content and len(shared) > 1 and has_or:
        tail = _tail_of(read[-1])
        shared = [f"{text} {tail}".strip() if not part.has_content and tail else text
                  for part, text in zip(read, shared, strict=True)]  # fmt: skip
    return shared


def _tail_of(part: _Part) -> str:
    """Return the word that closes a list: "no EGFR or ALK alteration" -> "alteration"."""
    last = part.polarity.bare.rsplit(" ", 1)[-1].lower()
    return (
        last
        if last.rstrip("s") in ("mutation", "alteration", "variant", "rearrangement", "fusion")
        else ""
    )


def _share_trailing(read: list[_Part]) -> list[str]:
    """Share out a result that only the last part has."""
    shared = [part.text for part in read]
    said: Result | None = None
    words = ""
    for index in range(len(read) - 1, -1, -1):
        part = read[index]
        if part.polarity.result is not None or has_assay(part.text):
            said, words = part.polarity.result, part.polarity.word
            if part.has_content and words and not part.polarity.is_leading:
                tail = _tail_of(part)
                words = f"{tail} {words}".strip() if tail and part.has_gene else words
            if words in ("+", "-", "(+)", "(-)"):
                words = "positive" if "+" in words else "negative"
            continue
        following = read[index + 1] if index + 1 < len(read) else None
        if said is None or following is None:
            continue
        if not part.has_content and part.has_gene:
            shared[index] = f"{part.text} {words}"
        elif said != "detected" and not read[index + 1].polarity.is_leading:
            if following.joiner in _ALTERNATIVES:
                shared[index] = f"{part.text} {words}"
            elif not following.has_gene or following.joiner in ("and", "&", "/"):
                raise _unclear(words, part.text)
            else:
                said = None
    return shared


def _unclear(word: str, text: str) -> NotationError:
    return NotationError(
        "ambiguous_result",
        f"it is not clear whether {word!r} speaks about {text!r} too: give the result of each",
    )
