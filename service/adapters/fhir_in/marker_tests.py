"""Laboratory tests of one marker by their LOINC codes: gene, assay, and how a value is read.

A test that is listed with a reason is known and not used: expression of EGFR is no mutation,
serum is no tumour tissue, a number without a cut-off is no result.
Source: LOINC names as in the mCODE tumour marker value set and the HL7 Genomics Reporting
examples; MII Molekulares Tumorboard for generic IHC and ISH tests with a gene component.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "ihc", "ish", "ish_ratio", "ish_copies", "status", "rearrangement", "variant_ihc",
    "mutations", "tps", "none",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkerTest:
    """A test of the table.

    Args:
        gene: symbol or marker; empty when a component names it.
        alteration: what the test looks for, when it looks for one thing.
        reason: why results of it are not used, with ``kind`` none: (word, sentence).
    """

    gene: str
    kind: Kind
    alteration: str = ""
    reason: tuple[str, str] = ("", "")


_EXPRESSION = ("expression_not_mutation", "EGFR protein expression is no EGFR mutation")
_SERUM = ("serum_test", "HER2 in serum says nothing about the tumour tissue")
_IMMUNOASSAY = ("number_without_cut_off", "a tissue immunoassay gives no IHC score of HER2")
_REFERENCE = ("reference_probe", "it counts the reference probe (CEP17) only")
_FILE = ("text_not_read", "a VCF file in a value is not read")
_TESTED = ("not_a_result", "it lists what was tested, not what was found")
_BURDEN = ("gene_not_covered", "mutational burden is no marker of this knowledge base")
_PERCENT = ("number_without_cut_off", "a share of cells without the laboratory's cut-off")

TESTS: Mapping[str, MarkerTest] = {
    # HER2 protein
    "18474-7": MarkerTest("ERBB2", "ihc"),
    "85319-2": MarkerTest("ERBB2", "ihc"),
    "48676-1": MarkerTest("ERBB2", "status"),
    "48675-3": MarkerTest("ERBB2", "status"),
    "72382-5": MarkerTest("ERBB2", "none", reason=_IMMUNOASSAY),
    "72383-3": MarkerTest("ERBB2", "none", reason=_IMMUNOASSAY),
    "32996-1": MarkerTest("ERBB2", "none", reason=_SERUM),
    "42914-2": MarkerTest("ERBB2", "none", reason=_SERUM),
    "51981-9": MarkerTest("ERBB2", "none", reason=_SERUM),
    # ERBB2 in-situ hybridisation
    "85318-4": MarkerTest("ERBB2", "ish"),
    "31150-6": MarkerTest("ERBB2", "ish"),
    "96893-3": MarkerTest("ERBB2", "ish"),
    "49683-6": MarkerTest("ERBB2", "ish_ratio"),
    "74860-8": MarkerTest("ERBB2", "ish_copies"),
    "74885-5": MarkerTest("ERBB2", "ish"),
    "74861-6": MarkerTest("ERBB2", "none", reason=_REFERENCE),
    # hormone receptors
    "85337-4": MarkerTest("ESR1", "ihc"),
    "40556-3": MarkerTest("ESR1", "ihc"),
    "16112-5": MarkerTest("ESR1", "ihc"),
    "85339-0": MarkerTest("PGR", "ihc"),
    "40557-1": MarkerTest("PGR", "ihc"),
    "16113-3": MarkerTest("PGR", "ihc"),
    "10480-2": MarkerTest("HR", "status"),
    # ALK
    "78205-2": MarkerTest("ALK", "rearrangement"),
    "78210-2": MarkerTest("ALK", "rearrangement"),
    "78233-4": MarkerTest("ALK", "none", reason=_PERCENT),
    # BRAF, KRAS
    "85299-6": MarkerTest("BRAF", "variant_ihc", "V600E"),
    "21702-6": MarkerTest("KRAS", "mutations"),
    "53620-1": MarkerTest("KRAS", "mutations"),
    "85509-8": MarkerTest("KRAS", "mutations"),
    "75974-6": MarkerTest("KRAS", "mutations"),
    "82535-6": MarkerTest("KRAS", "mutations"),
    "81420-2": MarkerTest("", "mutations"),
    "83059-6": MarkerTest("KRAS", "none", reason=_FILE),
    "21703-4": MarkerTest("KRAS", "none", reason=_TESTED),
    # EGFR protein
    "39004-7": MarkerTest("EGFR", "none", reason=_EXPRESSION),
    "32581-1": MarkerTest("EGFR", "none", reason=_EXPRESSION),
    "13659-8": MarkerTest("EGFR", "none", reason=_EXPRESSION),
    "14050-9": MarkerTest("EGFR", "none", reason=_EXPRESSION),
    "42782-3": MarkerTest("EGFR", "none", reason=_EXPRESSION),
    # mutational burden
    "94076-7": MarkerTest("", "none", reason=_BURDEN),
    # microsatellites, PD-L1
    "81695-9": MarkerTest("MSI", "status"),
    "85147-7": MarkerTest("CD274", "ihc"),
    "83052-1": MarkerTest("CD274", "ihc"),
    "83055-4": MarkerTest("CD274", "ihc"),
    "83057-0": MarkerTest("CD274", "ihc"),
    "83053-9": MarkerTest("CD274", "tps"),
    # generic tests: a component names the gene
    "55229-9": MarkerTest("", "ihc"),
    "117617002": MarkerTest("", "ihc"),
    "51864006": MarkerTest("", "ish"),
}  # fmt: skip

#: Genes of which a protein result says nothing about the alterations that are matched.
EXPRESSION_IS_NO_FINDING = {"EGFR": _EXPRESSION}
#: Names of tests under which they are also recognised, lower case.
DISPLAYS = {
    "her2 ag [presence] in tissue by immune stain": "18474-7",
    "her2 [presence] in breast cancer specimen by immune stain": "85319-2",
    "her2 [interpretation] in tissue": "48676-1",
    "erbb2 gene duplication [presence] in breast cancer specimen by fish": "85318-4",
    "erbb2 gene duplication [presence] in tissue by fish": "31150-6",
    "erbb2 gene duplication in tumor by fish": "96893-3",
    "erbb2 gene copy number/chromosome 17 copy number in tissue by fish": "49683-6",
    "erbb2 gene copy number/nucleus in tissue by fish": "74860-8",
    "estrogen receptor ag [presence] in breast cancer specimen by immune stain": "85337-4",
    "estrogen receptor ag [presence] in tissue by immune stain": "40556-3",
    "estrogen receptor [interpretation] in tissue": "16112-5",
    "progesterone receptor ag [presence] in breast cancer specimen by immune stain": "85339-0",
    "progesterone receptor ag [presence] in tissue by immune stain": "40557-1",
    "progesterone receptor [interpretation] in tissue": "16113-3",
    "epidermal growth factor receptor ag [presence] in tissue": "39004-7",
}
