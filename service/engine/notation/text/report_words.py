"""What the words of one line of a report hold: a gene, a result, a result apart from its test."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from service.engine.model import Result
from service.engine.notation.faults import NotationError
from service.engine.notation.genes import GeneNames
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.doubts import (
    is_lone_denial,
    is_lone_value,
    says_poor,
    takes_back,
)
from service.engine.notation.text.labels import Role
from service.engine.notation.text.languages import to_english
from service.engine.notation.text.layout import ALTERATION, has_share
from service.engine.notation.text.texts import polarity_of
from service.engine.reading import is_placeholder

#: What words without a gene's name are.
Told = Literal["finding", "tumor"] | None

#: A heading of a part of a report, unless a result or a code stands in it.
_HEADING = re.compile(
    r"\b(?:panel|report|profile|befund|bericht|compte rendu|informe|referto|template|appendix|analysis)\b",
    re.I,
)
_RESULT = re.compile(
    r"\d|\b(?:positiv|negativ|not|no|none|detected|identified|found|wild|mutated|pending|nachgewiesen|keine?)",
    re.I,
)
#: What stands behind a gene in a heading, beside how a protein or copies were seen.
_TESTED = re.compile(
    r"(?:(?:gene|mutations?|mutational|variants?|alterations?|sequencing|analysis|testing|tests?|status|assay|results?|proteins?)\s?)*",
    re.I,
)
_STAINED = re.compile(r"(?:by )?(?:IHC|F?ISH|immunohistochemistry)(?: (?:results?|status))?", re.I)
#: A share of alleles, a score or a count beside a gene.
_MEASURED = re.compile(r"\d\s?%\s?(?:VAF|MAF|AF)\b|\bVAF\W{0,3}\d|\b[0-3]\+", re.I)
_SAID: dict[Role, str] = {"uncertain": "VUS", "benign": "benign", "germline": "germline"}


class ReportWords:
    """Tells what words hold, by the names of genes and by what the readers take.

    Args:
        tell: whether words without a gene's name are a tumour type, or are read as a finding all
            the same: ``dMMR``, ``chr7:140453136A>T``, ``BRAFV600E``.
    """

    def __init__(self, names: GeneNames, strangers: Strangers, tell: Callable[[str], Told]) -> None:
        self._names = names
        self._strangers = strangers
        self.tell = tell

    def is_gene(self, words: str) -> bool:
        """Tell whether words are the name of a gene and nothing else."""
        return self.is_covered_gene(words) or self._strangers.named(words) is not None

    def is_covered_gene(self, words: str) -> bool:
        """Tell whether words are the name of a gene of the knowledge and nothing else."""
        return self._names.lookup(words) is not None

    def subject_of(self, label: str) -> str | None:
        """Return what lines below a heading are about: ``EGFR mutation analysis:`` -> ``EGFR``.

        ``None`` for a heading that says more than a gene or marker and how it was tested.
        """
        try:
            taken = self._names.take_leading(label)
        except NotationError:
            return None
        if taken is None or taken.gene is None:
            return None
        rest = taken.rest.strip(" :-")
        if _TESTED.fullmatch(rest) is not None:
            return taken.gene.label
        return label if _STAINED.fullmatch(rest) is not None else None

    def names_covered_gene(self, words: str) -> bool:
        """Tell whether a gene of the knowledge is named."""
        return bool(self._names.all_in(words))

    def names_gene(self, words: str) -> bool:
        """Tell whether a gene is named, covered or not."""
        return self.names_covered_gene(words) or self._strangers.is_about(words)

    def holds_result(self, words: str) -> bool:
        """Tell whether words may hold a finding, so that the readers must see them."""
        if self.names_gene(words):
            return True
        english = to_english(words)
        is_heading = _HEADING.search(words) is not None and _RESULT.search(english) is None
        is_altered = not is_heading and ALTERATION.search(english) is not None
        return is_altered or self.tell(words) == "finding"

    def names_change(self, words: str) -> bool:
        """Tell whether a gene of the knowledge stands with what looks like a change or a result."""
        return self.names_covered_gene(words) and ALTERATION.search(words) is not None

    def is_measured_result(self, words: str) -> bool:
        """Tell whether a change stands with a result or a measure of its own."""
        has_result = result_of(words) in ("detected", "not_detected")
        is_measured = has_result or _MEASURED.search(words) is not None
        return is_measured and self.names_change(words)

    def is_lone(self, words: str) -> bool:
        """Tell whether words without a gene may say something of a result all the same."""
        if self.names_gene(words) or self.tell(words) is not None:
            return False
        is_lone = is_lone_value(words) or is_lone_denial(words)
        return is_lone or takes_back(words) or says_poor(words)

    def has_empty_result(self, cells: Sequence[str]) -> bool:
        """Tell whether a row without known columns has a gene, an empty cell and no result."""
        rest = " ".join(cell for cell in cells if not is_placeholder(cell))
        is_whole = all(cell and not is_placeholder(cell) for cell in cells)
        if is_whole or not self.names_gene(rest):
            return False
        return result_of(rest) is None and not has_share(rest)

    def written_out(self, role: Role, words: str) -> str:
        """Return words with what their heading says of them."""
        if role in ("ihc", "ish"):
            taken = self._names.take_leading(words)
            if taken is None or taken.gene is None:
                return words
            return f"{taken.gene.label} {role.upper()} {taken.rest}"
        own = result_of(words)
        if role in ("negative", "untested"):
            said = "Not detected" if role == "negative" else "Not tested"
            return words if own is not None else f"{said}: {words}"
        if own == "not_detected":
            return words
        return ", ".join(f"{part.strip()} {_SAID[role]}" for part in re.split(r"[,;]", words))


def result_of(words: str) -> Result | None:
    """Return the result that words have of their own; two of them are left to the readers."""
    try:
        return polarity_of(words).result
    except NotationError:
        return "indeterminate"
