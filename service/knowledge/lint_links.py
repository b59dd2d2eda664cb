"""Lint of the vocabularies: what a record names must exist, and what it describes must build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.knowledge.classes import (
    CONSEQUENCES,
    build_class,
    build_gene,
    is_sequence_rule,
    read_variant,
)
from service.knowledge.lint_ledger import Ledger
from service.knowledge.read import Record

#: Vocabulary -> field that names records -> the vocabulary they are in.
_LINKS: Mapping[str, Mapping[str, str]] = {
    "tumor_types": {"parent": "tumor_types", "may_be": "tumor_types"},
    "tumor_groups": {"members": "tumor_types"},
    "tumor_synonyms": {"code": "tumor_types"},
    "tumor_codes": {"candidates": "tumor_types"},
    "tumor_ambiguous": {"candidates": "tumor_types"},
    "tumor_words": {"under": "tumor_types"},
    "drugs": {"groups": "drugs"},
    "variants": {"gene": "genes", "sources": "sources"},
    "genes": {"families": "families"},
    "families": {"source": "sources"},
    "karyotypes": {"gene": "genes"},
    "marker_tests": {"genes": "genes"},
    "status_tables": {"gene": "genes", "applies_to": "tumor_types", "source": "sources"},
    "assay_methods": {"source": "sources"},
    "escat": {"biomarker": "biomarker_classes", "tumor_type": "tumor_types", "source": "sources"},
}


def check_links(ledger: Ledger) -> None:
    """Check every link between vocabularies, and that classes and variants build."""
    for name, links in _LINKS.items():
        for data, record in ledger.each(name):
            for field, vocabulary in links.items():
                named = data[field]
                values = named if isinstance(named, list) else [named]
                ledger.link(record, (field,), vocabulary, values)
    for name, check in _CHECKS.items():
        for data, record in ledger.each(name):
            check(ledger, data, record)
    _check_variants_exist(ledger)
    _check_words(ledger)


def _check_claims(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    claims = data["claims"]
    ledger.link(record, ("claims",), "drugs", [claim["drug"] for claim in claims])
    ledger.link(record, ("claims",), "biomarker_classes", [claim["biomarker"] for claim in claims])
    tumor_types = [code for claim in claims for code in claim["tumor_types"]]
    ledger.link(record, ("claims",), "tumor_types", tumor_types)
    ledger.link(record, ("claims",), "sources", [claim["source"] for claim in claims])
    if any(claim["approved_on"] and not claim["source"] for claim in claims):
        ledger.fault(record, ("claims",), "no_source", "a dated claim names its source")


def _check_group(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    """Check that the members of a gene group are genes, and that no gene bears a name of it."""
    ledger.link(record, ("sources",), "sources", data["sources"])
    symbols = {row[1] for row in ledger.corpus.gene_names} | ledger.known["genes"]
    for member in data["members"]:
        if member not in symbols:
            message = f"{member!r} is no approved symbol of a gene"
            ledger.fault(record, ("members",), "unknown_reference", message)
    genes = ledger.corpus.vocabularies["genes"]
    names = {n.upper(): g["symbol"] for g in genes for n in (g["symbol"], *g["aliases"])}
    for word in (data["name"], *data["words"]):
        owner = names.get(word.upper())
        if owner is not None:
            message = f"{word!r} is a name of {owner}"
            ledger.fault(record, ("words",), "duplicate_record", message)


def _check_watch(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    ledger.link(record, ("source",), "sources", [data["source"]])
    ids = {row["id"] for row in ledger.corpus.assertions}
    if data["assertion"] is not None and data["assertion"] not in ids:
        message = f"{data['assertion']} does not exist"
        ledger.fault(record, ("assertion",), "unknown_reference", message)
    if (data["answered_on"] is None) != (data["answer"] is None):
        message = "answered_on and answer go together"
        ledger.fault(record, ("answer",), "bad_watch", message)


def _check_arms(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    """Find figures of a study with several comparisons that do not name their arms."""
    if len(data["arms"]) <= 2:
        return
    for index, figure in enumerate(data["endpoints"]):
        named = [figure["arm"]]
        if figure["endpoint"].startswith("hr_"):
            named.append(figure["comparator"])
        if not set(named) <= set(data["arms"]):
            message = "of more than two arms, a figure names its own, a hazard ratio both"
            ledger.fault(record, ("endpoints", index), "no_arm", message)


def _check_boxed_warning(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    box = data["boxed_warning"]
    if box is None:
        return
    ledger.link(record, ("boxed_warning",), "sources", [box["source"]])
    if data["kind"] == "group":
        message = "a drug group has no label; give it to its drugs"
        ledger.fault(record, ("boxed_warning",), "wrong_boxed_warning", message)


def _check_class(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    rule = data["rule"]
    ledger.link(record, ("rule", "any_of"), "biomarker_classes", rule["any_of"])
    ledger.link(record, ("rule", "all_of"), "biomarker_classes", rule["all_of"])
    ledger.link(record, ("rule", "opposite"), "biomarker_classes", [rule["opposite"]])
    is_union = bool(rule["any_of"] or rule["all_of"])
    if data["gene"] is None and not is_union:
        ledger.fault(record, ("gene",), "no_gene", "a class that is no union names its gene")
    ledger.link(record, ("gene",), "genes", [data["gene"]])
    unknown = set(rule["consequences"]) - set(CONSEQUENCES)
    if unknown:
        ledger.fault(record, ("rule", "consequences"), "bad_field", f"unknown: {sorted(unknown)}")
    ledger.attempt(record, lambda: _built_class(ledger, data))


def _built_class(ledger: Ledger, data: dict[str, Any]) -> None:
    genes = {row["symbol"]: row for row in ledger.corpus.vocabularies["genes"]}
    row = genes.get(data["gene"] or "")
    gene = build_gene(row, ledger.corpus.proteins) if row else None
    build_class(data, gene)
    if gene is not None and data["rule"]["fusion"] and gene.fusion_end is None:
        raise ValueError(f"{data['name']}: genes.yaml says no fusion_end of {gene.symbol}")


def _check_words(ledger: Ledger) -> None:
    """Check that words of reports name classes of sequence variants, each word one of a gene."""
    rows = [(data, record) for data, record in ledger.each("biomarker_classes")]
    by_name = {data["name"]: data for data, _ in rows}
    named: dict[tuple[str, str], str] = {}
    for data, record in rows:
        words = (*data["reported_as"], *data["loosely_reported_as"])
        parts = [by_name.get(name) for name in data["rule"]["any_of"]] or [data]
        genes = {part["gene"] for part in parts if part and is_sequence_rule(part["rule"])}
        is_one = len(genes) == 1 and all(part and is_sequence_rule(part["rule"]) for part in parts)
        if words and not is_one:
            message = "words of reports need a class of sequence variants of one gene"
            ledger.fault(record, ("reported_as",), "bad_rule", message)
            continue
        for word in words:
            other = named.setdefault((str(min(genes)), word.lower()), data["name"])
            if other != data["name"]:
                ledger.fault(record, ("reported_as",), "bad_rule", f"{word!r} names {other} too")


def _check_variants_exist(ledger: Ledger) -> None:
    genes = {
        row["symbol"]: build_gene(row, ledger.corpus.proteins)
        for row in ledger.corpus.vocabularies["genes"]
    }
    for record in ledger.seed.vocabularies["variants"]:
        gene = genes.get(record.data.get("gene") or "")
        variant = record.data.get("variant")
        if gene is not None and isinstance(variant, str):
            ledger.attempt(record, lambda g=gene, v=variant: read_variant(v, g))  # type: ignore[misc]


#: Vocabulary -> what is checked of each of its records beside plain links.
_CHECKS: Mapping[str, Callable[[Ledger, dict[str, Any], Record], None]] = {
    "biomarker_classes": _check_class,
    "drugs": _check_boxed_warning,
    "diagnostics": _check_claims,
    "studies": _check_arms,
    "gene_groups": _check_group,
    "watch": _check_watch,
}
