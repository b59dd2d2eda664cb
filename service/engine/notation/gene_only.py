"""A gene with nothing but a result: what that can mean is data of the gene (``negative_covers``)."""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Finding, Gene, Kind, ProteinChange, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.findings import NO_RESULT, joined, to_fusion_finding, with_result
from service.engine.notation.readings import ReadBiomarker, ReadFusion

#: Result words that speak about the sequence alone: "ALK not mutated" leaves its fusions open.
_WILD_TYPE = re.compile(r"wild|wt|^normal|mutat", re.I)
#: Result words of sequencing and of lists of findings; other ones are said of stains as well.
_OF_SEQUENCING = re.compile(
    r"detect|identif|found|wild|\bwt\b|mutat|rearrang|alteration|variant", re.I
)
_SHORT = {"detected": "positive", "not_detected": "negative"}
_KINDS = {"sequence_variant": "mutation"}
_OF_GENE = {"detected": "mutation", "not_detected": "wild type"}
_OF_COPIES = {"detected": "amplified", "not_detected": "not amplified"}


def read_gene_only(
    gene: Gene, result: Result | None, *, word: str, steps: tuple[str, ...]
) -> ReadBiomarker:
    """Return the findings of a gene and a result without an alteration.

    Args:
        word: the result as it was written; "wild type" speaks about the sequence only.

    Raises:
        NotationError: ``missing_alteration`` when there is no result either; ``ambiguous_result``
            for "positive" of a gene of which several kinds of change are looked for.
    """
    if result is None:
        raise NotationError(
            "missing_alteration",
            f"{gene.symbol}: say what was found, or result: not_detected",
            (f"{gene.symbol} wild type",),
        )
    is_wild_type = _WILD_TYPE.search(word) is not None
    is_graded = not {"sequence_variant", "fusion"} & set(gene.negative_covers)
    is_sequenced = is_wild_type and gene.hgnc is not None and word.lower() != "normal"
    if is_graded and not is_sequenced and result != "indeterminate":
        raise NotationError("missing_alteration", f"{gene.label}: give the value of the result")
    if not is_wild_type and result != "indeterminate" and _asks_back(gene, result, word):
        raise _which_assay(gene, result, word or result)
    kinds: tuple[Kind, ...] = ("sequence_variant",) if is_wild_type else gene.negative_covers
    if result == "detected" and len(kinds) > 1:
        # "Negative" covers every kind that was looked for; "positive" is one of them.
        raise _which_kind(gene, word or result, kinds)
    more = (*steps, "wild type" if is_wild_type else "a result without an alteration")
    silence = gene.grading.silence if not is_wild_type else None
    remarks = (Remark("ambiguous_result", *silence),) if silence is not None else ()
    parts = [_part(gene, kind, result, more) for kind in kinds]
    return joined([*parts, ReadBiomarker((), remarks)])


def named_by_symbol(gene: Gene) -> Gene:
    """Return a gene as its symbol names it in a report of sequencing, not the stain of its protein."""
    grading = replace(
        gene.grading, bare="alteration", asks_back=frozenset({"positive", "negative"})
    )
    return replace(gene, negative_covers=("sequence_variant",), grading=grading)


def _asks_back(gene: Gene, result: Result, word: str) -> bool:
    """Tell whether a result word alone does not say what was looked at (data of the families)."""
    said = _SHORT[result]
    if _OF_SEQUENCING.search(word.replace("_", " ")) is not None:
        said = result
    return gene.grading.bare == "ambiguous" or said in gene.grading.asks_back


def _which_assay(gene: Gene, result: Result, word: str) -> NotationError:
    choices = [f"{gene.label} IHC {_SHORT[result]}", f"{gene.symbol} {_OF_GENE[result]}"]
    if gene.grading.probe.target == "copies":
        choices.append(f"{gene.symbol} {_OF_COPIES[result]}")
    return NotationError(
        "ambiguous_result",
        f"{gene.label} {word}: the protein or the gene? Say which was looked at",
        tuple(choices),
    )


def read_every_kind(
    gene: Gene, result: Result, *, word: str, steps: tuple[str, ...]
) -> ReadBiomarker:
    """Return the findings of "alteration": what was not found is neither a mutation nor a fusion.

    Raises:
        NotationError: ``ambiguous_result`` for one that was found in a gene whose fusions count.
    """
    if "fusion" not in gene.negative_covers:
        return _part(gene, "sequence_variant", result, (*steps, f"{word!r}"))
    if result == "detected":
        raise _which_kind(gene, word, ("sequence_variant", "fusion"))
    more = (*steps, f"{word!r}: of every kind")
    return joined([_part(gene, kind, result, more) for kind in ("sequence_variant", "fusion")])


def _which_kind(gene: Gene, word: str, kinds: tuple[Kind, ...]) -> NotationError:
    said = [_KINDS.get(kind, kind) for kind in kinds]
    return NotationError(
        "ambiguous_result",
        f"{gene.label} {word}: {' or '.join(said)}? Say what was found",
        tuple(f"{gene.symbol} {one}" for one in said),
    )


def _part(gene: Gene, kind: Kind, result: Result, steps: tuple[str, ...]) -> ReadBiomarker:
    if kind == "fusion":
        return to_fusion_finding(ReadFusion(gene, None), result, None, steps)
    is_sequence = kind == "sequence_variant"
    remarks: tuple[Remark, ...] = ()
    if result == "indeterminate":
        remarks = (NO_RESULT,)
    elif result == "detected":
        note = f"{gene.symbol}: the alteration itself was not given"
        remarks = (Remark("imprecise_alteration", note),)
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc,
        kind=kind,
        result=result,
        name=with_result(f"{gene.symbol} mutation" if is_sequence else gene.label, result),
        change=ProteinChange() if is_sequence else None,
        understood_by=steps,
    )
    return ReadBiomarker((finding,), remarks)
