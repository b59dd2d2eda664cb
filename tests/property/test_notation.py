"""Promises of the notation for every text: one variant one finding, names that read back."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine.model import Finding
from service.engine.notation.faults import NotationError
from service.engine.notation.protein.reference import hgvs_of
from service.engine.notation.protein.residues import ONE_OF_THREE, THREE_OF_ONE
from service.engine.notation.readings import ReadBiomarker
from tests.cases import load_kb
from tests.property.strategies import curated

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
GENES = ("ALK", "BRAF", "EGFR", "ERBB2", "HRAS", "KRAS", "NRAS")
#: Pieces of what laboratories write, in any order: near to sense, mostly nonsense.
PIECES = (
    "EGFR", "HER2", "ALK", "KRAS", "L858R", "E746_A750del", "p.", "c.2573T>G", "exon 19", "del",
    "ins", "mutation", "not detected", "no", "positive", "negative", "IHC", "FISH", "2+", "+", "-",
    "/", ",", ";", "(", ")", "[", "]", "and", "or", "fusion", "EML4", "::", "wild type", "VUS",
    "amplification", "TPS", "50%", "chr7:55259515T>G", "G12", "codon 12", "low", "0", " ",
)  # fmt: skip


def read(text: str) -> ReadBiomarker:
    """Read a text with the real knowledge base."""
    return load_kb().reader.read_text(text)


def bare(findings: tuple[Finding, ...]) -> list[tuple[Any, ...]]:
    """Return findings without the steps by which they were understood."""
    return [
        (f.gene, f.kind, f.result, f.name, f.change, f.values, f.measure, f.partner, f.oncogenicity)
        for f in findings
    ]


@st.composite
def substitutions(draw: st.DrawFn) -> tuple[str, str, int, str]:
    """Draw (gene, reference residue, position, new residue), true of the protein."""
    symbol = draw(st.sampled_from(GENES))
    protein = load_kb().rulebook.genes[symbol].protein
    position = draw(st.integers(2, len(protein)))
    stands = protein[position - 1]
    return symbol, stands, position, draw(st.sampled_from(RESIDUES.replace(stands, "")))


@st.composite
def insertions(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw (gene, insertion, the same insertion written further left or right)."""
    symbol = draw(st.sampled_from(GENES))
    protein = load_kb().rulebook.genes[symbol].protein
    start = draw(st.integers(5, len(protein) - 20))
    size = draw(st.integers(1, 6))
    copied = protein[start - 1 : start - 1 + size]
    first = f"{protein[start - 2]}{start - 1}_{protein[start - 1]}{start}ins{copied}"
    end = start + size - 1
    place = f"{copied[0]}{start}" if size == 1 else f"{copied[0]}{start}_{copied[-1]}{end}"
    return symbol, first, f"{place}dup"


@given(substitutions())
def test_every_spelling_of_a_substitution_is_one_finding(drawn: tuple[str, str, int, str]) -> None:
    gene, ref, position, alt = drawn
    one, three = f"{ref}{position}{alt}", f"{THREE_OF_ONE[ref]}{position}{THREE_OF_ONE[alt]}"
    spellings = (
        f"{gene} {one}", f"{gene} p.{one}", f"{gene} p.({one})", f"{gene} {three}",
        f" {gene} {one}",
        f"{gene}:p.{three}", f"{gene} p.({three})", f"{gene} {one} mutation", f"{one} in {gene}",
        f"{gene} {one} detected", f"{gene.lower()} {one}",
    )  # fmt: skip
    answers = [bare(read(text).findings) for text in spellings]
    assert answers == [answers[0]] * len(answers)


@given(insertions())
def test_the_same_insertion_is_one_finding_wherever_it_is_written(
    drawn: tuple[str, str, str],
) -> None:
    gene, inserted, duplicated = drawn
    assert bare(read(f"{gene} {inserted}").findings) == bare(read(f"{gene} {duplicated}").findings)


@given(st.deferred(lambda: st.sampled_from(curated())))
def test_a_curated_variant_reads_back_from_its_name_and_from_hgvs(
    variant: tuple[str, str, str],
) -> None:
    gene, short, _ = variant
    found = read(f"{gene} {short}").findings
    assert len(found) == 1
    assert bare(read(found[0].name).findings) == bare(found)
    if found[0].hgvs_p is not None:
        assert found[0].hgvs_p == hgvs_of(short)
        assert bare(read(f"{gene} {found[0].hgvs_p}").findings) == bare(found)


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
        st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    )
)
def test_a_random_text_is_refused_or_its_findings_read_back(text: str) -> None:
    try:
        found = read(text)
    except NotationError:
        return
    assert found.findings or found.strangers or found.apart
    for finding in found.findings:
        again = read(finding.name).findings
        assert [(f.name, f.kind, f.result) for f in again] == [
            (finding.name, finding.kind, finding.result)
        ]


@pytest.mark.parametrize("piece", [*PIECES, "A", "1", "_", "%", "VAF ", "p.[", "::", "E746_"])
def test_reading_takes_time_linear_in_the_length(piece: str) -> None:
    """A text of 10 kB is answered at once; twice the text takes no 12 times as long."""

    def seconds(length: int) -> float:
        text = ("EGFR " + piece * length)[:length]
        best = 1.0
        for _ in range(3):
            start = time.process_time()
            with contextlib.suppress(NotationError):
                read(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(10_000) < 0.5
    assert seconds(480) < 12 * max(seconds(240), 0.002)


def test_three_letter_codes_are_the_inverse_of_one_letter_codes() -> None:
    assert {ONE_OF_THREE[three.upper()]: three for three in THREE_OF_ONE.values()} == THREE_OF_ONE
