"""What became of each biomarker: set apart, not covered, and whether the answer is complete."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from service.adapters.v1.case import read_case
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY

Json = dict[str, Any]
COVERED: list[Any] = ["EGFR L858R", "EGFR T790M", {"gene": "KRAS", "result": "not_detected"}]
CASE: Json = {"tumor_type": "LUAD", "as_of": "2026-11-01"}


def _panel(kb: KnowledgeBase, count: int) -> list[Json]:
    """Return results of genes that nobody curated, as a panel reports them."""
    names = kb.reader.human_genes
    chosen = sorted(
        name
        for name in names.names()
        if (gene := names.find(name))
        and gene.symbol == name
        and kb.reader.names.lookup(name) is None
    )
    results = [{"alteration": "R175H"}, {"result": "not_detected"}, {"alteration": "p.Q61*"}]
    step = len(chosen) // count
    return [{"gene": chosen[i * step], **results[i % 3]} for i in range(count)]


def _ask(client: FlaskClient, biomarkers: list[Any], **more: Any) -> Json:
    response = client.post("/v1/match", json={**CASE, "biomarkers": biomarkers, **more})
    assert response.status_code == 200, response.json
    answer: Json = response.json
    return answer


@pytest.mark.parametrize("explain", ["none", "brief", "full"])
def test_a_panel_of_300_genes_changes_nothing_of_the_covered_ones(
    client: FlaskClient, kb: KnowledgeBase, explain: str
) -> None:
    mixed = [*COVERED, *_panel(kb, 300)]
    random.Random(7).shuffle(mixed)
    alone = _ask(client, COVERED, explain=explain)
    answer = _ask(client, mixed, explain=explain)
    compared = ("therapies", "resistance", "cautions", "suggested_tests", "excluded", "result_hash")
    for part in compared:
        assert answer[part] == alone[part], part
    assert answer["complete"] is True
    assert answer["case"]["not_covered"]["count"] == 300
    assert [w["code"] for w in answer["warnings"]].count("gene_not_covered") == 1
    strangers = [f for f in answer["case"]["findings"] if f["status"] == "not_covered"]
    assert len(strangers) == (300 if explain == "full" else 0)
    assert all(f["classes"] == [] and f["gene"] in f["name"] for f in strangers)


def test_matching_is_given_nothing_of_what_is_not_covered(kb: KnowledgeBase) -> None:
    """The engine gets an equal case: the match step cannot grow."""
    alone, mixed = (
        read_case(kb, {**CASE, "as_of": None, "biomarkers": biomarkers}, today=TODAY)
        for biomarkers in (COVERED, [*COVERED, *_panel(kb, 500)])
    )
    assert mixed.case == alone.case
    assert len(mixed.items) == len(alone.items) + 500


def test_the_order_of_what_is_not_covered_changes_no_byte(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    mixed = [*COVERED, *_panel(kb, 20)]
    answers = set()
    for seed in range(5):
        random.Random(seed).shuffle(mixed)
        body = {**CASE, "biomarkers": mixed}
        answers.add(client.post("/v1/match", json=body).get_data())
    assert len(answers) == 1


def test_what_is_not_covered_is_read_on_its_own_too(client: FlaskClient) -> None:
    given = ["EGFR L858R", {"gene": "TP53", "alteration": "R175H"}]
    answer = client.post("/v1/normalize", json={"biomarkers": given}).json
    statuses = [(f["input_index"], f["gene"], f["status"]) for f in answer["findings"]]
    assert statuses == [(0, "EGFR", "recognized"), (1, "TP53", "not_covered")]


UNREAD = "EGFR frobnicated"
#: Set apart without making the answer incomplete would hide a result that may count.
MAY_MATTER = {
    UNREAD: "EGFR",
    "EGRF L858R": None,
    "Xyzzy1 V600E": None,
    "KRAS G12ZZ": "KRAS",
}


@pytest.mark.parametrize("text", MAY_MATTER)
def test_what_is_not_understood_is_refused_or_set_apart_as_asked(
    client: FlaskClient, text: str
) -> None:
    body = {**CASE, "biomarkers": ["EGFR L858R", text]}
    for refuse in ({}, {"unreadable": "refuse"}, {"unreadable": None}):
        refused = client.post("/v1/match", json={**body, **refuse})
        assert refused.status_code == 422
        assert [e["pointer"] for e in refused.json["errors"]] == ["/biomarkers/1"]
    answer = _ask(client, body["biomarkers"], unreadable="set_apart")
    alone = _ask(client, ["EGFR L858R"])
    assert (alone["complete"], answer["complete"]) == (True, False)
    assert [(g["gene"], g["count"]) for g in answer["set_apart"]] == [(MAY_MATTER[text], 1)]
    assert answer["therapies"] == alone["therapies"]
    assert answer["result_hash"] != alone["result_hash"]
    full = _ask(client, body["biomarkers"], unreadable="set_apart", explain="full")
    assert [(a["place"], a["text"]) for a in full["set_apart"]] == [("/biomarkers/1", text)]
    assert full["result_hash"] == answer["result_hash"]


def test_everything_set_apart_is_an_answer_without_findings(client: FlaskClient) -> None:
    answer = _ask(client, [UNREAD, "Xyzzy1 V600E"], unreadable="set_apart")
    assert (answer["complete"], answer["case"]["findings"]) == (False, [])


def test_a_get_sets_apart_as_its_post_does(client: FlaskClient) -> None:
    body = {**CASE, "biomarkers": ["EGFR L858R", UNREAD], "unreadable": "set_apart"}
    query = {"biomarker" if key == "biomarkers" else key: value for key, value in body.items()}
    got = client.get("/v1/match", query_string=query)
    assert got.get_data() == client.post("/v1/match", json=body).get_data()
    del query["unreadable"]
    assert client.get("/v1/match", query_string=query).status_code == 422


@pytest.mark.parametrize(
    "more", [{"tumor_type": "xyzzy"}, {"patient": {"age_years": -1}}, {"unreadable": "ignore"}]
)
def test_nothing_but_biomarkers_is_ever_set_apart(client: FlaskClient, more: Json) -> None:
    body = {**CASE, "biomarkers": [UNREAD], "unreadable": "set_apart", **more}
    answer = client.post("/v1/match", json=body)
    assert answer.status_code == 422
    said = 2 if "unreadable" in more else 1
    assert len(answer.json["errors"]) == said


def test_of_a_batch_the_case_wins_over_the_body_and_the_body_over_the_query(
    client: FlaskClient,
) -> None:
    case = {**CASE, "biomarkers": [UNREAD]}
    cases = [case, {**case, "unreadable": "refuse"}, {**case, "unreadable": "set_apart"}]

    def statuses(**body: Any) -> list[int]:
        query = body.pop("query", {})
        asked = client.post("/v1/match/batch", json={"cases": cases, **body}, query_string=query)
        return [item["status"] for item in asked.json["results"]]

    assert statuses() == [422, 422, 200]
    assert statuses(unreadable="set_apart") == [200, 422, 200]
    assert statuses(query={"unreadable": "set_apart"}) == [200, 422, 200]
    assert statuses(unreadable="refuse", query={"unreadable": "set_apart"}) == [422, 422, 200]


def test_what_if_and_compare_set_apart_too(client: FlaskClient) -> None:
    case = {**CASE, "biomarkers": ["EGFR L858R", UNREAD]}
    apart = {**case, "unreadable": "set_apart"}
    changes = [{"biomarker": "KRAS frobnicated"}, {"biomarker": "EGFR T790M"}]
    assert client.post("/v1/what-if", json={"case": case, "changes": changes}).status_code == 422
    answer = client.post("/v1/what-if", json={"case": apart, "changes": changes}).json
    assert answer["complete"] is False
    assert [group["gene"] for group in answer["set_apart"]] == ["EGFR", "KRAS"]
    assert answer["after"]["findings"] == ["EGFR L858R", "EGFR T790M"]
    sides = {"from": {"as_of": "2018-01-01"}, "to": {"as_of": "2019-01-01"}}
    compared = client.post("/v1/compare", json={"case": apart, **sides}).json
    assert (compared["complete"], len(compared["set_apart"])) == (False, 1)


def test_read_on_its_own_it_is_a_warning_or_set_apart(client: FlaskClient) -> None:
    body = {"biomarkers": ["EGFR L858R", UNREAD]}
    refused = client.post("/v1/normalize", json=body).json
    apart = client.post("/v1/normalize", json={**body, "unreadable": "set_apart"}).json
    assert [w["code"] for w in refused["warnings"]] == ["unknown_alteration"]
    assert [w["code"] for w in apart["warnings"]] == []
    assert [a["text"] for a in apart["set_apart"]] == [UNREAD]
    assert (refused["complete"], apart["complete"]) == (False, False)


def test_the_first_hundred_stand_with_their_place_and_the_rest_is_counted(
    client: FlaskClient,
) -> None:
    texts = [f"EGFR frobnicated {number}" for number in range(130)]
    answer = _ask(client, texts, unreadable="set_apart", explain="full")
    listed = [item for item in answer["set_apart"] if "place" in item]
    counted = [item["count"] for item in answer["set_apart"] if "count" in item]
    assert (len(listed), counted) == (100, [30])


def test_json_with_a_key_twice_is_refused_whole(client: FlaskClient) -> None:
    text = '{"tumor_type":"LUAD","biomarkers":["EGFR L858R"],"biomarkers":[]}'
    answer = client.post("/v1/match", data=text, content_type="application/json")
    assert (answer.status_code, "'biomarkers' stands twice" in answer.json["detail"]) == (400, True)
    stream = f'{{"tumor_type":"LUAD","biomarkers":[]}}\n{text}\n'
    lines = client.post("/v1/match/batch", data=stream, content_type="application/x-ndjson")
    assert [line["status"] for line in map(orjson.loads, lines.data.splitlines())] == [200, 400]
