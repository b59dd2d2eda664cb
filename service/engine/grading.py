"""How results of a gene or marker are graded: scores, scales, cut-offs, words, probes; as values.

They come from the families of a gene (``seed_data/vocabulary/families.yaml``); the readers in
``notation/grades`` ask them instead of asking which gene it is. Start with ``Grading``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Result = Literal["detected", "not_detected", "indeterminate"]
#: What a result without an assay and without an alteration speaks about.
Bare = Literal["alteration", "stain", "status", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Scale:
    """A numeric scale of results.

    Args:
        name: as findings and classes call it (``TPS``, ``percent``, ``TMB``).
        words: how reports write it, lower case; empty when only its unit tells it.
        unit: written behind the number: ``%``, ``mut/Mb``.
        unit_words: other spellings of the unit.
        ucum: the code of the unit in UCUM, for scales that FHIR writes with it.
        is_unit_required: a number with the name alone is no result (TMB 12, TMB 12 %).
        is_capped: a larger number counts as the largest (a CPS may exceed 100).
        is_joined: the number in the name of a finding carries the unit (``TC >=50%``).
        positive_from: smallest positive value; ``None``: the scale has no cut-off of its own.
        called_positive_from, called_high_from: from which a number may be called so, and below
            which negative or low; only words beside a number are held against them.
        low_until: the largest value that is called low positive.
        out_of: the number behind a slash: ``7/8``.
        categories: category -> (from, to), for scales that are reported as categories (``IC2``).
    """

    name: str
    words: tuple[str, ...] = ()
    unit: str = ""
    unit_words: tuple[str, ...] = ()
    ucum: str = ""
    is_unit_required: bool = False
    is_capped: bool = False
    is_joined: bool = False
    largest: float = 100.0
    positive_from: float | None = None
    low_until: float | None = None
    called_positive_from: float | None = None
    called_high_from: float | None = None
    out_of: int | None = None
    categories: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class StatedStatus:
    """A status that a report states in a word, and the name that the finding gets."""

    label: str
    values: tuple[str, ...]
    result: Result
    words: frozenset[str]
    note: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """What an in-situ hybridisation of the gene looks for.

    Args:
        target: a break of the gene, its copies, or nothing; ``unsaid``: the bare word "positive"
            does not say which of them was found.
        ratio: from which the ratio to the reference probe is high; ``None``: words only.
        copies: (below is negative, from here is positive) signals a cell.
        groups: group -> (IHC scores with which it is positive, negative); others decide alone.
        note: the sentence beside a ratio without copies.
        positive_from: share of cells, in percent, from which a break is positive; ``None``: a share
            alone says nothing.
    """

    target: Literal["copies", "rearrangement", "none", "unsaid"] = "unsaid"
    ratio: float | None = None
    copies: tuple[float, float] = (4.0, 6.0)
    groups: tuple[tuple[int, frozenset[str], frozenset[str]], ...] = ()
    note: str = ""
    positive_from: float | None = None


@dataclass(frozen=True, slots=True)
class VariantStain:
    """A stain that shows one variant: its result is a result of that variant."""

    variant: str
    clones: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class StainedProteins:
    """Proteins whose stains together are one marker.

    Args:
        proteins: their symbols.
        lost, retained: words of reports, lower case.
        lost_means: the text of the marker that one lost stain stands for.
    """

    proteins: tuple[str, ...]
    lost: frozenset[str]
    retained: frozenset[str]
    lost_means: str


@dataclass(frozen=True, slots=True)
class Grading:
    """How results of one gene or marker are graded: its families, taken together.

    Args:
        asks_back: words (``positive``, ``negative``, ``detected``) that alone do not say what was
            looked at, so that they are asked back.
        assay: which assay gives the numbers of a marker; ``None``: the stain.
        scores: intensity score (``0`` to ``3+``) -> what it decides; a missing score is refused.
        is_membrane_scored: the scores are the four steps of membrane staining with ultralow.
        score_notes: score -> what must be said beside it.
        unnamed_scale: why a bare percentage is refused, as suggestions of scales; empty: it is not.
        has_expression_word: "overexpression" alone is a result of the stain.
        is_number_a_score: a bare number from 0 to 3 of a stain is its score.
        expression_decides: false when the stain says nothing about what is matched.
        has_loss: a stain that is absent is the finding: ``lost`` and ``retained``.
        has_alleles: values are HLA alleles, compared by their first fields.
        stained: the proteins of which the marker is the stain.
        silence: what "positive" without an assay leaves open, and which texts would not.
    """

    families: tuple[str, ...] = ()
    bare: Bare = "alteration"
    asks_back: frozenset[str] = frozenset()
    assay: str | None = None
    scores: Mapping[str, Result] = field(
        default_factory=lambda: {
            "0": "not_detected",
            "1+": "detected",
            "2+": "detected",
            "3+": "detected",
        },
        hash=False,
    )
    is_membrane_scored: bool = False
    score_notes: Mapping[str, str] = field(default_factory=dict, hash=False)
    scales: tuple[Scale, ...] = ()
    unnamed_scale: tuple[str, ...] = ()
    low_words: frozenset[str] = frozenset()
    clones: tuple[str, ...] = ()
    statuses: tuple[StatedStatus, ...] = ()
    probe: Probe = Probe()
    variant_stain: VariantStain | None = None
    has_expression_word: bool = False
    is_number_a_score: bool = False
    expression_decides: bool = True
    has_loss: bool = False
    has_alleles: bool = False
    silence: tuple[str, tuple[str, ...]] | None = None
    stained: StainedProteins | None = None

    def scale(self, name: str) -> Scale | None:
        """Return the scale of a name, ``None`` when the gene has none of it."""
        return next((scale for scale in self.scales if scale.name == name), None)

    def words(self) -> frozenset[str]:
        """Return every single word that the scales and statuses are reported in, lower case."""
        said = [*(w for s in self.statuses for w in s.words), *self.clones]
        for scale in self.scales:
            said += [*scale.words, scale.name, scale.unit, *scale.unit_words]
        return frozenset(w.lower() for text in said for w in re.findall(r"[A-Za-z]+", text))

    @property
    def percent(self) -> Scale | None:
        """Return the scale of a bare percentage of cells, if the gene has one."""
        return self.scale("percent")


def group_of(ratio: float, copies: float, probe: Probe) -> int:
    """Return the group (1 to 5) of a dual probe.

    Source: ASCO/CAP HER2 testing in breast cancer (Wolff 2018, affirmed 2023).
    """
    low, high = probe.copies
    if ratio >= (probe.ratio or 0.0):
        return 1 if copies >= low else 2
    return 3 if copies >= high else 4 if copies >= low else 5
