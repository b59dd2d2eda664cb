"""The law of conservation: each resource, component and text of a report has exactly one fate."""

from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.fhir_in import FhirReading, read_fhir
from service.adapters.fhir_in.fates import unaccounted, units_of
from service.adapters.fhir_in.missing import is_void, missing_of
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.resources import walk
from service.engine.reading import Item, counts_of
from service.errors import InputError
from tests.adapters.fhir_in.runner import CASES, Json
from tests.adapters.fhir_in.test_any_json import BUNDLES, broken_documents
from tests.adapters.fhir_in.test_samples import MANIFEST
from tests.cases import TODAY, load_kb


def read(document: Any) -> FhirReading:
    return read_fhir(load_kb(), document, today=TODAY)


def units(document: Any) -> list[str]:
    """Return every place of a document that must have a fate."""
    walked = walk(document)
    references = References(walked.resources)
    places = {*(left.location for left in walked.ignored), *(item.place for item in walked.lost)}
    for resource in walked.resources:
        places |= {*units_of(resource)}
        if not is_void(resource):
            places |= {place for place, _ in missing_of(references, resource)}
    return sorted(places)


def check(document: Any) -> None:
    items = read(document).all_items
    assert unaccounted(units(document), items) == []
    # What no reader knows what to do with is a gap in a table.
    assert [item.place for item in items if item.reason == "not_understood"] == []
    assert sum(counts_of(items)[fate] for fate in counts_of(items) if fate != "items") == len(items)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_everything_in_the_document_of_a_case_has_one_fate(case: Json) -> None:
    check(case["given"])


def pytest_generate_tests(metafunc: Any) -> None:
    """Ask about every sample; no samples, no tests."""
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", MANIFEST, ids=[sample["file"] for sample in MANIFEST])


if MANIFEST:

    def test_everything_in_a_document_of_others_has_one_fate(sample: Json) -> None:
        check(orjson.loads(sample["content"]))


@settings(max_examples=150)
@given(document=broken_documents())
def test_everything_in_a_broken_document_has_one_fate(document: Any) -> None:
    try:
        items = read(document).all_items
    except InputError:
        return
    assert unaccounted(units(document), items) == []


@settings(max_examples=60)
@given(data=st.data())
def test_the_order_of_the_entries_changes_no_fate(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(BUNDLES))
    other = {**document, "entry": data.draw(st.permutations(document["entry"]))}
    first, second = (counts_of(read(d).all_items) for d in (document, other))
    assert first == second


def test_a_lost_component_is_noticed() -> None:
    """The check itself can fail: without an item, and with two fates that exclude each other."""
    document = copy.deepcopy(BUNDLES[0])
    items = read(document).all_items
    expected = units(document)
    assert unaccounted(expected, items[1:]) != []
    assert unaccounted(expected, [*items, Item(items[0].place, "", "set_apart")]) != []
