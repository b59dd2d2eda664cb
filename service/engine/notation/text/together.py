"""One result word for several parts: "no EGFR or ALK alteration", "KRAS, NRAS and BRAF wild type".

A shared word is written out for each part it surely covers; where it may or may not cover a part,
the text is refused, since a negative taken for a positive would change the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.genes import GeneNames
from service.engine.notation.text.assays import has_assay
from service.engine.notation.text.texts import INNER_NO, Polarity, polarity_of

_ALTERNATIVES = frozenset({"or", "nor", ", or", ",or", ", nor"})
#: Joiners between statements: what stands before them is closed.
_CLOSED = frozenset({";", "|", "but", ", but"})
_FOR_ALL_BEHIND = re.compile(r"(?::\s*|\s)(?:none|all|both|neither|each)(?:\s\w+)*[).]*$", re.I)
_WILD = re.compile(r"wild|\bwt\b", re.I)
#: In an address a ``+`` is a blank: ``ER+/PR+`` comes in as ``ER /PR ``.
_LOST_SIGN = re.compile(r"\s(?:/\S?|,.*)")
#: Ends the sentence of a "no" that stands in front.
_PARTICIPLE = re.compile(
    r"\b(?:was |were |is |are |been )*(?:detected|found|identified|present|seen|observed|confirmed)[).]*$",
    re.I,
)
#: What a closing word may say of all genes of a list.
_NOUNS = (
    "mutation",
    "alteration",
    "aberration",
    "variant",
    "rearrangement",
    "translocation",
    "fusion",
    "amplification",
)
_NOUN_ALONE = re.compile(
    rf"^\S+(?:\s(?:gene|pathogenic|activating|hotspot))*\s(?:{'|'.join(_NOUNS)})s?[).]*$", re.I
)
#: "no amplification of ERBB2 or MET", "No fusions: ALK, RET": the kind of change of all that follow.
_NOUN_AHEAD = re.compile(
    r"(?:\w+\s){0,2}(mutation|alteration|aberration|variant|rearrangement|translocation|fusion|amplification|gain|loss|deletion)(?:s|es)?"
    r"(?:\s(?:was\s|were\s)?(?:detected|found|identified|seen))?(?:\s(?:of|in|within|for)\s(?:the\s)?|\s?:\s?)\S+$",
    re.I,
)
_SIGNS = frozenset({"+", "-", "(+)", "(-)"})
_EVERYTHING = re.compile(r"\b(?:all|both|each)\s+(?=\w+)|^none$", re.I)


class OtherNames(Protocol):
    """Tells names of genes outside the knowledge base."""

    def is_about(self, text: str) -> bool: ...
    def content_of(self, text: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Part:
    joiner: str
    text: str
    polarity: Polarity
    has_gene: bool
    has_content: bool
    joint: str


def share_result(
    parts: list[tuple[str, str]], names: GeneNames, others: OtherNames, gene: Gene | None
) -> list[str]:
    """Return the parts with a shared result word written out.

    Raises:
        NotationError: ``ambiguous_result`` when it is not clear which parts the word covers,
            ``ambiguous_alteration`` for "L858R or T790M" without a negative.
    """
    followers = [joiner for joiner, _ in parts[1:]] + [""]
    read = [
        # In "HR+HER2-" the sign is the result of the gene before it.
        _part(
            joiner, f"{text}+" if following == "+" and names.lookup(text) else text, names, others
        )
        for (joiner, text), following in zip(parts, followers, strict=True)
    ]
    lead = read[0].polarity
    if lead.is_leading and lead.result in ("not_detected", "indeterminate"):
        if read[0].text[len(lead.word) :].lstrip()[:1] == ":" or lead.word.lower() == "neither":
            return _share_over_all(read, lead)
        return _share_leading(read, lead.word)
    if len(read) > 1 and _FOR_ALL_BEHIND.search(read[-1].text) and read[-1].polarity.result:
        return _share_back_over_all(read)
    shared = _share_trailing(read)
    has_choice = any(part.joiner in _ALTERNATIVES for part in read)
    if has_choice and not all(_is_negative(text) for text in shared):
        raise NotationError(
            "ambiguous_alteration", "'or' leaves open what was found: name what was found"
        )
    return shared


def _part(joint: str, text: str, names: GeneNames, others: OtherNames) -> _Part:
    joiner = joint.strip()
    polarity = Polarity(text) if has_assay(text) else polarity_of(text)
    denial = INNER_NO.search(polarity.bare) if polarity.result == "detected" else None
    if denial is not None:
        # "MET: no amplification detected": the participle ends the sentence of the "no".
        polarity = Polarity(
            text[: denial.start()].rstrip(" :,("),
            "not_detected",
            f": {text[denial.start('tail') :]}",
        )
    taken = names.take(polarity.bare)
    if taken.gene is None:
        content = others.content_of(polarity.bare)
        if content is not None:
            return _Part(joiner, text, polarity, True, bool(content.strip(" :,=")), joint)
    has_content = bool(taken.rest.strip(" :,="))
    return _Part(joiner, text, polarity, taken.gene is not None, has_content, joint)


def _is_negative(text: str) -> bool:
    return polarity_of(text).result == "not_detected"


def _share_over_all(read: list[_Part], lead: Polarity) -> list[str]:
    """Share out "Not detected: …" and "neither …": it covers every part of the list.

    Raises:
        NotationError: ``ambiguous_result`` when a part has another result of its own.
    """
    behind = "not detected" if lead.result == "not_detected" else "not tested"
    shared = [f"{lead.bare} {behind}"]
    for part in read[1:]:
        if part.polarity.result not in (None, lead.result):
            raise _unclear(lead.word, part.text)
        shared.append(part.text if part.polarity.result else f"{part.text} {behind}")
    return shared


def _share_back_over_all(read: list[_Part]) -> list[str]:
    """Share out "…: none detected" and "… all negative" behind a list: it covers every part."""
    last = read[-1].polarity
    behind = {"not_detected": "not detected", "indeterminate": "not tested", "detected": "detected"}
    said = behind[last.result or "detected"]
    shared = []
    for part in read:
        if part.polarity.result not in (None, last.result):
            raise _unclear(last.word, part.text)
        shared.append(f"{_EVERYTHING.sub('', part.polarity.bare).strip(' :,')} {said}")
    return shared


def _share_leading(read: list[_Part], word: str) -> list[str]:
    """Share out a leading "no": over "or" always, over "and" when nothing else stands in the part.

    In "no EGFR or ALK alteration detected" the last word ends the sentence of the "no" and is no
    result of ALK.

    Raises:
        NotationError: ``ambiguous_result`` when it is not clear how far the "no" reaches.
    """
    end = _end_of_sentence(read)
    if end is not None:
        bare = read[end].polarity.bare
        last = replace(read[end], text=bare, polarity=Polarity(bare))
        read = [*read[:end], last, *read[end + 1 :]]
        if last.joiner not in _ALTERNATIVES and not _is_one_list(read[: end + 1]):
            raise _unclear(word, last.text)
    size = _first_of_its_own(read) if end is None else end + 1
    listed, rest = read[:size], read[size:]
    is_closed = False
    for part in rest:
        is_closed = is_closed or (part.joiner in _CLOSED and part.has_gene)
        if part.polarity.result is None and not is_closed:
            raise _unclear(word, part.text)
    return [*_share_over_list(listed, word), *(part.text for part in rest)]


def _first_of_its_own(read: list[_Part]) -> int:
    """Return the index of the first part behind a leading "no" that the "no" does not reach."""
    for index, part in enumerate(read[1:], start=1):
        if part.polarity.result is not None or (part.joiner in _CLOSED and part.has_gene):
            return index
    return len(read)


def _share_over_list(read: list[_Part], word: str) -> list[str]:
    """Share out a leading "no" over parts that have no result of their own."""
    has_or = any(part.joiner in _ALTERNATIVES for part in read)
    ahead = _NOUN_AHEAD.match(read[0].polarity.bare)
    noun = f" {ahead[1]}" if ahead is not None else ""
    shared = [read[0].text]
    for part in read[1:]:
        if not (
            has_or
            or not part.has_content
            or (part is read[-1] and _is_one_list(read))
            or (part.joiner in ("and", "/") and not part.has_gene)
            or (part.joiner == "/" and not (part.has_gene and read[0].has_content))
        ):
            raise _unclear(word, part.text)
        own = "" if part.has_content or not part.has_gene else noun
        shared.append(f"{part.text}{own} not detected")
    if not read[0].has_content and read[-1].has_content and len(shared) > 1:
        tail = _tail_of(read[-1])
        shared = [_with_tail(text, tail) if not part.has_content and tail else text
                  for part, text in zip(read, shared, strict=True)]  # fmt: skip
    return shared


def _end_of_sentence(read: list[_Part]) -> int | None:
    """Return the part at whose end the participle of the leading "no" stands, if it has one there."""
    if _PARTICIPLE.search(read[0].text) is not None:
        return None
    for index, part in enumerate(read[1:], start=1):
        if part.joiner in _CLOSED:
            return None
        if part.polarity.result is not None:
            is_participle = part.polarity.result == "detected" and not part.polarity.is_leading
            return index if is_participle and _PARTICIPLE.search(part.text) is not None else None
    return None


def _is_one_list(read: list[_Part]) -> bool:
    """Tell whether genes stand before or behind one noun: "KRAS, NRAS and BRAF mutations"."""
    *before, last = read
    if any(part.has_content for part in before[1:]) or not last.has_gene:
        return False
    if not last.has_content:
        return True
    return not before[0].has_content and bool(_NOUN_ALONE.search(last.polarity.bare))


def _with_tail(text: str, tail: str) -> str:
    """Return "no ALK" with the word that closes the list: "no ALK rearrangement"."""
    bare = text.removesuffix(" not detected")
    return f"{bare} {tail}{text[len(bare) :]}"


def _tail_of(part: _Part) -> str:
    """Return the word that closes a list: "no EGFR or ALK alteration" -> "alteration"."""
    last = part.polarity.bare.rsplit(" ", 1)[-1].lower()
    return last if last.rstrip("s") in _NOUNS else ""


def _share_trailing(read: list[_Part]) -> list[str]:
    """Share out a result that only the last part has."""
    shared = [part.text for part in read]
    said: Result | None = None
    words, sign = "", ""
    has_shared = False
    for index in range(len(read) - 1, -1, -1):
        part = read[index]
        if part.polarity.result is not None or has_assay(part.text):
            said, words, has_shared = part.polarity.result, part.polarity.word, False
            if part.has_content and words and not part.polarity.is_leading:
                tail = _tail_of(part)
                words = f"{tail} {words}".strip() if tail and part.has_gene else words
            sign = words if words in _SIGNS else ""
            if sign:
                words = "positive" if "+" in words else "negative"
            continue
        following = read[index + 1] if index + 1 < len(read) else None
        if said is None or following is None:
            continue
        if following.joiner in _CLOSED and (part.has_content or following.has_content):
            said = None
        elif not part.has_content and part.has_gene:
            if said == "not_detected" and _has_own_change(following):
                raise _unclear(words.lstrip(" :"), part.text)  # "KRAS, NRAS codon 12: not detected"
            # "ER /PR /HER2-": the sign belongs to the name that it stands at.
            if (sign and following.has_gene) or _LOST_SIGN.fullmatch(following.joint):
                raise _unclear(sign or words, part.text)
            shared[index], has_shared = f"{part.text} {words}", True
        elif said != "detected" and not following.polarity.is_leading:
            if following.joiner in _ALTERNATIVES:
                shared[index], has_shared = f"{part.text} {words}", True
            elif _reaches_back(following, words, has_shared=has_shared):
                raise _unclear(words, part.text)
            else:
                said = None
    return shared


def _has_own_change(part: _Part) -> bool:
    """Tell whether a part says more than its gene and a noun: a change that the gene before it has not."""
    return part.has_gene and part.has_content and _NOUN_ALONE.search(part.polarity.bare) is None


def _reaches_back(following: _Part, words: str, *, has_shared: bool) -> bool:
    """Tell whether a negative may cover the alteration before the part that it stands in.

    "KRAS wild type" speaks about its gene; behind a change it may close a list.
    """
    if not following.has_gene:
        return True
    if following.polarity.word in _SIGNS:
        return False
    if _WILD.search(words) is not None and following.joiner not in ("and", "&", "/"):
        return False
    return has_shared or following.has_content or following.joiner in ("and", "&", "/")


def _unclear(word: str, text: str) -> NotationError:
    return NotationError(
        "ambiguous_result",
        f"it is not clear whether {word!r} speaks about {text!r} too: give the result of each",
    )
