"""Results in the published layouts: what is found, and what is set apart and why."""

from __future__ import annotations

import pytest

from service.adapters.v1.case import read_case
from service.engine.reading import is_complete
from tests.adapters.hl7v2.messages import (
    CODED,
    CODED_FINDINGS,
    PLAIN,
    PLAIN_FINDINGS,
    TODAY,
    message,
    names_of,
    read,
    results,
    row,
)
from tests.cases import load_kb

EGFR = "OBX|1|CWE|48018-6^Gene studied^LN|a|HGNC:3236^EGFR^HGNC||||||F"
L858R = "OBX|2|ST|48005-3^Amino acid change^LN|a|p.Leu858Arg||||||F"
PRESENT = "OBX|3|CWE|69548-6^Assessment^LN|a|LA9633-4^Present^LN||||||"


def test_a_panel_of_loinc_is_read_variant_by_variant() -> None:
    reading = read(message(*CODED))
    assert names_of(reading) == CODED_FINDINGS
    (patient,) = reading.patients
    assert patient.tumor_types == ({"system": "icd-10-cm", "code": "C34.90"},)
    assert (patient.id, patient.patient) == ("4711", {"sex": "female", "age_years": 66})
    assert (patient.report_date, patient.specimen) == ("2026-10-01", "Lung biopsy")
    assert is_complete(reading.all_items)


def test_rows_with_codes_of_the_laboratory_are_read_in_words() -> None:
    reading = read(message(*PLAIN))
    assert names_of(reading) == PLAIN_FINDINGS
    assert reading.patients[0].tumor_types == ("Lung adenocarcinoma",)


def test_the_findings_are_those_of_the_same_case_as_json() -> None:
    given = [
        {"gene": "EGFR", "alteration": "L858R"}, {"gene": "KRAS", "result": "not_detected"},
        {"gene": "BRAF", "alteration": "V600E"}, "TMB 12 mut/Mb", "MSS",
        {"gene": "TP53", "alteration": "R175H"},
    ]  # fmt: skip
    kb = load_kb()
    data = {"tumor_type": "LUAD", "biomarkers": given}
    plain = read_case(kb, data, today=TODAY)
    items = read(message(*CODED)).all_items
    sent = read_case(kb, data | {"biomarkers": []}, today=TODAY, items=items)
    assert {f.name for f in sent.case.findings} == {f.name for f in plain.case.findings}


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        (row("EGFR Mutation Analysis", "Exon 19 deletion detected"), "EGFR exon 19 deletion"),
        (row("KRAS Mutation Analysis", "Not detected"), "KRAS mutation not detected"),
        (row("BRAF V600E", "^Not detected", "CWE"), "BRAF V600E not detected"),
        (row("BRAF V600E", "LA11882-0^^LN", "CWE"), "BRAF V600E not detected"),
        (row("HER2 IHC", "3+"), "HER2 IHC 3+"),
        (row("PD-L1 TPS", "80", "NM", unit="%"), "PD-L1 TPS 80"),
        (row("PD-L1 TPS", "<^1", "SN", unit="%"), "PD-L1 TPS <1"),
        (row("NRAS mutation", "", flag="NEG"), "NRAS mutation not detected"),
        (row("KRAS Mutation", "G12C~Not detected"), "KRAS G12C not detected"),
        (row("EGFR Mutation", "L858R", status="C"), "EGFR L858R"),
        (row("MET", "MET amplification\\.br\\detected", "FT"), "MET amplification"),
        ("OBX|1|CWE|18474-7^HER2^LN||LA11842-4^2+^LN||||||F", "HER2 IHC 2+"),
        (
            "OBX|1|ST|21659-8^BRAF gene p.Val600Glu [Presence] in Blood or Tissue^LN||Detected"
            "||||||F",
            "BRAF V600E",
        ),
    ],
)
def test_a_row_is_read(segment: str, name: str) -> None:
    assert names_of(read(message(segment))) == {name}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("P", "not_final"), ("R", "not_final"), ("S", "not_final"), ("I", "not_final"),
        ("X", "cancelled"), ("D", "deleted"), ("W", "entered_in_error"), ("N", "not_a_result"),
        ("O", "not_a_result"), ("Q", "not_final"),
    ],
)  # fmt: skip
def test_a_result_that_is_not_final_never_counts(status: str, reason: str) -> None:
    rows = (row("EGFR Mutation", "L858R", status=status), EGFR, L858R, PRESENT + status)
    reading = read(message(*rows))
    assert names_of(reading) == set()
    assert {item.reason for item in results(reading)} == {reason}


def test_results_of_a_cancelled_order_never_count() -> None:
    order = "OBR|1|A|B|EGFR^EGFR^L" + "|" * 21 + "X"
    reading = read(message(PLAIN[0], order, row("EGFR Mutation", "L858R"), EGFR, L858R))
    assert {item.reason for item in results(reading)} == {"cancelled"}


@pytest.mark.parametrize(
    ("segments", "reason"),
    [
        ((EGFR, L858R, row("Result", "Not detected", group="a")), "ambiguous_result"),
        ((EGFR, L858R, "NTE|1|L|not confirmed"), "ambiguous_result"),
        ((EGFR, L858R, row("Call", "Negative", group="a")), "ambiguous_result"),
        ((EGFR, L858R, EGFR, L858R), "ambiguous_alteration"),
        ((row("EGFR L858R", "Detected", flag="NEG"),), "contradictory_result"),
        ((row("HER2 FISH", "Amplified", flag="NEG"),), "contradictory_result"),
        ((row("EGFR L858R", "LA9634-2^Present^LN", "CWE"),), "contradictory_result"),
        ((row("EGFR Mutation", '""'),), "deleted"),
        ((row("EGFR Mutation", ""),), "no_result"),
        ((row("EGFR Mutation", "see comment"),), "unknown_alteration"),
        ((row("Report", "^application^pdf^Base64^AAAA", "ED"),), "text_not_read"),
        ((EGFR, L858R.replace("Leu858", "Gly858")), "impossible_reference"),
    ],
)
def test_what_is_not_clear_is_set_apart(segments: tuple[str, ...], reason: str) -> None:
    reading = read(message(*segments))
    detected = [f for i in results(reading) for f in i.findings if f.result == "detected"]
    assert not detected
    assert reason in {item.reason for item in results(reading)}


def test_a_change_of_a_panel_without_assessment_was_found_and_an_absent_one_was_not() -> None:
    assert names_of(read(message(EGFR, L858R))) == {"EGFR L858R"}
    absent = PRESENT.replace("LA9633-4^Present", "LA9634-2^Absent") + "F"
    assert names_of(read(message(EGFR, L858R, absent))) == {"EGFR L858R not detected"}


def test_results_of_variants_without_sub_ids_are_told_apart_or_not_read() -> None:
    kras = EGFR.replace("HGNC:3236^EGFR", "HGNC:6407^KRAS")
    g12c = L858R.replace("Leu858Arg", "Gly12Cys")
    bare = [s.replace("|a|", "||") for s in (EGFR, L858R, kras, g12c)]
    assert names_of(read(message(*bare))) == {"EGFR L858R", "KRAS G12C"}
    mixed = read(message(bare[0], bare[1], bare[3], bare[2]))
    assert names_of(mixed) == set()


def test_a_result_named_result_is_about_the_gene_beside_it_and_not_about_the_order() -> None:
    found = read(message(EGFR, row("Result", "Exon 19 deletion detected", group="a")))
    assert names_of(found) == {"EGFR exon 19 deletion"}


def test_lines_of_a_text_are_one_report() -> None:
    lines = ("Findings", "EGFR p.L858R detected", "KRAS: not detected", "Signed by Dr. A")
    rows = [row("Report", line, "TX") for line in lines]
    reading = read(message(*rows))
    assert names_of(reading) == {"EGFR L858R", "KRAS mutation not detected"}
    assert [item.fate for item in results(reading)] == [
        "no_content", "finding", "finding", "no_content",
    ]  # fmt: skip


def test_words_beside_results_are_set_apart_when_they_say_more() -> None:
    said = (row("EGFR Mutation", "L858R"), row("Comment", "MET amplification detected", "TX"))
    reading = read(message(*said))
    assert names_of(reading) == {"EGFR L858R"}
    assert not is_complete(reading.all_items)
    note = read(message(said[0], "NTE|1|L|BRAF V600E was detected, too"))
    assert [(i.reason, i.gene) for i in note.all_items if i.place == "NTE-1"] == [
        ("text_not_read", "BRAF")
    ]
    plain = read(message(said[0], "NTE|1|L|EGFR L858R is known to be a driver"))
    assert is_complete(plain.all_items)


def test_a_number_of_a_test_that_names_no_gene_loses_nothing() -> None:
    reading = read(message(row("Hematocrit", "41", "NM", unit="%"), row("EGFR Mutation", "L858R")))
    assert [(i.reason, i.may_matter) for i in results(reading)] == [
        ("unknown_test", False), (None, True),
    ]  # fmt: skip
    nameless = read(message(row("Result", "41", "NM", unit="%")))
    assert not is_complete(nameless.all_items)


def test_a_message_of_another_kind_has_no_results() -> None:
    content = message(*PLAIN).replace(b"ORU^R01^ORU_R01", b"ORM^O01")
    assert names_of(read(content)) == set()


def test_each_patient_of_a_message_and_each_message_of_a_batch_is_a_case() -> None:
    other = (PLAIN[1].replace("4711", "4712"), PLAIN[2], row("KRAS Mutation", "G12C"))
    reading = read(message(*PLAIN[:4], *other))
    assert [one.id for one in reading.patients] == ["4711", "4712"]
    batch = b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r" + message(*PLAIN) * 2 + b"BTS|2\rFTS|1\r"
    read_batch = read(batch)
    assert len(read_batch.patients) == 2
    assert {item.place for item in read_batch.all_items} >= {"1/OBX-1", "2/OBX-1", "FHS-1"}
