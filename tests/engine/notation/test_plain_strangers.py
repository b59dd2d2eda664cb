"""A plain substitution of a gene that nobody curated is read by a short way, with one result."""

from __future__ import annotations

from itertools import product

import pytest

from service.engine.notation.faults import NotationError
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.strangers import Strangers
from service.knowledge.store import KnowledgeBase

#: The letters of amino acids, and those that stand for several or for none.
_LETTERS = "ACDEFGHIKLMNPQRSTVWYBJOUXZ"


def read(kb: KnowledgeBase, gene: str, change: str) -> ReadBiomarker | str:
    """Return what fields are read as, or the code of the fault."""
    try:
        return kb.reader.read_fields(gene=gene, alteration=change, assay=None, result=None)
    except NotationError as error:
        return error.code


def the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the short way."""
    monkeypatch.setattr(Strangers, "read_plain", lambda *given: None)


def test_every_human_gene_is_read_alike_on_both_ways(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    symbols = sorted(
        {
            gene.symbol
            for name in kb.reader.human_genes.names()
            if (gene := kb.reader.human_genes.find(name))
        }
    )
    short = {symbol: read(kb, symbol, "R175H") for symbol in symbols}
    assert len(short) > 20_000
    the_long_way(monkeypatch)
    assert [symbol for symbol in symbols if read(kb, symbol, "R175H") != short[symbol]] == []


def test_every_substitution_is_read_alike_on_both_ways(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [f"{a}{at}{b}" for a, at, b in product(_LETTERS, (12, 600, 2001), _LETTERS)]
    short = [read(kb, "TP53", change) for change in changes]
    the_long_way(monkeypatch)
    assert [read(kb, "TP53", change) for change in changes] == short


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MAF1 R175H", "MAF1 R175H"),
        ("KMT2A-AF9 fusion", "KMT2A::MLLT3 fusion"),
        ("AF9 mutation", "MLLT3 mutation"),
    ],
)
def test_a_gene_whose_name_begins_like_an_allele_fraction_keeps_its_number(
    kb: KnowledgeBase, text: str, name: str
) -> None:
    assert [found.name for found in kb.reader.read_text(text).strangers] == [name]


@pytest.mark.parametrize("said", ["VAF12", "VAF 12", "MAF 12%", "AF12%", "AF 0.12", "MAF: 0.12"])
def test_an_allele_fraction_is_still_taken_off(kb: KnowledgeBase, said: str) -> None:
    assert [found.name for found in kb.reader.read_text(f"KRAS G12C {said}").findings] == [
        "KRAS G12C"
    ]
