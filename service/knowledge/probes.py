"""A result for each biomarker class that makes it true, and one that makes it false.

They are what a counterfactual asks for. Each is tried with the engine itself, so that a probe does
what it is for; a class for which no wording does has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.engine.facts import Facts
from service.engine.model import Case, Truth
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.engine.notation.order import canonical_order
from service.engine.rulebook import Probe, Probes, Rulebook


def build_probes(
    rulebook: Rulebook, reader: BiomarkerReader, variants: Iterable[Mapping[str, Any]]
) -> Probes:
    """Return the probes of every class for which there are some.

    Args:
        variants: curated variants, tried where the name of a class cannot be read as a result.
    """
    by_gene: dict[str, list[str]] = {}
    for row in variants:
        by_gene.setdefault(row["gene"], []).append(f"{row['gene']} {row['variant']}")
    # A status is derived by a table that some tumour types only have.
    tumors = ["TISSUE", *dict.fromkeys(c for t in rulebook.status_tables for c in t.applies_to)]
    return {
        name: (
            _probe(rulebook, reader, tumors, name, Truth.TRUE, _positives(rulebook, name, by_gene)),
            _probe(rulebook, reader, tumors, name, Truth.FALSE, _negatives(rulebook, name)),
        )
        for name in rulebook.classes
    }


def _positives(rulebook: Rulebook, name: str, variants: Mapping[str, list[str]]) -> Iterator[str]:
    members = [rulebook.classes[member] for member in rulebook.members_of_class(name)]
    if any(rule.status for rule in members):  # a status is asked for by the result that gives it
        for gene in sorted(rulebook.genes_of_class(name)):
            for other in rulebook.classes_of_gene(gene):
                if rulebook.classes[other].expression:
                    yield other
    yield name
    for rule in members:
        if rule.sequence is not None and rule.sequence.deleterious:
            origin = f" {rule.origin}" if rule.origin else ""
            yield f"{rulebook.genes[rule.gene].label}{origin} pathogenic mutation"
    yield from rulebook.classes[name].any_of
    for gene in sorted(rulebook.genes_of_class(name)):
        yield from variants.get(gene, ())


def _negatives(rulebook: Rulebook, name: str) -> Iterator[str]:
    yield f"{name} not detected"
    genes = sorted(rulebook.genes_of_class(name))
    for words in ("wild type", "negative", "not amplified", "not detected"):
        yield ", ".join(f"{rulebook.genes[gene].label} {words}" for gene in genes)
    yield f"{name.removesuffix('-positive')}-negative"


def _probe(
    rulebook: Rulebook,
    reader: BiomarkerReader,
    tumors: Iterable[str],
    name: str,
    wanted: Truth,
    texts: Iterable[str],
) -> Probe | None:
    for text in texts:
        try:
            findings = canonical_order(reader.read_text(text).findings)
        except NotationError:
            continue
        for tumor in tumors:
            facts = Facts(rulebook, Case(tumor, findings, dt.date.min))
            if facts.verdict(name).truth is wanted:
                return Probe(text, findings)
    return None
