"""Where a text falls apart into statements before anything of it is read.

Rows of a table, lists of genes with a slash, pairs of a DNA and a protein change, a fusion with a
mutation behind it: what a joint cannot tell, the genes and codes around it do.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from service.engine.notation.faults import NotationError
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.phrases import Phrases
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.languages import to_english
from service.engine.notation.text.signs import signed_list
from service.engine.notation.text.texts import polarity_of, split_level
from service.engine.reading import is_placeholder

Parts = list[tuple[str, str]]
_CELLS = re.compile(r"\s*[|\t]\s*")
_FRACTION = re.compile(r"(?:VAF\s?[:=]?\s?)?(\d{1,3}(?:[.,]\d+)?)\s?%?", re.I)
_NAME = r"[A-Za-z][A-Za-z0-9-]{1,9}"
_SLASHED = re.compile(
    rf"(?P<lead>(?:no|not|negative for|without|absence of)\s(?:evidence of\s)?)?(?P<names>{_NAME}(?:\s?/\s?{_NAME}){{1,8}})(?P<rest>(?=$|[\s:])[^,;/|+&]*)",
    re.I,
)
_SLASH = re.compile(r"\s?/\s?")
_FORMS = re.compile(r"c\.[^\s,;()]{3,40}[\s,;:(]{1,3}p\.[^\s,;]{3,40}", re.I)
#: "EML4-ALK G1202R": a fusion by both names, with a change of the kinase behind it.
_FUSION_AND_CHANGE = re.compile(
    r"(?P<fusion>[A-Za-z][A-Za-z0-9]{1,9}\s?(?:-|::|--)\s?(?P<gene>[A-Za-z][A-Za-z0-9]{1,9})(?:\sfusion)?(?:\spositive)?)"
    r"[\s,]+(?:with\s|and\s)?(?P<change>(?:p\.)?\(?[A-Z][a-z]{0,2}\d{1,4}(?:[A-Z][a-z]{0,2}|\*|fs|del|dup|_)\S*.*)",
)  # fmt: skip
#: Something said about a gene, beyond the exon or transcript at which it is fused.
_SAYS = re.compile(
    r"^[\s:,]*(?!(?:\(?(?:e|ex|exon|intron)?\s?\.?\d{1,2}\)?|\(?(?:NM|ENST|NP)_?\d\S*)?(?:\s|$))\S",
    re.I,
)
_JOINT = re.compile(r"(?:-|::|_|/)$|\s(?:-|/)\s$|\b(?:with|partner|and)\s$")
_AND = re.compile(r"\b(?:and|with|or|but|plus|nor)\b", re.I)
_CODE = re.compile(r"[A-Za-z]\d+[A-Za-z*]")


class Splitter:
    """Splits texts at what the vocabulary tells."""

    def __init__(
        self,
        names: GeneNames,
        strangers: Strangers,
        partners: Collection[str] = (),
        phrases: Phrases | None = None,
    ) -> None:
        self._phrases = phrases or Phrases(())
        self._names = names
        self._strangers = strangers
        self._partners = frozenset(partners)

    def in_one_line(self, text: str) -> str:
        """Return a text of several lines or cells as statements behind each other.

        A row whose first cell is a gene is one statement; its empty cells say nothing.
        """
        if not any(mark in text for mark in "\n\t|"):
            return text
        rows = [self._row(line) for line in text.splitlines() if line.strip()]
        return "; ".join(row for row in rows if row)

    def _row(self, line: str) -> str:
        cells = [cell.strip() for cell in _CELLS.split(line)]
        cells = [cell for cell in cells if cell]
        is_row = (
            len(cells) > 1 and self._is_gene(cells[0]) and not any(map(self.names_gene, cells[1:]))
        )
        if not is_row:
            return " | ".join(_with_results(cells))
        said = [cell for cell in cells[1:] if not is_placeholder(cell)]
        return " ".join([cells[0], *map(_as_fraction, said)])

    def _is_gene(self, text: str) -> bool:
        return self._names.lookup(text) is not None or self._strangers.named(text) is not None

    def _is_lone_gene(self, text: str) -> bool:
        """Tell whether a name is a gene and no partner of a fusion: in ``EML4/ALK+`` are not two."""
        return self._is_gene(text) and self._strangers.symbol_of(text) not in self._partners

    def names_gene(self, text: str) -> bool:
        """Tell whether a part names a gene of its own: a covered one anywhere, another in front."""
        return bool(self._names.places_in(text)) or self._strangers.is_about(text)

    def statements(self, text: str) -> Parts | None:
        """Return the statements that a text surely consists of; ``None`` when it may be one."""
        if ";" in text:
            parts = split_level(text, 0)
            if parts is not None and len({self._whole(part) for _, part in parts} - {""}) > 1:
                return parts
        signed = signed_list(text, self._is_lone_gene, self._phrases.knows)
        if signed is not None:
            return [(",", part) for part in signed]
        if "/" in text:
            parts = self._slashed(text)
            if parts is not None:
                return parts
        if "c." in text and "p." in text:
            return _pairs_of_forms(text)
        if "-" in text or "::" in text:
            found = _FUSION_AND_CHANGE.fullmatch(text)
            is_one = found is not None and self._names.lookup(found["fusion"]) is not None
            if found is not None and not is_one and self._names.lookup(found["gene"]) is not None:
                return [("", found["fusion"]), (",", f"{found['gene']} {found['change']}")]
        return None

    def _whole(self, part: str) -> str:
        """Return the gene of a part that says something about it, ``""`` for another part."""
        taken = self._names.take_leading(part)
        if taken is not None and taken.gene is not None:
            return taken.gene.symbol if _SAYS.search(taken.rest) else ""
        named = self._strangers.starts_with(part)
        if named is None or _SAYS.search(part[len(named[0]) :]) is None:
            return ""
        return named[1].symbol

    def _slashed(self, text: str) -> Parts | None:
        """Return the genes of ``ALK/ROS1 rearrangement negative``, unless two of them are a fusion."""
        found = _SLASHED.fullmatch(text)
        if found is None or _AND.search(found["rest"]):
            return None
        names = _SLASH.split(found["names"])
        joints = _SLASH.findall(found["names"])
        symbols = {self._strangers.symbol_of(name) for name in names}
        if not all(map(self._is_gene, names)) or self._partners & symbols:
            return None
        if self._names.lookup(found["names"]) is not None or self.names_gene(found["rest"]):
            return None
        first = f"{found['lead'] or ''}{names[0]}"
        return [
            ("", first),
            *zip(joints, [*names[1:-1], names[-1] + found["rest"]], strict=True),
        ]

    def at_results(self, parts: Parts) -> Parts:
        """Split ``PR positive HER2 negative`` where a gene follows the result of the gene before.

        Else the last result would be shared out over the first ones.
        """
        found: Parts = []
        for joiner, text in parts:
            inner = self.at_genes(text) if found and not _has_result(found[-1][1]) else None
            if inner is not None and all(_has_result(part) for _, part in inner[:-1]):
                found += [(joiner, inner[0][1]), *inner[1:]]
            else:
                found.append((joiner, text))
        return found

    def at_genes(self, text: str) -> Parts | None:
        """Split ``EGFR L858R KRAS G12C`` in front of each gene, and ``L858R T790M`` between changes."""
        if not text:
            return None
        starts = [start for _, start in self._names.places_in(text)]
        ends_of_names = set(starts)
        starts = sorted({*starts, *(start for start, _ in self._strangers.places_in(text))})
        is_joined = any(_JOINT.search(text[:start]) is not None for start in starts[1:])
        if len(starts) > 1 and starts[0] == 0 and ends_of_names and not is_joined:
            ends = [*starts[1:], len(text)]
            return [(",", text[a:b].strip()) for a, b in zip(starts, ends, strict=True)]
        head, *words = text.split()
        if self._names.lookup(head) is not None and words:
            words[0] = f"{head} {words[0]}"
        else:
            words = [head, *words]
        is_list = len(words) > 1 and all(_CODE.search(word) for word in words)
        return [(",", word) for word in words] if is_list else None


def _with_results(cells: list[str]) -> list[str]:
    """Return cells with a result alone behind what it is of: ``BRAF V600E | Not detected``."""
    joined: list[str] = []
    for cell in cells:
        if joined and _is_result_alone(cell) and not _has_result(joined[-1]):
            joined[-1] = f"{joined[-1]}: {cell}"
        else:
            joined.append(cell)
    return joined


def _is_result_alone(cell: str) -> bool:
    try:
        polarity = polarity_of(to_english(cell))
    except NotationError:
        return False
    return polarity.result is not None and not polarity.bare


def _has_result(text: str) -> bool:
    try:
        return polarity_of(text).result is not None
    except NotationError:
        return False


def _as_fraction(cell: str) -> str:
    """Return a cell that is nothing but a percentage as an allele fraction."""
    found = _FRACTION.fullmatch(cell)
    return f"VAF {found[1]}%" if found and "%" in cell else cell


def _pairs_of_forms(text: str) -> Parts | None:
    """Split ``c.2573T>G p.L858R, c.2369C>T p.T790M`` between the pairs; the gene stays in force."""
    starts = [found.start() for found in _FORMS.finditer(text)]
    if len(starts) < 2:
        return None
    cuts = [0]
    for start in starts[1:]:
        # What stands between two pairs (a gene, an exon) belongs to the second.
        gap = max(text.rfind(mark, 0, start) for mark in (",", ";", " and ", "+", ")"))
        cuts.append(gap if gap > cuts[-1] else start)
    ends = [*cuts[1:], len(text)]
    return [(",", text[a:b].strip(" ,;+")) for a, b in zip(cuts, ends, strict=True)]
