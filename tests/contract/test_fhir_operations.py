"""``/fhir/metadata`` and ``$find-subject-tx-implications`` over HTTP."""

from __future__ import annotations

from typing import Any

import fhirkit
import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.parameters import Parameters
from flask.testing import FlaskClient

from service.intended_use import INTENDED_USE
from tests.adapters.fhir_out.profiles import resource_faults
from tests.contract.test_fhir_bundles import FIND, refused

Json = dict[str, Any]
FIND_THERE = "/fhir/subject-operations/phenotype-operations/$find-subject-tx-implications"
L858R = "NM_005228.5:c.2573T>G"
LUNG = "http://snomed.info/sct|254637007"


def test_the_capability_statement_lists_the_operations_that_are_there(
    client: FlaskClient,
) -> None:
    answer = client.get("/fhir/metadata")
    CapabilityStatement.model_validate(answer.json)
    assert fhirkit.validate(answer.get_data()) == []
    assert answer.json["fhirVersion"] == "4.0.1"
    assert answer.json["implementation"]["description"] == INTENDED_USE
    operations = [item["name"] for item in answer.json["rest"][0]["operation"]]
    assert operations == ["find-subject-tx-implications", "match-therapies"]
    for name in operations:
        assert client.post(f"/fhir/${name}").status_code != 404


def found(response: Any) -> tuple[list[Json], list[Json]]:
    """Return the implications and the variants of a reply that passes every check."""
    assert response.status_code == 200, response.get_data(as_text=True)
    reply = response.json
    Parameters.model_validate(reply)
    assert fhirkit.validate(response.get_data()) == []
    parts: dict[str, list[Json]] = {"implication": [], "variant": []}
    for item in reply.get("parameter", ()):
        parts[item["name"]].append(item["resource"])
    for resource in (*parts["implication"], *parts["variant"]):
        assert resource_faults(resource) == []
        assert resource["subject"] == {"reference": "Patient/CA12345"}
    known = {f"Observation/{variant['id']}" for variant in parts["variant"]}
    for implication in parts["implication"]:
        assert {link["reference"] for link in implication["derivedFrom"]} <= known
    return parts["implication"], parts["variant"]


@pytest.mark.parametrize(
    "variant",
    [
        L858R,
        "NP_005219.2:p.Leu858Arg",
        "NC_000007.14:g.55191822T>G",
        "NC_000007.13:g.55259515T>G",
        "NC_000007.14:55191821:T:G",
        "EGFR:p.L858R",
    ],
)
def test_a_variant_is_found_in_every_notation(client: FlaskClient, variant: str) -> None:
    query = {"subject": "CA12345", "variants": variant, "conditions": LUNG}
    implications, variants = found(client.get(FIND, query_string=query))
    assert [v["valueCodeableConcept"]["text"] for v in variants] == ["EGFR L858R"]
    assert "osimertinib" in {i["identifier"][1]["value"] for i in implications}


def test_the_three_ways_to_ask_give_the_same(client: FlaskClient) -> None:
    query = {"subject": "CA12345", "variants": f"{L858R},KRAS:p.G12C", "conditions": LUNG}
    first = client.get(FIND, query_string=query)
    assert client.get(FIND_THERE, query_string=query).json == first.json
    names = [("subject", "CA12345"), ("variants", L858R), ("variants", "KRAS:p.G12C")]
    parameters = [{"name": n, "valueString": v} for n, v in (*names, ("conditions", LUNG))]
    body = {"resourceType": "Parameters", "parameter": parameters}
    assert client.post(FIND, json=body).json == first.json
    assert len(found(first)[1]) == 2


def test_treatments_choose_among_the_implications(client: FlaskClient) -> None:
    query = {"subject": "CA12345", "variants": L858R, "conditions": LUNG}
    every, _ = found(client.get(FIND, query_string=query))
    rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm|1721560"
    some, _ = found(client.get(FIND, query_string={**query, "treatments": rxnorm}))
    assert 0 < len(some) < len(every)
    wanted = [i for i in every if "osimertinib" in i["identifier"][1]["value"].split("+")]
    assert some == wanted


def test_conditions_are_asked_one_by_one(client: FlaskClient) -> None:
    def ids(conditions: str) -> set[str]:
        query = {"subject": "CA12345", "variants": "BRAF:p.V600E", "conditions": conditions}
        return {item["id"] for item in found(client.get(FIND, query_string=query))[0]}

    assert ids(f"{LUNG},MEL") == ids(LUNG) | ids("MEL")


def test_without_a_condition_nothing_is_established(client: FlaskClient) -> None:
    """The tumour type is not known, so that every effect is presumed."""
    query = {"subject": "CA12345", "variants": "BRAF:p.V600E"}
    implications, _ = found(client.get(FIND, query_string=query))
    effects = {
        i["component"][0]["valueCodeableConcept"]["coding"][0]["display"] for i in implications
    }
    assert effects
    assert all(effect.startswith("Presumed") for effect in effects)


def test_nothing_found_is_an_empty_reply(client: FlaskClient) -> None:
    query = {"subject": "1", "variants": L858R, "conditions": LUNG, "treatments": "lapatinib"}
    assert client.get(FIND, query_string=query).json == {"resourceType": "Parameters"}


def test_parameters_that_cannot_be_used_are_refused(client: FlaskClient) -> None:
    query = "variants=x&ranges=NC_000007.14:1-9&genomicSourceClass=germline"
    assert refused(client.get(f"{FIND}?{query}"), 400) == [
        ("not_supported", "http.ranges"),
        ("not_supported", "http.genomicSourceClass"),
        ("required", "http.subject"),
    ]
    body = {"resourceType": "Parameters", "parameter": []}
    assert refused(client.post(FIND, json=body), 400) == [
        ("required", "Parameters"),
        ("required", "Parameters"),
    ]


def test_words_that_are_not_understood_are_refused_all_at_once(client: FlaskClient) -> None:
    query = "subject=1&variants=EGFR:p.A858R,EGFX:p.L858R&conditions=LAUD,LUAD&treatments=x"
    assert refused(client.get(f"{FIND}?{query}"), 422) == [
        ("unknown_drug", "http.treatments[0]"),
        ("unknown_tumor_type", "http.conditions[0]"),
        ("impossible_reference", "http.variants[0]"),
        ("unknown_gene", "http.variants[1]"),
    ]
