"""Where a variant comes from, in words: ``germline``, ``somatic``, ``gBRCA1``.

Only genes of which a class asks for it, or for deleterious variants, have an origin; a germline variant of another gene says
nothing about the tumour and is set apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from service.engine.model import Finding, Gene, Origin
from service.engine.notation.faults import NotationError
from service.engine.notation.readings import ReadBiomarker

_WORDS: tuple[tuple[Origin, re.Pattern[str]], ...] = (
    ("germline", re.compile(r"\b(?:germ-?line|constitutional|inherited|hereditary)\b", re.I)),
    ("somatic", re.compile(r"\b(?:somatic|tumou?r-only)\b", re.I)),
)
#: "germline excluded", "of unknown origin": nothing is said of this variant.
_UNSAID = re.compile(
    r"""\b(?:germ-?line|somatic)\s?(?:or|/|vs\.?|versus)\s?(?:somatic|germ-?line)
    (?:\s(?:origin|status))?(?:\s(?:is\s|was\s)?(?:unknown|undetermined|indeterminate|not\s(?:determined|known|tested)))?\b
    |\b(?:germ-?line|somatic)\s(?:origin|status)\s(?:is\s|was\s)?(?:unknown|undetermined|indeterminate|inconclusive|pending
    |not\s(?:determined|known|tested))\b
    |\b(?:of\s)?(?:unknown|undetermined|indeterminate)\s(?:germ-?line\s|somatic\s)?(?:origin|germ-?line\sstatus)\b
    |\borigin\s(?:is\s)?(?:unknown|undetermined|indeterminate|not\s(?:determined|known))\b""",
    re.I | re.X,
)
_LETTERS = {"g": "germline ", "s": "somatic ", "t": ""}


class Origins:
    """Takes the words of an origin off texts about the genes that have one."""

    def __init__(self, genes: Collection[str], names: Collection[str]) -> None:
        self._genes = frozenset(genes)
        joined = "|".join(sorted(map(re.escape, names), key=lambda name: (-len(name), name)))
        self._lettered = re.compile(rf"(?<![A-Za-z0-9])([gst])({joined})(?=m?(?![A-Za-z0-9]))")

    def spelled_out(self, text: str) -> str:
        """Return a text with ``gBRCA1`` as "germline BRCA1"; "t" (tumour) says no origin."""
        if not self._genes:
            return text
        return self._lettered.sub(lambda found: _LETTERS[found[1]] + found[2], text)

    def take(self, text: str, genes: Collection[Gene]) -> tuple[str, Origin | None]:
        """Return a text without its words of origin, when they speak about a gene that has one.

        Raises:
            NotationError: ``contradictory_notation`` for both in one part.
        """
        if not genes or any(gene.symbol not in self._genes for gene in genes):
            return text, None
        unsaid = _UNSAID.sub(" ", text)
        alone = {name for gene in genes for name in (gene.symbol, *gene.aliases)}
        if unsaid.strip(" :,;()") not in alone:
            text = unsaid  # else it is the result itself: "BRCA2 germline status indeterminate"
        said = [origin for origin, pattern in _WORDS if pattern.search(text) is not None]
        if len(said) > 1:
            raise NotationError("contradictory_notation", f"{text!r} is germline and somatic")
        for _, pattern in _WORDS if said else ():
            text = pattern.sub(" ", text)
        bare = " ".join(re.sub(r"\(\s*\)", " ", text).split()).strip(" ,;")
        return (bare or "mutation"), (said[0] if said else None)

    def has(self, gene: str) -> bool:
        """Tell whether variants of a gene have an origin."""
        return gene in self._genes


def with_origin(read: ReadBiomarker, origin: Origin | None) -> ReadBiomarker:
    """Return findings of sequence variants with where they come from, in their names too."""
    if origin is None:
        return read
    return replace(read, findings=tuple(_from(finding, origin) for finding in read.findings))


def _from(finding: Finding, origin: Origin) -> Finding:
    if finding.kind not in ("sequence_variant", "copy_number") or finding.origin is not None:
        return finding
    return replace(
        finding,
        origin=origin,
        name=f"{finding.name} ({origin})",
        understood_by=(*finding.understood_by, origin),
        one_of=tuple(_from(one, origin) for one in finding.one_of),
    )
