"""What a negative covers: does what was looked for and not found exclude a whole class?

A class is split into changes that negatives must cover one by one (rule M4). Whether a detected
finding lies in a class is in ``classes``.
"""

from __future__ import annotations

from dataclasses import replace

from service.engine.classes import skipping_of
from service.engine.measures import is_allele_excluded
from service.engine.model import BiomarkerClass, Finding, Gene, ProteinChange, SequenceRule
from service.engine.patterns import is_inside


def is_excluded_by(rule: BiomarkerClass, negatives: tuple[Finding, ...], gene: Gene) -> bool:
    """Tell whether negative findings together cover every alteration of a class.

    Args:
        negatives: the not-detected findings of the class's gene; their ``change`` is what was
            looked for and not found (no change: the whole gene). One that says its origin speaks
            about no other.
    """
    negatives = tuple(n for n in negatives if n.origin in (None, rule.origin))
    if rule.sequence is not None:
        patterns = tuple(_scope(f.change) for f in negatives if f.kind == "sequence_variant")
        if not patterns:
            return False
        if rule.name in _named_by(patterns, gene):
            return True
        return all(
            any(is_inside(atom, pattern, gene) for pattern in patterns)
            for atom in _atoms(rule.sequence)
        )
    if rule.alleles:
        return is_allele_excluded(rule, negatives)
    kind = "fusion" if rule.fusion else "copy_number" if rule.copy_number else None
    # "EML4-ALK not detected" leaves the other partners of ALK open.
    return kind is not None and any(f.kind == kind and f.partner is None for f in negatives)


def _scope(change: ProteinChange | None) -> ProteinChange:
    """Return what was looked for: "G12X not detected": no change of the codon was found."""
    if change is None:
        return ProteinChange()
    is_codon = change.consequence == "missense" and change.alt is None and not change.among
    return replace(change, consequence=None) if is_codon and change.start is not None else change


def _named_by(patterns: tuple[ProteinChange, ...], gene: Gene) -> set[str]:
    """Return the classes that bear the name of a change: V600E, with V600_K601delinsE in it."""
    changes = [one for pattern in patterns for one in (pattern.among or (pattern,))]
    shorts = {f"{gene.symbol} {change.short}" for change in changes if change.short is not None}
    return shorts | {change.named for change in changes if change.named is not None}


def _atoms(rule: SequenceRule) -> tuple[ProteinChange, ...]:
    """Split a rule into changes that a negative must cover one by one."""
    if rule.skips_exon is not None:
        return skipping_of(rule)  # a test that finds no skipping finds none of its causes
    if rule.variants:
        return rule.variants
    spans: tuple[tuple[int | None, int | None], ...]
    spans = rule.ranges or tuple((p, p) for p in sorted(rule.positions)) or ((None, None),)
    net = {"gain": 1, "loss": -1}.get(rule.net or "")
    return tuple(
        ProteinChange(consequence=consequence, start=low, end=high, net=net)  # type: ignore[arg-type]
        for low, high in spans
        for consequence in (sorted(rule.consequences) or (None,))
    )
