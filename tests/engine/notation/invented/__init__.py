"""Genes, markers, families and classes that do not exist: what a record alone can say.

Nothing of ``service`` knows them; a kind of result that is read here needs no code for a real gene.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from service.engine.facts import Facts
from service.engine.model import Case, Finding, Gene, Truth
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.gene_groups import GeneGroup
from service.engine.notation.human_genes import GeneRow, HumanGenes
from service.engine.rulebook import Rulebook
from service.engine.tumors import TumorTree
from service.engine.vocabulary import TumorType
from service.knowledge.classes import build_class, build_gene
from service.knowledge.schemas import SCHEMAS, load_record

_FOLDER = Path(__file__).parent
#: Words for several genes; nobody curated the last member of the third, nor any of the fourth.
INVENTED_GROUPS = (
    GeneGroup("SUP", ("SUPX", "SUPZ"), ("SUPX/SUPZ", "SUP X Z")),
    GeneGroup("KINX", ("KINXA", "KINXB"), ("KINX A B",)),
    GeneGroup("KINY", ("KINXA", "KINXB", "TP53"), ()),
    GeneGroup("FARX", ("STK11", "TP53"), ("FARX 1 2",)),
)

#: Genes that nobody curated.
OTHERS: tuple[GeneRow, ...] = (("HGNC:11389", "STK11", (), ()), ("HGNC:11998", "TP53", (), ()))


def _records(name: str, schema: str) -> list[dict[str, Any]]:
    loaded = []
    for row in yaml.load((_FOLDER / name).read_text("utf-8"), yaml.BaseLoader):
        record, messages = load_record(SCHEMAS[schema], row)
        assert record is not None, messages
        loaded.append(record)
    return loaded


@cache
def invented_genes() -> dict[str, Gene]:
    """Return the genes and markers by symbol."""
    families = {row["id"]: row for row in _records("families.yaml", "families")}
    rows = _records("genes.yaml", "genes")
    return {row["symbol"]: build_gene(row, {}, families) for row in rows}


@cache
def invented_reader() -> BiomarkerReader:
    """Return a reader that knows the invented genes and no other."""
    by_origin = invented_rulebook().genes_with_origin
    return BiomarkerReader(
        invented_genes().values(),
        {},
        by_origin=by_origin,
        groups=INVENTED_GROUPS,
        human_genes=HumanGenes(lambda: OTHERS),
    )


@cache
def invented_rulebook() -> Rulebook:
    """Return a rulebook of the invented classes, without assertions."""
    genes = invented_genes()
    rows = _records("classes.yaml", "biomarker_classes")
    return Rulebook(
        genes=genes.values(),
        classes=[build_class(row, genes.get(row["gene"] or "")) for row in rows],
        tumors=TumorTree([TumorType("TISSUE", "Any Cancer", None)]),
        drugs=[],
        status_tables=(),
        assertions=[],
        oncogenicity={},
        methods=[],
        escat=[],
    )


def findings_of(*texts: str) -> tuple[Finding, ...]:
    """Return the findings of texts."""
    return tuple(f for text in texts for f in invented_reader().read_text(text).findings)


def facts_of(*texts: str) -> Facts:
    """Return the facts of texts."""
    return Facts(invented_rulebook(), Case("TISSUE", findings_of(*texts), dt.date(2026, 1, 1)))


def truth_of(name: str, *texts: str) -> Truth:
    """Return what texts say about a class."""
    return facts_of(*texts).verdict(name).truth
