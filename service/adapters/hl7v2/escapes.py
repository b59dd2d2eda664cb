"""The escape sequences of HL7 v2; what is not known stays as it stands, so that no word is lost.

Source: HL7 v2.5.1, 2.7 (use of escape sequences in text fields) and 2.7.6 (formatted text).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BREAKS = re.compile(r"\.(?:br|ce)|\.sp(?:\+?\d{1,3})?")
_LAYOUT = re.compile(r"\.(?:fi|nf|(?:in|ti|sk)(?:[+-]?\d{1,3})?)|H|N")
_HEX = re.compile(r"X((?:[0-9A-Fa-f]{2})+)")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters that part a message, and the codec of its hexadecimal escapes."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    codec: str = "utf-8"

    def unescaped(self, text: str) -> str:
        """Return a text without its escapes; an unknown one stays."""
        if self.escape not in text:
            return text
        sign = re.escape(self.escape)
        return re.sub(rf"{sign}([^{sign}\n]{{0,200}}){sign}", self._meaning, text)

    def _meaning(self, found: re.Match[str]) -> str:
        name = found[1]
        parts = {
            "F": self.field, "S": self.component, "R": self.repetition, "E": self.escape,
            "T": self.subcomponent,
        }  # fmt: skip
        if name in parts:
            return parts[name]
        if _BREAKS.fullmatch(name):
            return "\n"
        if _LAYOUT.fullmatch(name):
            return " " if name.startswith(".") else ""
        numbers = _HEX.fullmatch(name)
        if numbers is not None:
            try:
                return bytes.fromhex(numbers[1]).decode(self.codec).replace("\r", "\n")
            except UnicodeDecodeError:
                return found[0]
        return found[0]
