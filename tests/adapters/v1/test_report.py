"""Promises of reading a whole report: each word has one fate, headings and tables are respected."""

from __future__ import annotations

from service.adapters.v1.biomarkers import read_biomarker
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
    stated = {"age_years": 64, "sex": "male", "disease_stage": "metastatic"}
    assert found.suggested.patient == stated
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


PANEL = """\
Tumor Type: Lung adenocarcinoma
Genomic Findings
EGFR L858R
TP53 R273H
CDKN2A/B loss
Tumor Mutational Burden: 4 Muts/Mb
3 Disease relevant genes with no reportable alterations: ALK, KRAS, LTK
"""
GERMAN = """\
Material: Lungenbiopsie, FFPE
EGFR: Exon 19 Deletion nachgewiesen (p.E746_A750del)
KRAS: kein Nachweis einer Mutation
ROS1: nicht untersucht
Nicht nachgewiesen: BRAF V600E, KRAS G12C
"""
FRENCH = """\
EGFR : absence de mutation
KRAS : mutation p.G12C d\u00e9tect\u00e9e
ALK : non r\u00e9arrang\u00e9
BRAF : mutation V600E non d\u00e9tect\u00e9e
"""


def test_a_panel_keeps_genes_that_nobody_curated() -> None:
    found = read(PANEL)
    assert findings_of(PANEL)[:2] == ["EGFR L858R", "TP53 R273H"]
    others = sorted(item.gene or "" for item in found.items if item.fate == "not_covered")
    assert others == ["CDKN2A", "LTK", "TP53"]
    negatives = [f.name for i in found.items for f in i.findings if i.fate == "finding"]
    assert negatives[-2:] == ["ALK fusion not detected", "KRAS mutation not detected"]


def test_german_and_french_reports_are_read() -> None:
    assert findings_of(GERMAN) == [
        "EGFR E746_A750del", "KRAS mutation not detected", "ROS1 fusion indeterminate",
        "BRAF V600E not detected", "KRAS G12C not detected",
    ]  # fmt: skip
    assert findings_of(FRENCH) == [
        "EGFR mutation not detected", "KRAS G12C", "ALK fusion not detected",
        "BRAF V600E not detected",
    ]  # fmt: skip


def test_fields_below_each_other_are_one_result() -> None:
    text = "Gene: EGFR\nVariant: p.L858R\nResult: not detected\n\nGene: KRAS\nVariant: G12C"
    assert findings_of(text) == ["EGFR L858R not detected", "KRAS G12C"]


def test_a_label_of_two_languages_is_context_and_a_result_is_no_date() -> None:
    assert read("Result: detected").suggested.report_date is None
    assert read("Befunddatum: 3.4.2026").suggested.report_date == "3.4.2026"


def test_a_given_of_a_finding_reads_as_the_finding() -> None:
    """What ``POST /v1/read`` gives as a case is what ``POST /v1/match`` understands alike."""
    for text in (REPORT, PANEL, GERMAN, FRENCH):
        for item in read(text).items:
            if item.fate == "finding":
                again = read_biomarker(load_kb(), item.given, item.place)
                assert [i.findings for i in again if i.fate == "finding"] == [item.findings]
