"""Families of genes and markers to the engine's value: how results of a gene are graded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.engine.grading import (
    Bare,
    Grading,
    Probe,
    Scale,
    StainedProteins,
    StatedStatus,
    VariantStain,
)

Record = Mapping[str, Any]
#: The family of a gene that names none.
DEFAULT = "protein"
_SEQUENCE = frozenset({"sequence_variant", "fusion"})


def build_grading(row: Record, families: Mapping[str, Record]) -> Grading:
    """Return how the results of a gene are graded: its families, a later one over an earlier one.

    Args:
        row: record of ``genes.yaml``.
        families: records of ``families.yaml`` by id.

    Raises:
        ValueError: the gene names a family that there is none of.
    """
    named = tuple(row.get("families") or ((DEFAULT,) if row.get("hgnc") else ()))
    unknown = [name for name in named if name not in families and families]
    if unknown:
        raise ValueError(f"{row['symbol']}: there is no family {unknown[0]!r}")
    chosen = [families[name] for name in named if name in families]
    is_stained = any(family.get("scores") for family in chosen) and bool(row.get("families"))
    scores = _last(chosen, "scores") or {}
    note = _last(chosen, "score_note") or ""
    silence = _last(chosen, "silence")
    stain = _last(chosen, "variant_stain")
    probe = _last(chosen, "probe")
    return Grading(
        families=named,
        bare=_bare(row, chosen, is_stained=is_stained),
        asks_back=frozenset(word for family in chosen for word in family["asks_back"]),
        assay=_last(chosen, "assay"),
        scores=dict(scores),
        score_notes={s: note for s, r in scores.items() if note and r == "indeterminate"},
        scales=tuple({s.name: s for f in chosen for s in map(_scale, f["scales"])}.values()),
        unnamed_scale=tuple(_last(chosen, "unnamed_scale") or ()),
        low_words=frozenset(w for family in chosen for w in family["low_words"]),
        clones=tuple(clone for family in chosen for clone in family["clones"]),
        statuses=tuple(_status(s) for family in chosen for s in family["statuses"]),
        probe=_probe(probe) if probe else Probe(),
        variant_stain=VariantStain(stain["variant"], tuple(stain["clones"])) if stain else None,
        silence=(silence["note"], tuple(silence["suggestions"])) if silence else None,
        stained=_stained(_last(chosen, "stained")),
        is_membrane_scored=any(family["membrane_scored"] for family in chosen),
        has_expression_word=any(family["expression_word"] for family in chosen),
        is_number_a_score=any(family["number_is_score"] for family in chosen),
        expression_decides=all(family["expression_decides"] for family in chosen),
        has_loss=any(family["has_loss"] for family in chosen),
        has_alleles=any(family["has_alleles"] for family in chosen),
    )


def _last(chosen: Iterable[Record], key: str) -> Any:
    """Return what the last family says that says anything."""
    said = [family.get(key) for family in chosen if family.get(key)]
    return said[-1] if said else None


def _bare(row: Record, chosen: list[Record], *, is_stained: bool) -> Bare:
    """Return what a bare result speaks about; a gene of both that does not say it is ambiguous."""
    said = [family["gives"] for family in chosen if family["gives"]]
    if said:
        found: Bare = said[-1]
        return found
    covers = set(row.get("negative_covers") or ("sequence_variant",))
    if not covers & _SEQUENCE:
        return "stain" if "expression" in covers else "status"
    return "ambiguous" if is_stained else "alteration"


def _scale(row: Record) -> Scale:
    return Scale(
        name=row["name"],
        words=tuple(row["words"]),
        unit=row["unit"],
        unit_words=tuple(row["unit_words"]),
        ucum=row["ucum"],
        is_unit_required=row["unit_required"],
        is_capped=row["capped"],
        is_joined=row["joined"],
        largest=row["largest"],
        positive_from=row["positive_from"],
        low_until=row["low_until"],
        called_positive_from=row["called_positive_from"] or row["positive_from"],
        called_high_from=row["called_high_from"],
        out_of=row["out_of"],
        categories=tuple((float(low), float(high)) for low, high in row["categories"]),
    )


def _status(row: Record) -> StatedStatus:
    return StatedStatus(
        label=row["label"],
        values=tuple(row["values"]),
        result=row["result"],
        words=frozenset(row["words"]),
        note=row["note"],
        suggestions=tuple(row["suggestions"]),
    )


def _stained(row: Record | None) -> StainedProteins | None:
    if row is None:
        return None
    return StainedProteins(
        tuple(row["proteins"]),
        frozenset(row["lost"]),
        frozenset(row["retained"]),
        row["lost_means"],
    )


def _probe(row: Record) -> Probe:
    groups = tuple(
        (int(number), frozenset(group["positive"]), frozenset(group["negative"]))
        for number, group in row["groups"].items()
    )
    low, high = row["copies"]
    around = (float(low), float(high))
    return Probe(row["target"], row["ratio"], around, groups, row["note"], row["positive_from"])
