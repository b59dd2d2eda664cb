"""Tumour suppressors by data alone: deleterious, germline or somatic, both alleles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine.classes import contains
from service.engine.model import Truth
from service.engine.notation.faults import NotationError
from tests.engine.notation.invented import (
    facts_of,
    findings_of,
    invented_genes,
    invented_reader,
    invented_rulebook,
    truth_of,
)

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
GENE = invented_genes()["SUPX"]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("SUPX R100*", TRUE), ("SUPX Q1800fs", TRUE), ("SUPX Q1801fs", UNKNOWN),
        ("SUPX K1900*", UNKNOWN), ("SUPX M1?", TRUE), ("SUPX X500_splice", TRUE),
        ("SUPX c.4185+1G>A", TRUE), ("SUPX c.4185+3G>A", UNKNOWN), ("SUPX c.5500-2A>G", UNKNOWN),
        ("SUPX C61G", UNKNOWN), ("SUPX C61G pathogenic", TRUE), ("SUPX C61G VUS", FALSE),
        ("SUPX R100* VUS", FALSE), ("SUPX R100* benign", FALSE), ("SUPX mutation", UNKNOWN),
        ("SUPX pathogenic mutation", TRUE), ("SUPX VUS", FALSE),
        ("SUPX in-frame deletion", UNKNOWN),
        ("SUPX frameshift mutation", UNKNOWN), ("SUPX wild type", FALSE),
        ("no pathogenic SUPX mutation", FALSE), ("SUPX homozygous deletion", UNKNOWN),
    ],
)  # fmt: skip
def test_deleterious_is_a_truncation_or_a_word_of_the_laboratory(text: str, truth: Truth) -> None:
    rule = invented_rulebook().classes["SUPX deleterious"]
    if "VUS" in text or "benign" in text:
        # One variant that is not deleterious leaves the next one open.
        (finding,) = findings_of(text)
        assert contains(rule, finding, GENE) is FALSE
        assert truth_of("SUPX deleterious", text) is UNKNOWN
        return
    assert truth_of("SUPX deleterious", text) is truth


@pytest.mark.parametrize(
    ("oncogenicity", "truth"),
    [("oncogenic", TRUE), ("likely_oncogenic", TRUE), ("inconclusive", FALSE), ("neutral", FALSE),
     (None, UNKNOWN)],
)  # fmt: skip
def test_what_is_curated_decides_a_missense_change(oncogenicity: str | None, truth: Truth) -> None:
    (finding,) = findings_of("SUPX C61G")
    rule = invented_rulebook().classes["SUPX deleterious"]
    assert contains(rule, replace(finding, oncogenicity=oncogenicity), GENE) is truth


@given(st.integers(2, 2200), st.sampled_from(["frameshift", "nonsense"]))
def test_the_last_codon_that_counts_is_the_border(codon: int, kind: str) -> None:
    text = f"SUPX Q{codon}{'fs' if kind == 'frameshift' else '*'}"
    assert (truth_of("SUPX deleterious", text) is TRUE) is (codon <= 1800)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("SUPX R100* germline", "germline"), ("germline SUPX R100*", "germline"),
        ("SUPX R100* (germline)", "germline"), ("gSUPX R100*", "germline"),
        ("SUPX germline pathogenic variant", "germline"), ("SUPX R100* somatic", "somatic"),
        ("sSUPX R100*", "somatic"), ("tSUPX R100*", None), ("SUPX R100*", None),
        ("SUPX hereditary pathogenic mutation", "germline"), ("SUPX R100*, origin unknown", None),
        ("germline or somatic SUPX R100*", None),
    ],
)  # fmt: skip
def test_a_text_says_where_a_variant_comes_from(text: str, origin: str | None) -> None:
    (finding,) = findings_of(text)
    assert (finding.origin, finding.result) == (origin, "detected")
    assert findings_of(finding.name) == (
        replace(finding, understood_by=findings_of(finding.name)[0].understood_by),
    )


@pytest.mark.parametrize(
    ("name", "text", "truth"),
    [
        ("SUPX germline deleterious", "SUPX R100* germline", TRUE),
        ("SUPX germline deleterious", "SUPX R100*", UNKNOWN),
        ("SUPX germline deleterious", "SUPX R100* somatic", UNKNOWN),
        ("SUPX germline deleterious", "SUPX germline: not detected", FALSE),
        ("SUPX germline deleterious", "SUPX wild type", FALSE),
        ("SUPX germline deleterious", "SUPX somatic mutation not detected", UNKNOWN),
        ("SUPX deleterious", "SUPX R100* germline", TRUE),
        ("SUPX deleterious", "SUPX germline mutation not detected", UNKNOWN),
        ("SUPX somatic", "SUPX germline mutation not detected", UNKNOWN),
        ("SUPX somatic", "SUPX R100* somatic", TRUE),
    ],
)  # fmt: skip
def test_a_class_may_ask_for_an_origin(name: str, text: str, truth: Truth) -> None:
    assert truth_of(name, text) is truth


def test_an_unknown_origin_may_lie_in_either_class() -> None:
    """So that a label is listed as undetermined, and needs names the class."""
    for name in ("SUPX germline deleterious", "SUPX somatic"):
        assert facts_of("SUPX R100*").may_lie_in(name) == (0,)
        assert facts_of("SUPX C61G").may_lie_in(name) == ()
    assert facts_of("SUPX R100* somatic").may_lie_in("SUPX germline deleterious") == ()


@pytest.mark.parametrize("origin", ["germline", "somatic", "unknown", None])
def test_the_field_says_the_same_as_the_word(origin: str | None) -> None:
    read = invented_reader().read_fields(
        gene="SUPX", alteration="R100*", assay=None, result=None, origin=origin
    )
    assert [finding.origin for finding in read.findings] == [
        None if origin == "unknown" else origin
    ]


def test_a_class_of_deleterious_variants_counts_those_of_the_germline() -> None:
    (finding,) = findings_of("germline SUPZ R100*")
    assert finding.origin == "germline"
    assert truth_of("SUPZ deleterious", "germline SUPZ R100*") is TRUE


def test_a_gene_without_such_a_class_keeps_its_germline_variants_apart() -> None:
    for asked in (
        lambda: findings_of("PLAINX R100* germline"),
        lambda: invented_reader().read_fields(
            gene="PLAINX", alteration="R100*", assay=None, result=None, origin="germline"
        ),
    ):
        with pytest.raises(NotationError) as refused:
            asked()
        assert refused.value.code == "germline"


@pytest.mark.parametrize("text", ["SUPX R100* germline, somatic", "SUPX germline somatic R100*"])
def test_two_origins_of_one_variant_are_refused(text: str) -> None:
    with pytest.raises(NotationError):
        findings_of(text)


@pytest.mark.parametrize(
    ("texts", "truth"),
    [
        (("SUPX homozygous deletion",), TRUE), (("SUPX R100*", "SUPX Q200fs"), TRUE),
        (("SUPX R100*", "SUPX LOH"), TRUE), (("SUPX LOH",), UNKNOWN), (("SUPX R100*",), UNKNOWN),
        (("SUPX R100*", "SUPX C61G"), UNKNOWN), (("SUPX C61G", "SUPX LOH"), UNKNOWN),
        (("SUPX R100*", "SUPX pathogenic mutation"), UNKNOWN),
        (("SUPX wild type", "SUPX copy number loss not detected"), FALSE),
    ],
)  # fmt: skip
def test_both_alleles_are_a_union(texts: tuple[str, ...], truth: Truth) -> None:
    assert truth_of("SUPX biallelic", *texts) is truth
