"""The values of the engine: frozen, typed, without behaviour beyond what a value is.

Here: genes, findings, biomarker classes, cases. Not here: what is curated (``assertion``), drugs
and tumour types (``vocabulary``), how findings are read (``notation``) and classes are decided
(``classes``). Start with ``Finding``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from service.engine.grading import Grading
from service.engine.patient_facts import FACT_BY_NAME


class Truth(IntEnum):
    """Kleene's three values; ordered so that ``all`` is the minimum and ``any`` the maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


Kind = Literal[
    "sequence_variant", "fusion", "copy_number", "expression", "in_situ_hybridization", "status"
]
Result = Literal["detected", "not_detected", "indeterminate"]
Consequence = Literal[
    "missense", "inframe_deletion", "inframe_insertion", "delins", "frameshift", "nonsense",
    "splice", "start_lost", "extension", "synonymous", "structural", "exon_skipping",
]  # fmt: skip
#: A base of the coding strand: its position, and how far into the intron beside it.
CodingPlace = tuple[int, int]
CodingSpan = tuple[CodingPlace, CodingPlace]
#: The end of a fusion's product; ``either`` says that both occur.
FusionEnd = Literal["3prime", "5prime", "either"]
#: Whether the patient was born with a variant; a report that does not say leaves it unknown.
Origin = Literal["germline", "somatic"]


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene or another marker (``MSI``, ``HR``) that findings speak about.

    Args:
        symbol: HGNC symbol, or the marker's word when it is no gene.
        hgnc: ``HGNC:3236``; ``None`` for a marker.
        aliases: other names as laboratories write them.
        exons: exon number -> (first codon, last codon) on the reference protein, 1-based inclusive.
        protein: reference residues, one letter each; empty when none is shipped.
        negative_covers: the kinds that an unspecific "not detected" of this gene speaks about.
        symbol_is_sequenced: the symbol with a result alone is the sequence (``ESR1``); the names of
            its protein (``ER``) are the stain.
        in_blood: the marker that a result of this one is when the specimen was blood.
        fusion_end: which end of their product the recurrent fusions of the gene carry it at.
        named_changes: structural changes that have a name (``vIII``).
        itd_region: codons among which its internal tandem duplications lie.
        skipped_exons: exons whose loss keeps the frame and has a meaning of its own.
        last_lof_codon: the last codon at which a truncation is known to take the function away.
        grading: how its graded results are read: its families, taken together.
        members: of a gene group (``RAS``): the genes one of which the word means.
    """

    symbol: str
    hgnc: str | None
    aliases: tuple[str, ...] = ()
    name: str = ""
    exons: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    protein: str = ""
    references: tuple[str, ...] = ()
    negative_covers: tuple[Kind, ...] = ("sequence_variant",)
    kinase_domain: tuple[int, int] | None = None
    other_numberings: tuple[Numbering, ...] = ()
    protein_name: str | None = None
    symbol_is_sequenced: bool = False
    in_blood: str | None = None
    fusion_end: FusionEnd | None = None
    named_changes: tuple[NamedChange, ...] = ()
    itd_region: tuple[int, int] | None = None
    skipped_exons: tuple[int, ...] = ()
    last_lof_codon: int | None = None
    grading: Grading = field(default_factory=Grading)
    members: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the name its protein is reported under (``HER2``, ``ER``), else the symbol."""
        return self.protein_name or self.symbol


@dataclass(frozen=True, slots=True)
class Numbering:
    """Another numbering of the same protein that reports use: shifted by ``offset`` residues.

    Args:
        references: accessions without version that number the gene so.
    """

    name: str
    offset: int
    protein: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedChange:
    """A structural change of a gene that has a name, and how reports write it.

    Args:
        words: names beside the canonical one, compared without case and blanks.
        deleted, duplicated: (first, last) exons that it lacks, or holds twice.
    """

    name: str
    words: tuple[str, ...] = ()
    deleted: tuple[tuple[int, int], ...] = ()
    duplicated: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ProteinChange:
    """A set of sequence variants of one gene: one exact change, or a pattern with open fields.

    Args:
        consequence: ``None`` when the report did not say.
        start, end: codons, 1-based inclusive; the two flanks for an insertion. ``None``: not said.
        alt: substituted or inserted residues; ``""`` for a deletion; ``None``: not said.
        net: residues gained minus lost; ``None``: not said.
        exon: coding exon, when that is all (or part of what) the report said.
        short: canonical one-letter form without ``p.`` when the change is exact, else ``None``.
        named: the biomarker class that the report named instead of a variant ("BRAF class II").
        among: the changes of that class, one of which it is; an open one among them when reports
            use the word for others too.
    """

    consequence: Consequence | None = None
    start: int | None = None
    end: int | None = None
    alt: str | None = None
    net: int | None = None
    exon: int | None = None
    short: str | None = None
    named: str | None = None
    among: tuple[ProteinChange, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Tell whether exactly one variant fits."""
        return self.short is not None


@dataclass(frozen=True, slots=True)
class Finding:
    """One result about one biomarker, as it was understood.

    Args:
        values: possible values of a graded result: IHC ``("2+",)``, ISH ``("positive",)``.
        measure: (scale, low, high) of a numeric score, for example ``("TPS", 60.0, 60.0)``.
        intensity: scores of the cells that a percentage counts, ``("2+", "3+")``; empty: any.
        copies: of a copy number that was counted.
        change: for a sequence variant: what was found, or for a negative: what was excluded.
        understood_by: the steps by which the text became this finding, for ``/v1/normalize``.
        reported_as: what the report calls an exact variant (``oncogenic``, ``inconclusive``,
            ``likely_neutral``); ``oncogenicity`` is what is curated.
        coding: bases that a coding form changes, for a gene whose classes ask for them.
        origin: ``None`` when the report does not say it.
        one_of: of a gene group ("RAS mutation"): the findings of single genes, one of which it is;
            ``gene`` is then the name of the group (rule M28).
    """

    gene: str
    kind: Kind
    result: Result
    name: str
    hgnc_id: str | None = None
    change: ProteinChange | None = None
    hgvs_p: str | None = None
    hgvs_p_short: str | None = None
    partner: str | None = None
    assay: str | None = None
    values: tuple[str, ...] = ()
    measure: tuple[str, float, float] | None = None
    intensity: tuple[str, ...] = ()
    copies: float | None = field(default=None, compare=False)
    oncogenicity: str | None = None
    understood_by: tuple[str, ...] = ()
    reported_as: str | None = None
    coding: CodingSpan | None = None
    origin: Origin | None = None
    one_of: tuple[Finding, ...] = ()

    @property
    def genes(self) -> tuple[str, ...]:
        """Return the gene, or the genes one of which it is about."""
        return tuple(dict.fromkeys(one.gene for one in self.one_of)) or (self.gene,)


@dataclass(frozen=True, slots=True)
class SequenceRule:
    """Which sequence variants belong to a class; every field that is set must hold.

    Args:
        included: variants that belong to it though they are curated as neutral or inconclusive,
            because the wording of labels covers them.
        counts_unspecified: whether "mutation" without a codon counts, as for a wild-type label.
        skips_exon: the exon whose skipping the class is; ``variants`` and ``windows`` cause it.
        deleterious: takes the function away, by its consequence or as it is classified.
        windows: runs of coding bases, a change of which skips that exon.
    """

    variants: tuple[ProteinChange, ...] = ()
    excluded: frozenset[str] = frozenset()
    positions: frozenset[int] = frozenset()
    ranges: tuple[tuple[int, int], ...] = ()
    consequences: frozenset[str] = frozenset()
    alts: frozenset[str] = frozenset()
    net: Literal["gain", "loss"] | None = None
    oncogenicity: frozenset[str] = frozenset()
    included: frozenset[str] = frozenset()
    counts_unspecified: bool = False
    skips_exon: int | None = None
    windows: tuple[CodingSpan, ...] = ()
    deleterious: bool = False


@dataclass(frozen=True, slots=True)
class BiomarkerClass:
    """A named set of alterations; exactly one of the rule fields is set.

    Args:
        absence: it says that a marker is not there (HER2-negative), which is no reason to borrow a
            drug from another tumour type (rule M7).
        opposite: a union that, when true, makes this one false (HR-positive and HR-negative).
        at_least: the lowest intensity of the cells that ``measure`` counts; ``None``: any.
        alleles: HLA alleles, each as far as the class names its fields.
        origin: which its variants must have.
        hits: how many different variants it takes.
        assay: that gives ``measure`` when nothing is reported.
        specificity: 0 one exact variant, 1 a few or one codon, 2 a region or an assay value,
            3 a whole gene. Lower outranks higher (rule M18).
    """

    name: str
    gene: str
    specificity: int
    sequence: SequenceRule | None = None
    fusion: bool = False
    copy_number: frozenset[str] = frozenset()
    expression: frozenset[str] = frozenset()
    ish: frozenset[str] = frozenset()
    measure: tuple[str, float, float] | None = None
    at_least: str | None = None
    alleles: frozenset[str] = frozenset()
    origin: Origin | None = None
    hits: int = 1
    assay: str | None = None
    status: frozenset[str] = frozenset()
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    opposite: str | None = None
    absence: bool = False


@dataclass(frozen=True, slots=True)
class Patient:
    """Clinical context of a case; ``None`` (and an absent condition) is unknown, never "no".

    Args:
        facts: plain facts (``patient_facts``) that are known, name -> value.
        prior_therapies: canonical names of drugs and drug groups; an empty tuple means "none".
        prior_therapies_complete: false when a reported therapy was not recognised, so that the
            absence of a drug in the list proves nothing.
    """

    facts: Mapping[str, str | float] = field(default_factory=dict, hash=False)
    prior_therapies: tuple[str, ...] | None = None
    prior_therapies_complete: bool = True
    conditions: Mapping[str, bool] = field(default_factory=dict, hash=False)

    def value(self, name: str) -> Any:
        """Return what is known under a field name of a request; ``None`` when nothing is."""
        return self.facts.get(name) if name in FACT_BY_NAME else getattr(self, name)


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: an understood tumour type, findings in canonical order, and the context.

    Args:
        jurisdictions: empty means all.
        as_of: the day of the question; later events do not exist (rule M14).
    """

    tumor_type: str
    findings: tuple[Finding, ...]
    as_of: dt.date
    patient: Patient = Patient()
    jurisdictions: frozenset[str] = frozenset()
