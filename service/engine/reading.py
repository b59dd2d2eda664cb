"""What reading an input gives: each item of it with exactly one fate, so that nothing is lost.

Every reader (text, JSON, tables, VCF, FHIR, Phenopacket, HL7 v2) returns ``Item`` s; the counts
of the fates add up to the items that were there. The one table of reasons is ``REASONS``; the words
for people are in ``docs/reading.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from service.engine.model import Finding
from service.engine.notation.faults import Remark

Fate = Literal["finding", "not_covered", "set_apart", "context", "no_content"]
FATES: tuple[Fate, ...] = ("finding", "not_covered", "set_apart", "context", "no_content")
ReasonKind = Literal["not_understood", "decides_nothing"]
#: What happens to an item that is not understood: the request is refused, or the item set apart.
Unreadable = Literal["refuse", "set_apart"]

#: What stands in a cell or a field that holds nothing; compared without case and outer blanks.
PLACEHOLDERS = frozenset({
    "", "-", "--", "\u2013", "\u2014", ".", "?", "na", "n/a", "n.a.", "nan", "null", "none", "nil",
    "unknown", "[not available]", "[not applicable]", "[unknown]",
})  # fmt: skip

_NOT_UNDERSTOOD = (
    "ambiguous_alteration", "ambiguous_assembly", "ambiguous_gene", "ambiguous_result",
    "contradictory_findings", "contradictory_notation", "contradictory_result", "empty",
    "exon_mismatch", "extra_cells", "impossible_reference", "incomplete_insertion", "invalid_value",
    "missing_alteration", "no_change", "no_gene", "not_annotated", "not_understood",
    "other_reference", "position_out_of_range", "reversed_range", "score_out_of_range",
    "score_without_scale", "structural_variant", "too_long", "too_many_parts", "two_genes",
    "unknown_alteration", "unknown_assay", "unknown_exon", "unknown_gene", "unknown_result",
    "unreadable", "unresolved_coding_change", "unscoped_negative",
)  # fmt: skip
_DECIDES_NOTHING = (
    "did_not_validate", "filtered", "germline", "intron", "loss_of_heterozygosity",
    "low_level_gain", "no_protein_change", "no_result", "no_sample", "no_variant", "non_coding",
    "not_somatic", "outside_the_gene", "partial_deep_loss", "silent", "single_copy_loss",
    "spanning_deletion", "untranslated_region", "within_one_gene",
)  # fmt: skip
#: Of documents with resources or messages: FHIR, Phenopackets, CDS prefetch.
_DOCUMENT_NOT_UNDERSTOOD = (
    "contradictory_gene", "modifier_extension", "no_code", "no_resource", "number_without_cut_off",
    "text_not_read", "unknown_field", "unknown_test", "unresolved_reference",
)  # fmt: skip
_DOCUMENT_DECIDES_NOTHING = (
    "assertion_not_finding", "cancelled", "deleted", "entered_in_error", "expression_not_mutation",
    "family_history", "not_a_result", "not_final", "reference_probe", "rejected", "serum_test",
    "superseded",
)  # fmt: skip
#: Every reason why something was set apart -> its kind.
REASONS: Mapping[str, ReasonKind] = {
    **dict.fromkeys((*_NOT_UNDERSTOOD, *_DOCUMENT_NOT_UNDERSTOOD), "not_understood"),
    **dict.fromkeys((*_DECIDES_NOTHING, *_DOCUMENT_DECIDES_NOTHING), "decides_nothing"),
}


def is_placeholder(text: str) -> bool:
    """Tell whether a cell or a field holds nothing; a placeholder is never a result."""
    return text.strip().lower() in PLACEHOLDERS


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an input (word group, row, allele, resource, component) and what became of it.

    Args:
        place: JSON pointer, ``maf:3:HGVSp_Short``, ``line 4``, ``OBX-3``.
        text: what stood there.
        given: the biomarker of the v1 contract that stands for it; ``None`` when it is none.
        findings: of a covered gene or marker (``finding``), or of another (``not_covered``).
        reason: key of ``REASONS``, when it was set apart.
        message: one sentence: why it was set apart.
        gene: the gene that it names, as far as known.
        may_matter: whether something that was not understood can hold a result that counts: it
            names a covered gene, a name close to one, or no gene at all but a result.
    """

    place: str
    text: str
    fate: Fate
    given: Any = None
    findings: tuple[Finding, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reason: str | None = None
    message: str = ""
    suggestions: tuple[str, ...] = ()
    gene: str | None = None
    may_matter: bool = True

    @property
    def is_not_understood(self) -> bool:
        """Tell whether it was set apart because it was not understood."""
        return self.reason is not None and REASONS[self.reason] == "not_understood"


def counts_of(items: Iterable[Item]) -> dict[str, int]:
    """Return how many items there are and how many have each fate; the fates add up."""
    counted = Counter(item.fate for item in items)
    return {"items": counted.total(), **{fate: counted[fate] for fate in FATES}}


def is_complete(items: Iterable[Item]) -> bool:
    """Tell whether nothing that may hold a result was left without being understood."""
    return not any(item.is_not_understood and item.may_matter for item in items)


def grouped(items: Iterable[Item]) -> list[tuple[str, str | None, int]]:
    """Return what was set apart as (reason, gene, count), sorted: not by place or spelling."""
    counted = Counter((item.reason or "", item.gene) for item in items if item.fate == "set_apart")
    ordered = sorted(counted.items(), key=lambda pair: (pair[0][0], pair[0][1] or ""))
    return [(reason, gene, count) for (reason, gene), count in ordered]


def uncovered_genes(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the genes and markers outside the knowledge base that were named, sorted."""
    strange = (item for item in items if item.fate == "not_covered")
    return tuple(sorted({name for item in strange for name in _genes_of(item)}))


def _genes_of(item: Item) -> tuple[str, ...]:
    if len(item.findings) == 1:
        return (item.findings[0].gene,)
    return tuple(finding.gene for finding in item.findings) or (item.gene or item.text,)
