"""Changes as patterns with open fields: where one lies, and whether one is inside another."""

from __future__ import annotations

from service.engine.model import Gene, ProteinChange


def place_of(change: ProteinChange, gene: Gene) -> tuple[int, int] | None:
    """Return the codons of an exact change, or those among which an open one lies."""
    if change.start is not None and change.end is not None:
        return change.start, change.end
    return gene.exons.get(change.exon) if change.exon is not None else None


def is_inside(atom: ProteinChange, pattern: ProteinChange, gene: Gene) -> bool:
    """Tell whether every change of ``atom`` is one that ``pattern`` describes."""
    if atom.named is not None and atom.named == pattern.named:
        return True
    if atom.among:
        return all(is_inside(one, pattern, gene) for one in atom.among)
    if pattern.named is not None and not pattern.among:
        return False  # the changes of a class that asks for an effect: only those that have it
    if pattern.among:
        # What else a loosely used word means was not looked for.
        sought = (one for one in pattern.among if one != ProteinChange())
        return any(is_inside(atom, one, gene) for one in sought)
    if pattern.short is not None:
        return atom.short == pattern.short
    if atom.consequence == "exon_skipping" and pattern.exon is not None:
        return pattern.exon == atom.exon and pattern.consequence in (None, "exon_skipping")
    if pattern.consequence is not None and atom.consequence != pattern.consequence:
        # The word "deletion" covers deletion-insertions that shorten the protein, and likewise.
        net = {"inframe_deletion": -1, "inframe_insertion": 1}.get(pattern.consequence, 0)
        if not (atom.consequence == "delins" and atom.net and atom.net * net > 0):
            return False
    if pattern.alt is not None and atom.alt != pattern.alt:
        return False
    if pattern.net is not None and atom.net != pattern.net:
        return False
    span = place_of(pattern, gene)
    if span is None:
        return pattern.exon is None
    place = place_of(atom, gene)
    if place is None:
        return False
    if pattern.start is None and atom.is_exact:
        # A change across the border of two exons is found by looking at either.
        return place[0] <= span[1] and place[1] >= span[0]
    return span[0] <= place[0] and place[1] <= span[1]
