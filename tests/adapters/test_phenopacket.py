"""Phenopackets: each part has one fate; interpretations become findings, the rest is named."""

from __future__ import annotations

import copy
import re
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.ga4gh.phenopacket import PhenopacketReading, read_phenopacket
from service.adapters.ga4gh.phenopacket_names import ENUMS, MESSAGES
from service.engine.reading import REASONS, is_complete
from tests.adapters.small_files import FOLDER
from tests.cases import load_kb

Json = dict[str, Any]
DISEASE = {"id": "NCIT:C3512", "label": "Lung Adenocarcinoma"}
FOUND = "/interpretations/0/diagnosis/genomicInterpretations/0"
VARIANT = f"{FOUND}/variantInterpretation/variationDescriptor"
PACKET: Json = orjson.loads((FOLDER / "phenopacket.json").read_bytes())


def packet(descriptor: Json, **changes: Any) -> Json:
    """Return a phenopacket of one variant."""
    found = {
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {"variationDescriptor": descriptor},
    }
    diagnosis = {"disease": DISEASE, "genomicInterpretations": [found]}
    return {"id": "p", "interpretations": [{"id": "i", "diagnosis": diagnosis}], **changes}


def interpretation(document: Json) -> Json:
    found: Json = document["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]
    return found


def read(document: Any) -> PhenopacketReading:
    return read_phenopacket(load_kb(), document)


def names(reading: PhenopacketReading) -> list[str]:
    items = (item for item in reading.items if item.fate == "finding")
    return [finding.name for item in items for finding in item.findings]


def apart(reading: PhenopacketReading) -> list[tuple[str, str | None]]:
    return [(item.place, item.reason) for item in reading.items if item.fate == "set_apart"]


P = {"syntax": "hgvs.p", "value": "NP_005219.2:p.Leu858Arg"}
C = {"syntax": "hgvs.c", "value": "NM_005228.5:c.2573T>G"}
OTHER_C = {"syntax": "hgvs.c", "value": "NM_005228.5:c.2573T>A"}
G = {"syntax": "hgvs.g", "value": "NC_000007.14:g.55191822T>G"}
EGFR = {"geneContext": {"symbol": "EGFR"}}


@pytest.mark.parametrize(
    ("descriptor", "name", "place"),
    [
        ({**EGFR, "expressions": [G, C, P]}, "EGFR L858R", "/expressions/2/value"),
        ({"geneContext": {"valueId": "HGNC:3236"}, "expressions": [C]}, "EGFR L858R",
         "/expressions/0/value"),
        ({"geneContext": {"symbol": "ALK"}, "label": "EML4-ALK fusion"}, "EML4::ALK fusion",
         "/label"),
        ({"expressions": [P]}, "EGFR L858R", "/expressions/0/value"),
        ({**EGFR, "expressions": [{**P, "syntax": "hgvs"}]}, "EGFR L858R", "/expressions/0/value"),
        ({**EGFR, "expressions": [G]}, "EGFR L858R", "/expressions/0/value"),
        ({**EGFR, "vcfRecord": {"genomeAssembly": "GRCh38", "chrom": "7", "pos": 55191822,
                                "ref": "T", "alt": "G"}}, "EGFR L858R", "/vcfRecord"),
    ],
)  # fmt: skip
def test_a_variant_is_read_from_its_most_telling_form(
    descriptor: Json, name: str, place: str
) -> None:
    reading = read(packet(descriptor))
    assert names(reading) == [name]
    assert [item.place for item in reading.items if item.fate == "finding"] == [VARIANT + place]
    assert (reading.faults, reading.notices) == ([], [])


@pytest.mark.parametrize(
    ("descriptor", "reason"),
    [
        ({**EGFR, "expressions": [P, OTHER_C]}, "contradictory_notation"),
        ({**EGFR, "expressions": [P], "label": "EGFR T790M"}, "contradictory_notation"),
        ({**EGFR, "expressions": [], "label": "-"}, "missing_alteration"),
        ({**EGFR, "label": "n/a"}, "missing_alteration"),
        ({**EGFR, "expressions": [{"syntax": "hgvs.p", "value": "p.Ala858Arg"}]},
         "impossible_reference"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_says_nothing_is_set_apart(
    descriptor: Json, reason: str
) -> None:
    reading = read(packet(descriptor))
    assert [found for _, found in apart(reading)] == [reason]
    assert names(reading) == []
    assert not is_complete(reading.items)


def test_a_variant_that_is_called_benign_and_known_as_oncogenic_is_set_apart() -> None:
    document = packet({**EGFR, "expressions": [P]})
    interpretation(document)["variantInterpretation"]["acmgPathogenicityClassification"] = 1
    assert [reason for _, reason in apart(read(document))] == ["contradictory_result"]


@pytest.mark.parametrize("status", ["REJECTED", "rejected", 1, 1.0, "1"])
def test_a_rejected_interpretation_is_not_used_however_it_is_written(status: Any) -> None:
    document = packet({**EGFR, "expressions": [P]})
    interpretation(document)["interpretationStatus"] = status
    reading = read(document)
    assert (names(reading), apart(reading)) == ([], [(FOUND, "rejected")])
    assert is_complete(reading.items)


@pytest.mark.parametrize("status", [9, "REJECT", True, {}, []])
def test_a_status_that_is_none_of_the_schema_is_never_read_as_found(status: Any) -> None:
    document = packet({**EGFR, "expressions": [P]})
    interpretation(document)["interpretationStatus"] = status
    reading = read(document)
    assert (names(reading), apart(reading)) == ([], [(FOUND, "invalid_value")])


def test_a_gene_without_a_variant_is_set_apart_and_another_gene_is_kept_by_name() -> None:
    document = packet({})
    found = interpretation(document)
    del found["variantInterpretation"]
    found["gene"] = {"symbol": "EGFR"}
    assert apart(read(document)) == [(FOUND, "missing_alteration")]
    found["gene"] = {"valueId": "HGNC:11998"}
    kept = [item.gene for item in read(document).items if item.fate == "not_covered"]
    assert kept == ["TP53"]


def test_a_gene_outside_the_knowledge_base_is_kept_by_name() -> None:
    expression = {"syntax": "hgvs.p", "value": "NP_000537.3:p.Arg175His"}
    reading = read(packet({"geneContext": {"symbol": "TP53"}, "expressions": [expression]}))
    kept = [item for item in reading.items if item.fate == "not_covered"]
    assert [(item.gene, apart(reading)) for item in kept] == [("TP53", [])]


def test_parts_that_are_not_read_are_named() -> None:
    measurement = {
        "assay": {"id": "NCIT:C16152", "label": "HER2 measurement of ours"},
        "value": {"ontologyClass": {"id": "LOINC:LA11843-2", "label": "3+"}},
    }
    action = {"treatment": {"agent": {"id": "DrugCentral:5021", "label": "osimertinib"}}}
    listed = {"term": DISEASE, "diseaseStage": [{"id": "NCIT:C27970", "label": "Stage IV"}]}
    rest = {"measurements": [measurement], "medicalActions": [action], "diseases": [listed]}
    reading = read(packet({**EGFR, "expressions": [P]}, **rest))
    assert [notice.pointer for notice in reading.notices] == [
        "/diseases/0/diseaseStage", "/measurements/0", "/medicalActions/0",
    ]  # fmt: skip
    assert apart(reading) == [("/measurements/0", "unknown_test")]
    assert not is_complete(reading.items)  # it names HER2


def test_an_unknown_key_of_an_interpretation_is_said() -> None:
    document = packet({**EGFR, "expressions": [P], "zygosity": "x"})
    reading = read(document)
    assert names(reading) == ["EGFR L858R"]
    assert apart(reading) == [(f"{VARIANT}/zygosity", "unknown_field")]


def respelled(node: Any, change: Any) -> Any:
    if isinstance(node, dict):
        return {change(key): respelled(value, change) for key, value in node.items()}
    return [respelled(item, change) for item in node] if isinstance(node, list) else node


def original(key: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", key)


def test_original_field_names_and_numbers_of_enums_say_the_same() -> None:
    document = copy.deepcopy(PACKET)
    expected = read(document)
    interpretation(document)["interpretationStatus"] = 4
    document["subject"]["sex"] = 1
    reading = read(respelled(document, original))
    assert (names(reading), reading.patient) == (names(expected), expected.patient)
    assert reading.tumor_types == expected.tumor_types
    assert (names(reading), reading.notices) == (["EGFR L858R"], [])


def test_every_message_and_enum_that_a_field_holds_is_in_the_tables() -> None:
    held = {kind for fields in MESSAGES.values() for kind in fields.values() if kind}
    assert held <= MESSAGES.keys() | ENUMS.keys()


@pytest.mark.parametrize(
    ("term", "tumor_type"),
    [
        ({"id": "NCIT:C3512"}, {"system": "ncit", "code": "C3512"}),
        ({"id": "MONDO:0005061"}, {"system": "mondo", "code": "0005061"}),
        ({"id": "ICD10CM:C34.9"}, {"system": "icd-10-cm", "code": "C34.9"}),
        ({"id": "OncoTree:LUAD"}, {"system": "oncotree", "code": "LUAD"}),
        ({"id": "ORPHA:1", "label": "Melanoma"}, "Melanoma"),
    ],
)
def test_the_disease_is_read_by_the_prefix_of_its_code(term: Json, tumor_type: Any) -> None:
    document = packet({})
    document["interpretations"][0]["diagnosis"]["disease"] = term
    assert read(document).tumor_types == [tumor_type]


def test_a_diagnosed_disease_comes_before_a_listed_one_and_an_excluded_one_never_counts() -> None:
    other = {"term": {"id": "NCIT:C3224"}}
    assert read(packet({}, diseases=[other])).tumor_types == [{"system": "ncit", "code": "C3512"}]
    undiagnosed = packet({}, diseases=[{**other, "excluded": True}, {"term": DISEASE}])
    del undiagnosed["interpretations"][0]["diagnosis"]["disease"]
    reading = read(undiagnosed)
    assert reading.tumor_types == [{"system": "ncit", "code": "C3512"}]
    assert reading.tumor_place == "/diseases/1/term"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], [("", "invalid_type")]),
        ({"proband": {}}, [("/interpretations", "required")]),
        ({"interpretations": {}}, [("/interpretations", "invalid_type")]),
        ({"interpretations": [1]}, [("/interpretations/0", "invalid_type")]),
        (
            {"interpretations": [{"diagnosis": []}]},
            [("/interpretations/0/diagnosis", "invalid_type")],
        ),
        ({"interpretations": [], "diseases": "LUAD"}, [("/diseases", "invalid_type")]),
    ],
)
def test_what_has_another_shape_is_named(document: Any, expected: list[tuple[str, str]]) -> None:
    assert [(fault.pointer, fault.code) for fault in read(document).faults] == expected


def test_sex_and_age_are_facts_of_the_patient_when_they_are_said() -> None:
    def subject(sex: Any, duration: Any) -> Json:
        age = {"age": {"iso8601duration": duration}}
        given = {"subject": {"sex": sex, "timeAtLastEncounter": age}, "interpretations": []}
        return read(given).patient

    assert subject("FEMALE", "P64Y3M") == {"sex": "female", "age_years": 64}
    assert subject(2, "P6M") == {"sex": "male"}
    assert subject("UNKNOWN_SEX", None) == {}


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = [path] if path else []
    for key, value in items:
        found += paths(value, (*path, key)) if isinstance(value, dict | list) else [(*path, key)]
    return found


PATHS = paths(PACKET)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["-", "EGFR"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(max_examples=300)
@given(path=st.sampled_from(PATHS), value=ANYTHING)
def test_anything_in_any_place_is_read_set_apart_or_refused(
    path: tuple[Any, ...], value: Any
) -> None:
    """Nothing raises, each interpretation has a fate, and only L858R is ever found."""
    document = copy.deepcopy(PACKET)
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    reading = read(document)
    assert {item.reason for item in reading.items} <= {None, *REASONS}
    is_lost = not any(item.place.startswith(FOUND) for item in reading.items)
    diagnosis = document.get("interpretations")
    assert not is_lost or reading.faults or value is None or diagnosis != PACKET["interpretations"]


@settings(max_examples=100)
@given(path=st.sampled_from([path for path in PATHS if path[-1] != "interpretations"]))
def test_null_is_read_as_if_the_field_were_not_there(path: tuple[Any, ...]) -> None:
    with_null, without = copy.deepcopy(PACKET), copy.deepcopy(PACKET)
    for document in (with_null, without):
        node: Any = document
        for step in path[:-1]:
            node = node[step]
        if document is with_null:
            node[path[-1]] = None
        elif isinstance(node, dict):
            del node[path[-1]]
        else:
            return
    first, second = read(with_null), read(without)
    assert (first.items, first.faults) == (second.items, second.faults)


FILE = {"uri": "file://sample.vcf", "fileAttributes": {"fileFormat": "VCF"}}
ALK = {"type": {"id": "HP:1", "label": "ALK rearrangement"}}
HER2 = {"id": "NCIT:C68748", "label": "HER2/Neu Positive"}
#: Parts beside one EGFR L858R -> (place of what is set apart, whether it may matter).
UNREAD: list[tuple[Json, str, bool]] = [
    ({"files": [FILE]}, "/files/0", False),
    ({"biosamples": [{"id": "b", "files": [FILE]}]}, "/biosamples/0/files/0", False),
    ({"biosamples": [{"id": "b", "diagnosticMarkers": [HER2]}]}, "/biosamples/0", True),
    ({"phenotypicFeatures": [ALK]}, "/phenotypicFeatures/0", True),
]


@pytest.mark.parametrize(("parts", "place", "matters"), UNREAD)
def test_a_part_that_is_not_read_is_set_apart_where_it_may_hold_a_result(
    parts: Json, place: str, matters: bool
) -> None:
    reading = read(packet({**EGFR, "expressions": [P]}, **parts))
    assert names(reading) == ["EGFR L858R"]
    assert (place, "text_not_read") in apart(reading)
    assert is_complete(reading.items) is not matters


def test_a_file_that_may_be_all_that_is_said_makes_the_reading_incomplete() -> None:
    reading = read({"id": "p", "interpretations": [], "biosamples": [{"id": "b", "files": [FILE]}]})
    assert apart(reading) == [("/biosamples/0/files/0", "text_not_read")]
    assert not is_complete(reading.items)


@pytest.mark.parametrize(
    ("summary", "is_whole"),
    [("EGFR L858R.", True), ("EGFR L858R and EGFR T790M.", False), ("KRAS G12C.", False)],
)
def test_a_summary_counts_for_what_no_variant_says(summary: str, is_whole: bool) -> None:
    document = packet({**EGFR, "expressions": [P]})
    document["interpretations"][0]["summary"] = summary
    assert is_complete(read(document).items) is is_whole


def test_a_part_without_a_gene_is_context() -> None:
    cough = {"type": {"id": "HP:0012735", "label": "Cough"}}
    reading = read(packet({**EGFR, "expressions": [P]}, phenotypicFeatures=[cough]))
    assert [i.fate for i in reading.items if i.place == "/phenotypicFeatures/0"] == ["context"]
    assert is_complete(reading.items)
