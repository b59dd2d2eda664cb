"""Which names can be the other gene of a fusion: the recurrent partners, and every human gene.

What is no gene is no partner: ``ITD``, ``AMP``, ``VUS``, ``G12C`` stand behind a hyphen too. Where the
recurrent partners lie on the chromosomes is used by ``breakpoints``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.engine.notation.dna.transcripts import Assembly
from service.engine.notation.human_genes import HumanGenes

#: Words of reports that are names or former names of genes too: in a fusion they never are.
_WORDS = frozenset({
    "NGS", "FISH", "IHC", "PCR", "DNA", "RNA", "TKD", "TKI", "MUT", "WT", "EXON", "EX", "DEL", "INS", "DUP",
    "ITD", "PTD", "LOH", "SNV", "KDD", "GENE", "NOT", "AMP", "CNV", "CN", "POS", "NEG", "LOW", "HIGH", "POSITIVE",
    "NEGATIVE", "MUTANT", "CODON", "INTRON", "NO", "OR", "AND", "VUS", "V", "VIII", "KINASE", "FUSION",
    "NON", "POSSIBLE", "SUSPECTED", "PROBABLE", "EXCLUDED", "SOMATIC", "GERMLINE", "PARTIAL", "COMPLEX",
    "LUNG", "TUMOR", "TUMOUR", "ANTI", "PAN", "CDNA", "CTDNA", "PRE", "POST", "ARMS", "WAS", "IN", "ON", "OF", "FOR",
})  # fmt: skip
_CHANGE = re.compile(r"[A-Z]\d{1,4}[A-Z]?|(?:EX|E)\d+\w*|EXON.*|IHC.*", re.I)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]+", re.I)


@dataclass(frozen=True, slots=True)
class Span:
    """A recurrent partner and where it lies, in both assemblies (1-based).

    Args:
        aliases: other names that reports use for it in a fusion (``NPM``).
    """

    symbol: str
    chromosome: str
    strand: str
    grch37: tuple[int, int]
    grch38: tuple[int, int]
    aliases: tuple[str, ...] = ()

    def holds(self, position: int, assembly: Assembly) -> bool:
        """Tell whether a chromosome position lies in the gene."""
        first, last = self.grch37 if assembly == "GRCh37" else self.grch38
        return first <= position <= last


@dataclass(frozen=True, slots=True)
class Partner:
    """The other gene of a fusion, ``None`` for one that is not known, and whether it recurs."""

    symbol: str | None
    is_recurrent: bool = False


class Partners:
    """Finds the other gene of a fusion by its name, whatever the case.

    Args:
        spans: the recurrent partners.
        human_genes: names of all genes.
        listed: symbols that reports list beside each other: a hyphen joins them as a list.
    """

    def __init__(
        self,
        spans: Iterable[Span] = (),
        human_genes: HumanGenes | None = None,
        listed: Iterable[str] = (),
    ) -> None:
        self._recurrent = {
            name.upper(): span.symbol for span in spans for name in (span.symbol, *span.aliases)
        }
        self._human_genes = human_genes or HumanGenes()
        self._listed = frozenset(listed)

    def recurrent(self, name: str) -> str | None:
        """Return the symbol of a recurrent partner, ``None`` for every other name."""
        return self._recurrent.get(name.upper())

    def find(self, name: str, *, stated: bool) -> Partner | None:
        """Return the partner of a name.

        Args:
            stated: whether the text says that it is a fusion, by a word or by ``::``.

        Returns:
            ``None`` when the name is no gene and can be none. A name that no table has is an
            unknown partner where a fusion is stated, and no partner elsewhere.
        """
        upper = name.upper()
        if not stated and upper in self._listed:
            return None
        if name == "?" or upper == "V":
            return Partner(None) if stated else None
        known = self._recurrent.get(upper)
        if known is not None:
            return Partner(known, is_recurrent=True)
        if upper in _WORDS or len(name) < 2:
            return None
        human = self._human_genes.find(name)
        is_change = _CHANGE.fullmatch(name) is not None
        if human is not None and not human.is_ambiguous:
            # "MET-V600E": a symbol without further words must be the approved one.
            is_sure = stated or (human.named_by == "approved" and not is_change)
            return Partner(human.symbol) if is_sure else None
        is_symbol = stated and not is_change and _SYMBOL.fullmatch(name) is not None
        return Partner(None) if is_symbol and name[0].isupper() else None
