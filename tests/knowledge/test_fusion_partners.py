"""Where the fusion partners lie: published breakpoints, both assemblies, names that are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.knowledge.coding_sequences import build_partner
from service.knowledge.store import KnowledgeBase

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "seed_data/vocabulary/fusion_partners.yaml").read_text("utf-8")
)
SPANS = {row["symbol"]: build_partner(row) for row in ROWS}
#: Breakpoints of GRCh37 that reports and papers print for a recurrent fusion of the partner.
PUBLISHED = (
    ("EML4", "2", 42522656), ("KIAA1549", "7", 138545885), ("KIF5B", "10", 32311775),
    ("NPM1", "5", 170818803), ("STRN", "2", 37143221), ("TPM3", "1", 154142876),
)  # fmt: skip


@pytest.mark.parametrize(("symbol", "chromosome", "position"), PUBLISHED)
def test_a_published_breakpoint_lies_in_its_partner(
    symbol: str, chromosome: str, position: int
) -> None:
    holding = [
        span.symbol
        for span in SPANS.values()
        if span.chromosome == chromosome and span.holds(position, "GRCh37")
    ]
    assert holding == [symbol]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["symbol"]))
def test_a_partner_is_as_long_in_both_assemblies(row: dict[str, Any]) -> None:
    lengths = {last - first for first, last in (row["grch37"], row["grch38"])}
    assert min(lengths) > 1_000
    assert max(lengths) - min(lengths) < 20_000


@pytest.mark.parametrize("symbol", sorted(SPANS))
def test_a_partner_is_read_by_its_name_too(kb: KnowledgeBase, symbol: str) -> None:
    (finding,) = kb.reader.read_text(f"{symbol}::ALK fusion").findings
    assert finding.partner == symbol


def test_partners_that_overlap_are_none_or_on_other_strands() -> None:
    spans = sorted(SPANS.values(), key=lambda span: span.symbol)
    for index, one in enumerate(spans):
        for other in spans[index + 1 :]:
            if (one.chromosome, one.strand) == (other.chromosome, other.strand):
                assert one.grch38[1] < other.grch38[0] or other.grch38[1] < one.grch38[0]
