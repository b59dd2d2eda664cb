"""Signs of results: lists of names with signs, and the dash of an empty cell.

Breast cancer is written ``ER+/PR+/HER2-`` and ``ER/PR-/HER2+``: a sign stands for its name and for
those before it with a slash, up to an earlier sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

#: Names side by side without a blank that may be one name: ``HER-2/neu``.
_PIECES = re.compile(r"[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+){0,2}")
_SIGN = re.compile(r"(?P<gap>\s?)(?P<sign>\(\s?[+-]\s?\)|\+|-(?=$|[\s,;/&|]))")
#: A blank before a slash may be a plus that an address lost: there a name without a sign is open.
_SHARED = re.compile(r"/(?=\S)")
_JOINT = re.compile(r"\s?[/,;&|]\s?|\s(?:and\s)?|")
#: A dash behind a blank is an empty cell as often as a negative, an em dash is no minus sign; behind
#: a place ("chr2:29223528:-") it is a strand.
_EMPTY = re.compile(r"(?:^|[\s=]|(?<!\d):)-$")
_EM_DASH = re.compile(r" *\u2014(?=\s*(?:$|[,;|/)\n\t]))")


@dataclass(frozen=True, slots=True)
class _Signed:
    names: tuple[str, ...]
    sign: str
    is_apart: bool


def ends_in_empty_cell(text: str) -> bool:
    """Tell whether a part ends in a dash that may be an empty cell: ``KRAS -``, ``KRAS: -``."""
    return text.endswith("-") and _EMPTY.search(text) is not None


def without_em_dashes(text: str) -> str:
    """Return a text with an em dash that closes a part as the dash of an empty cell."""
    return _EM_DASH.sub(" -", text) if "\u2014" in text else text


def signed_list(
    text: str, is_name: Callable[[str], bool], is_phrase: Callable[[str], bool]
) -> list[str] | None:
    """Return the names of a list, each with its sign; ``None`` for a text that is no such list.

    Args:
        is_phrase: tells texts that have a meaning of their own: ``ER/PR+`` does not say that both are.

    Returns:
        ``["ER+", "PR+", "HER2-"]``. A list of dashes behind blanks is none: they may be empty cells.
    """
    if text[-1:] not in ("+", "-", ")"):
        return None
    groups = _groups(text, is_name)
    if groups is None or sum(len(group.names) for group in groups) < 2:
        return None
    # "KRAS/NRAS" is one name, and its slash would be taken for that of the list.
    is_plain = all("/" not in "/".join(g.names) and not g.is_apart for g in groups)
    has_plus = any(group.sign == "+" for group in groups)
    if is_plain or (not has_plus and any(group.is_apart for group in groups)):
        return None
    return [part for group in groups for part in _parts(group, is_phrase)]


def _groups(text: str, is_name: Callable[[str], bool]) -> list[_Signed] | None:
    groups: list[_Signed] = []
    names: list[str] = []
    start = 0
    while start < len(text):
        name = _name_at(text, start, is_name)
        if name is None:
            return None
        names.append(name)
        start += len(name)
        sign = _SIGN.match(text, start)
        if sign is not None:
            word = sign["sign"]
            is_apart = bool(sign["gap"]) and "(" not in word
            groups.append(_Signed(tuple(names), "+" if "+" in word else "-", is_apart))
            names, start = [], sign.end()
        joint = (_JOINT if sign is not None else _SHARED).match(text, start)
        if joint is None or (joint.end() == start < len(text) and sign and sign["sign"] != "+"):
            return None
        start = joint.end()
    return groups if not names else None


def _name_at(text: str, start: int, is_name: Callable[[str], bool]) -> str | None:
    """Return the longest name that stands at a place."""
    found = _PIECES.match(text, start)
    name = found[0] if found else ""
    while name and not is_name(name):
        name = name[: max(name.rfind("-"), name.rfind("/"), 0)]
    return name or None


def _parts(group: _Signed, is_phrase: Callable[[str], bool]) -> list[str]:
    whole = "/".join(group.names) + group.sign
    if len(group.names) > 1 and is_phrase(whole):
        return [whole]
    return [f"{name}{group.sign}" for name in group.names]
