"""What was found is written with the codes of the IG, and says no more than was found."""

from __future__ import annotations

from typing import Any

import pytest

from service.adapters.fhir_in.codes import RESULTS
from service.adapters.fhir_out import STU2, STU3, Origin, Release
from service.adapters.fhir_out.codes import GRADES
from service.adapters.fhir_out.findings import FindingWriter
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]


def write(kb: KnowledgeBase, text: str, release: Release = STU3, **more: Any) -> Json:
    (finding,) = kb.reader.read_text(text).findings
    writer = FindingWriter(
        kb.rulebook.genes, kb.records["genes"], release, None, kb.marker_tests.values()
    )
    return writer.write(finding, **more)


def components(resource: Json) -> list[tuple[str, str]]:
    """Return (code, value in short) of every component."""
    found = []
    for item in resource["component"]:
        value = item.get("valueCodeableConcept", item.get("valueQuantity"))
        short = value["coding"][0]["code"] if "coding" in value else value.get("text")
        found.append((item["code"]["coding"][0]["code"], short or value["value"]))
    return found


#: Text -> (presence, components).
VARIANTS: dict[str, tuple[str, list[tuple[str, Any]]]] = {
    "EGFR L858R": (
        "LA9633-4",
        [
            ("48018-6", "HGNC:3236"),
            ("48005-3", "NP_005219:p.Leu858Arg"),
            ("81252-9", "EGFR L858R"),
        ],
    ),
    "EGFR exon 19 deletion": (
        "LA9633-4",
        [("48018-6", "HGNC:3236"), ("81252-9", "EGFR exon 19 deletion")],
    ),
    "KRAS wild type": ("LA9634-2", [("48018-6", "HGNC:6407"), ("81252-9", "KRAS mutation")]),
    "EGFR T790M not detected": (
        "LA9634-2",
        [
            ("48018-6", "HGNC:3236"),
            ("48005-3", "NP_005219:p.Thr790Met"),
            ("81252-9", "EGFR T790M"),
        ],
    ),
    "KRAS G12C indeterminate": (
        "LA11884-6",
        [
            ("48018-6", "HGNC:6407"),
            ("48005-3", "NP_004976:p.Gly12Cys"),
            ("81252-9", "KRAS G12C"),
        ],
    ),
    "EML4::ALK fusion": (
        "LA9633-4",
        [
            ("48018-6", "EML4"),
            ("48018-6", "HGNC:427"),
            ("48019-4", "SO:0001565"),
            ("81252-9", "EML4::ALK fusion"),
        ],
    ),
    "ALK fusion not detected": (
        "LA9634-2",
        [("48018-6", "HGNC:427"), ("48019-4", "SO:0001565"), ("81252-9", "ALK fusion")],
    ),
    "ERBB2 copy number 12": (
        "LA9633-4",
        [
            ("48018-6", "HGNC:3430"),
            ("48019-4", "SO:0001742"),
            ("82155-3", 12),
            ("81252-9", "ERBB2 copy number 12"),
        ],
    ),
    "EGFR c.2184+19G>A": (
        "LA9633-4",
        [
            ("48018-6", "HGNC:3236"),
            ("48004-6", "c.2184+19G>A"),
            ("81252-9", "EGFR c.2184+19G>A"),
        ],
    ),
    "EGFR c.2573T>G": (
        "LA9633-4",
        [
            ("48018-6", "HGNC:3236"),
            ("48004-6", "NM_005228:c.2573T>G"),
            ("48005-3", "NP_005219:p.Leu858Arg"),
            ("81252-9", "EGFR L858R"),
        ],
    ),
    "NC_000007.13:g.140453136A>T": (
        "LA9633-4",
        [
            ("48018-6", "HGNC:1097"),
            ("48004-6", "NM_004333:c.1799T>A"),
            ("81290-9", "NC_000007.13:g.140453136A>T"),
            ("48005-3", "NP_004324:p.Val600Glu"),
            ("81252-9", "BRAF V600E"),
        ],
    ),
}


@pytest.mark.parametrize("text", VARIANTS)
def test_a_variant_has_its_codes(kb: KnowledgeBase, text: str) -> None:
    presence, parts = VARIANTS[text]
    resource = write(kb, text)
    assert resource["valueCodeableConcept"]["coding"][0]["code"] == presence
    assert components(resource) == parts


def test_no_gene_gets_a_code_that_it_has_not(kb: KnowledgeBase) -> None:
    """EML4 is no gene of the knowledge base: its symbol is a text."""
    (partner, own, *_) = write(kb, "EML4::ALK fusion")["component"]
    assert partner["valueCodeableConcept"] == {"text": "EML4"}
    assert own["valueCodeableConcept"]["coding"][0]["display"] == "ALK"


#: Text -> (first code of the test, value as it stands).
MARKERS: dict[str, tuple[str, Json]] = {
    "HER2 IHC 2+": ("18474-7", {"valueCodeableConcept": ("LA11842-4", "HER2 IHC 2+")}),
    "HER2 IHC 0": ("18474-7", {"valueCodeableConcept": ("LA6111-4", "HER2 IHC 0")}),
    "HER2 IHC 1-2+": ("18474-7", {"valueCodeableConcept": (None, "HER2 IHC 1+ to 2+")}),
    "HER2 ISH positive": (
        "ERBB2-ISH",
        {"valueCodeableConcept": ("LA6576-8", "HER2 ISH positive")},
    ),
    "ALK IHC negative": ("ALK-IHC", {"valueCodeableConcept": ("LA6577-6", "ALK IHC negative")}),
    "ER IHC positive": ("16112-5", {"valueCodeableConcept": ("LA6576-8", "ER IHC positive")}),
    "HER2-low": ("ERBB2-status", {"valueCodeableConcept": (None, "HER2-low")}),
    "HR-positive": ("HR-status", {"valueCodeableConcept": ("LA6576-8", "HR-positive")}),
    "MSI-H": ("MSI-status", {"valueCodeableConcept": (None, "MSI-high")}),
    "TMB 12 mut/Mb": ("94076-7", {"valueQuantity": (12, "{muts}/{Mb}")}),
    "PD-L1 TPS 60%": ("85147-7", {"valueQuantity": (60, "%")}),
    "PD-L1 CPS 10": ("CD274-CPS", {"valueQuantity": (10, "{score}")}),
    "PD-L1 TPS 1-49%": ("85147-7", {"valueRange": ((1, "%"), (49, "%"))}),
}


def _short(resource: Json) -> Json:
    for key in ("valueCodeableConcept", "valueQuantity", "valueRange"):
        if key not in resource:
            continue
        value = resource[key]
        if key == "valueCodeableConcept":
            code = value["coding"][0]["code"] if "coding" in value else None
            return {key: (code, value["text"])}
        if key == "valueQuantity":
            return {key: (value["value"], value["code"])}
        return {key: tuple((value[end]["value"], value[end]["code"]) for end in ("low", "high"))}
    return {}


@pytest.mark.parametrize("text", MARKERS)
def test_a_marker_has_its_test_and_its_value(kb: KnowledgeBase, text: str) -> None:
    code, value = MARKERS[text]
    resource = write(kb, text)
    assert resource["code"]["coding"][0]["code"] == code
    assert _short(resource) == value


def test_a_marker_is_a_plain_observation_before_stu3(kb: KnowledgeBase) -> None:
    new, old = write(kb, "HER2 IHC 2+"), write(kb, "HER2 IHC 2+", STU2)
    assert new["meta"]["profile"][0].endswith("/molecular-biomarker|3.0.0")
    assert "meta" not in old
    assert old["valueCodeableConcept"] == new["valueCodeableConcept"]


def test_the_resource_of_the_request_is_kept_as_a_reference(kb: KnowledgeBase) -> None:
    origins = (
        Origin("urn:uuid:1", "Bundle.entry[0].resource"),
        Origin("#v1", "DiagnosticReport.contained[0]"),
        Origin(None, "Observation"),
    )
    extensions = write(kb, "EGFR L858R", origins=origins)["extension"]
    assert [item["valueReference"] for item in extensions] == [
        {"reference": "urn:uuid:1", "display": "Bundle.entry[0].resource"},
        {"display": "#v1; DiagnosticReport.contained[0]"},
        {"display": "Observation"},
    ]


def test_what_must_be_said_about_the_reading_is_a_note(kb: KnowledgeBase) -> None:
    assert write(kb, "EGFR L858R", notes=["look"])["note"] == [{"text": "look"}]
    assert "note" not in write(kb, "EGFR L858R")


def test_a_snomed_code_means_its_node_and_no_other(kb: KnowledgeBase) -> None:
    assert {"BREAST", "LUAD", "MEL"} <= set(kb.equal_codes)
    for node, code in kb.equal_codes.items():
        read = kb.tumor_terms.read_code("snomed", code, "")
        assert (read.code, read.candidates) == (node, ())


def test_the_codes_that_are_written_are_codes_that_are_read(kb: KnowledgeBase) -> None:
    assert {code for _, code, _ in GRADES.values()} <= set(RESULTS)
    written = [test for test in kb.marker_tests.values() if test.written is not None]
    assert written
    for test in written:
        assert test.kind != "none"
        assert len(test.genes) == 1
