"""The laws of reports: what stands around a change can deny it, and then it is not found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from service.adapters.v1.report import ReadReport, read_report
from service.engine.reading import is_complete
from tests.cases import load_kb

#: A change without a result of its own, as a line of a report has it.
BARE = (
    "EGFR L858R", "EGFR exon 19 deletion", "KRAS G12C", "BRAF V600E", "ERBB2 amplification", "ALK fusion", "EML4-ALK fusion",
    "MET exon 14 skipping", "RET fusion", "BRCA2 S1982fs", "PIK3CA H1047R", "KIT D816V", "IDH1 R132H", "FGFR3 S249C", "NTRK1 fusion",
)  # fmt: skip
#: Headings of another time, sample or person, of what was only looked for, or that nobody knows.
ABOVE = (
    "Hotspots tested:", "Tested for:", "Regions covered:", "Ordered:", "Requested:", "Ruled out:", "Excluded:", "Not confirmed:",
    "Inclusion criteria:", "Eligibility criteria:", "Prior results (2021):", "Previous biopsy:", "History:", "Past findings:", "Mother:",
    "Sister:", "Family members:", "Positive control:", "Control sample", "Reference range:", "Examples:", "Below threshold:", "Low confidence:",
    "Subthreshold findings", "Artefacts:", "Uncertain:", "To be confirmed:", "Resistance to osimertinib:", "Drug label:", "Differential:",
    "Foo bar baz:", "Vorbefunde:", "Voruntersuchung:", "Angefordert:", "Untersucht:", "Ausgeschlossen:", "Mutter:", "Antérieurement:",
    "Demandé:", "Previos:", "Precedente:", "CHIP:", "Clonal haematopoiesis:",
)  # fmt: skip
#: Lines without a gene that deny what stands above them, or take it back.
BELOW = (
    "absent", "Absent", "Not amplified", "not rearranged", "non mutated", "Result: NOT DETECTED", "Result: negative", "No",
    "This could not be confirmed.", "This finding was reported in error.", "The result was retracted.", "The sample failed.",
    "Sequencing failed.", "Quality: FAIL", "QC: failed", "Filter: artefact", "Sample insufficient", "Assay invalid",
    "nicht bestätigt", "Absence de mutation", "n'a pas été confirmé", "not confirmed", "unconfirmed, possibly an artefact",
)  # fmt: skip
EMPTY = ("", "-", "\u2013", "\u2014", "--", "n/a", "NA", "None", ".", "?")
NOUNS = (
    "amplification",
    "fusion",
    "rearrangement",
    "mutation",
    "alteration",
    "copy number gain",
    "deletion",
)
GENES = ("EGFR", "KRAS", "BRAF", "ALK", "RET", "ROS1", "MET", "ERBB2", "PIK3CA", "NTRK1")


def read(text: str) -> ReadReport:
    """Read a report."""
    return read_report(load_kb(), text)


def found_in(report: ReadReport) -> list[str]:
    """Return the names of what was found."""
    found = [f for item in report.items if item.fate == "finding" for f in item.findings]
    return [f.name for f in found if f.result == "detected"]


@given(st.sampled_from(ABOVE), st.lists(st.sampled_from(BARE), min_size=1, max_size=3, unique=True))
def test_nothing_is_found_below_a_heading_of_something_else(above: str, bare: list[str]) -> None:
    report = read("\n".join((above, *bare)))
    assert found_in(report) == []
    assert not is_complete(report.items)


@given(st.sampled_from(BARE), st.sampled_from(BELOW))
def test_nothing_is_found_that_the_line_below_denies(bare: str, below: str) -> None:
    report = read(f"{bare}\n{below}")
    assert found_in(report) == []


@given(
    st.sampled_from(BARE),
    st.sampled_from(EMPTY),
    st.sampled_from((" | ", "\t")),
    st.sampled_from(("Result", "Status", "Interpretation", None)),
)
def test_nothing_is_found_whose_result_is_an_empty_cell(
    bare: str, empty: str, bar: str, heading: str | None
) -> None:
    gene, _, change = bare.partition(" ")
    header = () if heading is None else (bar.join(("Gene", "Alteration", heading)),)
    filled = bar.join(("TP53", "R273H", "detected"))
    report = read("\n".join((*header, filled, bar.join((gene, change, empty)).rstrip(" "))))
    assert found_in(report) == []


@given(
    st.sampled_from(("No", "Negative for")),
    st.sampled_from(NOUNS),
    st.lists(st.sampled_from(GENES), min_size=2, max_size=4, unique=True),
)
def test_a_noun_ahead_of_a_list_is_of_every_gene(lead: str, noun: str, genes: list[str]) -> None:
    plural = noun if noun.endswith("gain") else f"{noun}s"
    together = read(f"{lead} {plural}: {', '.join(genes)}")
    alone = [read(f"{gene} {noun} not detected") for gene in genes]
    if all(is_complete(report.items) for report in (together, *alone)):
        said = [{f.name for i in report.items for f in i.findings} for report in (together, *alone)]
        assert said[0] == set().union(*said[1:])
    assert found_in(together) == []


@given(
    st.sampled_from(BARE),
    st.sampled_from(
        ("Absent", "Not detected", "negative", "wild type", "none", "pending", "excluded")
    ),
    st.sampled_from((" | ", "\t", " |  ")),
)
def test_a_result_in_a_cell_of_its_own_is_of_the_cell_before_it(
    bare: str, result: str, bar: str
) -> None:
    assert found_in(read(f"{bare}{bar}{result}")) == []


Break = Callable[[pytest.MonkeyPatch], None]


def _patched(name: str, value: object) -> Break:
    return lambda patch: patch.setattr(f"service.engine.notation.{name}", value)


#: Law -> what breaks it.
BROKEN: dict[Callable[[], None], Break] = {
    test_nothing_is_found_below_a_heading_of_something_else: _patched(
        "report.heading_of", lambda *given, **named: "title"
    ),
    test_a_result_in_a_cell_of_its_own_is_of_the_cell_before_it: _patched(
        "text.splitting._with_results", list
    ),
    test_nothing_is_found_that_the_line_below_denies: _patched("report.with_doubts", list),
    test_nothing_is_found_whose_result_is_an_empty_cell: _patched(
        "report.ReportWords.has_empty_result", lambda *given: False
    ),
}


@pytest.mark.parametrize("law", BROKEN, ids=lambda law: law.__name__)
def test_each_law_fails_for_a_reader_that_breaks_it(
    law: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    BROKEN[law](monkeypatch)
    quick = settings(max_examples=150, phases=(Phase.generate,), database=None)
    monkeypatch.setattr(law, "_hypothesis_internal_use_settings", quick, raising=False)
    with pytest.raises((AssertionError, ExceptionGroup)):
        law()
