"""Records of genes, variants and biomarker classes to the engine's values.

Used by lint (does it build?) and by the store (the same values, read from the compiled file).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from service.engine.classes import changes_of
from service.engine.model import (
    BiomarkerClass,
    CodingSpan,
    Consequence,
    Gene,
    NamedChange,
    Numbering,
    ProteinChange,
    SequenceRule,
)
from service.engine.notation.dna.dna_forms import parse_span
from service.engine.notation.faults import NotationError
from service.engine.notation.protein.changes import read_protein_change
from service.engine.notation.protein.named_classes import NamedClass
from service.engine.notation.protein.structural import read_structural
from service.knowledge.families import build_grading

CONSEQUENCES: tuple[str, ...] = get_args(Consequence)
_VALUE_RULES = (
    "fusion", "copy_number", "ihc", "ish", "status", "score", "alleles", "any_of", "all_of",
)  # fmt: skip
#: Two kinds that tell one thing: copies are counted by sequencing or by a probe.
_ONE_THING = ["copy_number", "ish"]
_SEQUENCE_RULES = (
    "variants", "positions", "region", "exons", "consequences", "any_mutation", "oncogenicity",
    "skips_exon", "deleterious",
)  # fmt: skip


def build_gene(
    row: dict[str, Any],
    proteins: dict[str, str],
    families: Mapping[str, Mapping[str, Any]] | None = None,
) -> Gene:
    """Return the engine's gene of a record, with the sequence of its UniProt accession.

    Args:
        families: how results are graded, by id; without them nothing graded is read.

    Raises:
        ValueError: a family that there is none of.
    """
    numberings = tuple(
        Numbering(
            str(n["name"]),
            int(n["offset"]),
            str(n.get("protein") or ""),
            tuple(n.get("references") or ()),
        )
        for n in row.get("other_numberings") or ()
    )
    references = (row.get("protein_refseq"), *row.get("transcripts", ()), row.get("uniprot"))
    domain = row.get("kinase_domain")
    return Gene(
        symbol=row["symbol"],
        hgnc=row.get("hgnc"),
        aliases=tuple(row.get("aliases", ())),
        name=row.get("name", ""),
        exons={int(k): (int(v[0]), int(v[1])) for k, v in (row.get("exons") or {}).items()},
        protein=proteins.get(row.get("uniprot") or "", ""),
        references=tuple(reference for reference in references if reference),
        negative_covers=tuple(row.get("negative_covers") or ("sequence_variant",)),
        kinase_domain=(int(domain[0]), int(domain[1])) if domain else None,
        other_numberings=numberings,
        protein_name=row.get("protein_name"),
        in_blood=row.get("in_blood"),
        symbol_is_sequenced=bool(row.get("symbol_is_sequenced")),
        fusion_end=row.get("fusion_end"),
        itd_region=_span(row.get("itd_region")),
        last_lof_codon=row.get("last_lof_codon"),
        skipped_exons=tuple(row.get("skipped_exons") or ()),
        named_changes=tuple(_named_change(named) for named in row.get("named_changes") or ()),
        grading=build_grading(row, families or {}),
    )


def _span(pair: Sequence[Any] | None) -> tuple[int, int] | None:
    return (int(pair[0]), int(pair[1])) if pair else None


def _named_change(row: dict[str, Any]) -> NamedChange:
    return NamedChange(
        row["name"],
        tuple(row.get("words") or ()),
        tuple((int(first), int(last)) for first, last in row.get("deleted") or ()),
        tuple((int(first), int(last)) for first, last in row.get("duplicated") or ()),
    )


def read_variant(text: str, gene: Gene) -> ProteinChange:
    """Return the change of a curated variant.

    Raises:
        ValueError: it is no exact variant of this gene.
    """
    try:
        read = read_structural(text, gene) or read_protein_change(text, gene)
    except NotationError as error:
        raise ValueError(f"{gene.symbol} {text}: {error.message}") from error
    if read is None or read.change.short is None:
        raise ValueError(f"{gene.symbol} {text} is no exact variant")
    return read.change


def build_class(row: dict[str, Any], gene: Gene | None) -> BiomarkerClass:
    """Return the engine's class of a record.

    Raises:
        ValueError: the rule has no kind, two kinds, or names what the gene does not have.
    """
    rule = row["rule"]
    kinds = [kind for kind in _VALUE_RULES if rule.get(kind)]
    is_sequence = is_sequence_rule(rule)
    if len(kinds) + is_sequence != 1 and kinds != _ONE_THING:
        raise ValueError(f"{row['name']}: a rule has exactly one kind, here {kinds or 'none'}")
    if not is_sequence and (rule.get("origin") or rule.get("hits", 1) > 1):
        raise ValueError(f"{row['name']}: origin and hits are of sequence variants")
    score = rule.get("score")
    scale = gene.grading.scale(str(score["type"])) if gene and score else None
    largest = scale.largest if scale is not None else 100.0
    return BiomarkerClass(
        name=row["name"],
        gene=row.get("gene") or "",
        specificity=_specificity(rule),
        sequence=_sequence_rule(row["name"], rule, gene) if is_sequence and gene else None,
        fusion=bool(rule.get("fusion")),
        copy_number=frozenset(rule.get("copy_number") or ()),
        expression=frozenset(rule.get("ihc") or ()),
        ish=frozenset(rule.get("ish") or ()),
        measure=(
            (str(score["type"]), float(score.get("min", 0)), float(score.get("max", largest)))
            if score
            else None
        ),
        at_least=score.get("at_least") if score else None,
        alleles=frozenset(rule.get("alleles") or ()),
        origin=rule.get("origin"),
        hits=rule.get("hits") or 1,
        assay=gene.grading.assay if gene else None,
        status=frozenset(rule.get("status") or ()),
        any_of=tuple(rule.get("any_of") or ()),
        all_of=tuple(rule.get("all_of") or ()),
        opposite=rule.get("opposite"),
        absence=bool(row.get("absence")),
    )


def is_sequence_rule(rule: Mapping[str, Any]) -> bool:
    """Tell whether the rule of a class is about sequence variants."""
    return any(rule.get(key) for key in _SEQUENCE_RULES)


def build_named_classes(
    rows: Iterable[dict[str, Any]], classes: Mapping[str, BiomarkerClass]
) -> Iterator[NamedClass]:
    """Yield the classes that reports name, with the changes that each can mean.

    Words of ``loosely_reported_as`` stand for other changes of the gene too: an open one is added.

    Raises:
        ValueError: a class with such words that is no class of sequence variants of one gene.
    """
    for row in rows:
        strict, loose = row.get("reported_as") or (), row.get("loosely_reported_as") or ()
        opposites = tuple(row.get("otherwise_reported_as") or ())
        if not strict and not loose and not opposites:
            continue
        parts = [classes[name] for name in row["rule"].get("any_of") or (row["name"],)]
        genes = {part.gene for part in parts if part.sequence is not None}
        if len(genes) != 1 or any(part.sequence is None for part in parts):
            raise ValueError(f"{row['name']} is no class of sequence variants of one gene")
        among = tuple(change for part in parts for change in _changes_meant(part))
        if opposites:
            members = tuple(part.name.removeprefix(f"{part.gene} ") for part in parts)
            change = ProteinChange(named=row["name"], among=among)
            yield NamedClass(min(genes), (), change, None, opposites, members)
        for words, reported, more in (
            (strict, None, ()),
            (loose, "oncogenic", (ProteinChange(),)),
        ):
            change = ProteinChange(named=row["name"], among=(*among, *more))
            if words:
                yield NamedClass(min(genes), tuple(words), change, reported)


def _changes_meant(part: BiomarkerClass) -> Iterator[ProteinChange]:
    """Yield the changes of a class; of one that asks for an effect each bears its name.

    "No activating mutation" was no search for each change of the exons, so that such a pattern
    excludes the class of its name and nothing else.
    """
    if part.sequence is None:
        return
    named = part.name if part.sequence.oncogenicity else None
    for change in changes_of(part.sequence):
        yield replace(change, named=named)


def _sequence_rule(name: str, rule: dict[str, Any], gene: Gene) -> SequenceRule:
    ranges: list[tuple[int, int]] = []
    if rule.get("region"):
        ranges.append((int(rule["region"]["start"]), int(rule["region"]["end"])))
    for exon in rule.get("exons") or ():
        if exon not in gene.exons:
            raise ValueError(f"{name}: {gene.symbol} has no exon {exon} in genes.yaml")
        ranges.append(gene.exons[exon])
    skips, texts = rule.get("skips_exon"), rule.get("coding_windows") or ()
    if skips is not None and skips not in gene.skipped_exons:
        raise ValueError(f"{name}: exon {skips} is not in skipped_exons of {gene.symbol}")
    if texts and skips is None:
        raise ValueError(f"{name}: coding_windows say what skips an exon; name it in skips_exon")
    return SequenceRule(
        variants=tuple(read_variant(text, gene) for text in rule.get("variants") or ()),
        excluded=_shorts(rule.get("excluded_variants"), gene),
        included=_shorts(rule.get("included_variants"), gene),
        counts_unspecified=bool(rule.get("counts_unspecified")),
        positions=frozenset(rule.get("positions") or ()),
        ranges=tuple(ranges),
        consequences=frozenset(rule.get("consequences") or ()),
        alts=frozenset(rule.get("alts") or ()),
        net=rule.get("net"),
        oncogenicity=frozenset(rule.get("oncogenicity") or ()),
        skips_exon=skips,
        deleterious=bool(rule.get("deleterious")),
        windows=tuple(_window(name, text) for text in texts),
    )


def _window(name: str, text: str) -> CodingSpan:
    """Return the bases of ``c.2888-35..2888``.

    Raises:
        ValueError: it is no such run, or runs backwards.
    """
    first, _, last = text.removeprefix("c.").partition("..")
    ends = [parse_span(end) for end in (first, last)]
    if ends[0] is None or ends[1] is None or ends[0][0] > ends[1][0]:
        raise ValueError(f"{name}: {text!r} is no run of coding bases (c.2888-35..2888)")
    return ends[0][0], ends[1][0]


def _shorts(texts: Iterable[str] | None, gene: Gene) -> frozenset[str]:
    read = (read_variant(text, gene).short for text in texts or ())
    return frozenset(short for short in read if short is not None)


def _specificity(rule: dict[str, Any]) -> int:
    """Return how narrow a rule is (M18): 0 one variant, 1 one codon or few, 2 region, 3 gene.

    Alterations found together count as one variant: no statement about one of them is narrower.
    """
    if rule.get("all_of"):
        return 0
    if rule.get("skips_exon"):
        return 2
    if rule.get("variants"):
        return 0 if len(rule["variants"]) == 1 else 1
    if rule.get("positions"):
        return 1 if len(rule["positions"]) == 1 else 2
    if rule.get("ihc") or rule.get("region") or rule.get("exons") or rule.get("copy_number"):
        return 2
    return 2 if rule.get("fusion") or rule.get("status") or rule.get("consequences") else 3
