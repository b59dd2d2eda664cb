"""Promises of reading a whole report: each word has one fate, headings and tables are respected."""

from __future__ import annotations

from service.adapters.v1.report import ReadReport, read_report
from tests.cases import load_kb

REPORT = """\
MOLECULAR PATHOLOGY REPORT
Patient name: John Doe   Age: 64 years  Sex: M
Diagnosis: Lung adenocarcinoma, stage IV
Specimen: FFPE lung biopsy, block A1
Report date: 2026-03-04

GENOMIC FINDINGS
EGFR p.L858R (c.2573T>G) VAF 23%

VARIANTS OF UNCERTAIN SIGNIFICANCE
BRAF D594G

PERTINENT NEGATIVES
ALK rearrangement

IMMUNOHISTOCHEMISTRY
HER2: 2+

METHODS
The assay covers EGFR, KRAS and BRAF.
"""


def read(text: str) -> ReadReport:
    """Read a report with the real knowledge base."""
    return read_report(load_kb(), text)


def findings_of(text: str) -> list[str]:
    return [finding.name for item in read(text).items for finding in item.findings]


def test_a_line_is_read_under_its_heading() -> None:
    assert findings_of(REPORT) == [
        "EGFR L858R", "BRAF D594G", "ALK fusion not detected", "HER2 IHC 2+",
    ]  # fmt: skip


def test_what_is_no_result_is_lifted_and_not_lost() -> None:
    found = read(REPORT)
    assert found.suggested.tumor_type == "Lung adenocarcinoma, stage IV"
    assert found.suggested.patient == {"age_years": 64, "sex": "male"}
    assert found.suggested.report_date == "2026-03-04"
    assert found.suggested.specimen == "FFPE lung biopsy, block A1"


def test_every_word_is_in_exactly_one_item() -> None:
    for number, line in enumerate(REPORT.splitlines(), start=1):
        said = [item.text for item in read(REPORT).items if item.place == f"line {number}"]
        assert " ".join(said).split() == line.split()


def test_a_gene_above_its_lines_is_their_gene() -> None:
    text = "HER2:\n  IHC: 2+\n  FISH: not amplified"
    assert findings_of(text) == ["HER2 IHC 2+", "HER2 ISH negative"]


def test_a_table_is_read_by_its_columns_and_an_empty_cell_is_no_result() -> None:
    found = read("Gene | Variant | VAF\nEGFR | p.L858R | 23%\nKRAS | - | -")
    assert [item.fate for item in found.items] == ["no_content", "finding", "set_apart"]
    assert found.items[2].reason == "no_result"
