"""Several releases of the knowledge side by side: asked by version, compared, told as changes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from service.app import create_app
from service.cli import main
from service.config import Settings
from service.knowledge.compile import compile_corpus
from service.knowledge.corpus import Corpus
from service.knowledge.export import COLUMNS
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY, load_corpus

CASE = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "jurisdictions": ["US"]}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def releases(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two releases: the older one does not know A0013 (dacomitinib)."""
    folder = tmp_path_factory.mktemp("releases")
    corpus = load_corpus()
    shutil.copy(kb.path, folder / "current.sqlite")
    older = Corpus(
        "2025.9.0",
        corpus.vocabularies,
        [
            {**row, "statement": "An older wording."} if row["id"] == "A0006" else row
            for row in corpus.assertions
            if row["id"] != "A0013"
        ],
        {id_: tree for id_, tree in corpus.criteria.items() if id_ != "A0013"},
        corpus.proteins,
    )
    (folder / "archive").mkdir()
    compile_corpus(older, folder / "archive/kb-2025.9.0.sqlite")
    return folder


@pytest.fixture(scope="module")
def client(releases: Path) -> FlaskClient:
    settings = Settings(releases / "current.sqlite", releases / "archive")
    return create_app(settings, today=lambda: TODAY).test_client()


def regimens(answer: dict) -> set[str]:
    return {row["regimen"]["id"] for row in answer["therapies"]}


def test_a_match_is_answered_by_the_version_that_is_asked_for(client: FlaskClient) -> None:
    now = client.post("/v1/match", json=CASE).get_json()
    then = client.post("/v1/match", json={**CASE, "kb_version": "2025.9.0"}).get_json()
    assert regimens(now) - regimens(then) == {"dacomitinib"}
    assert then["knowledge_base"]["version"] == "2025.9.0"
    assert now["result_hash"] != then["result_hash"]
    query = {"tumor_type": "LUAD", "biomarker": "EGFR L858R", "jurisdiction": "US"}
    by_query = client.get("/v1/match", query_string={**query, "kb_version": "2025.9.0"})
    assert by_query.get_json() == then


def test_an_unknown_version_is_named_with_the_other_faults(client: FlaskClient) -> None:
    body = {**CASE, "tumor_type": "XYZZY", "kb_version": "1999.1.0"}
    answer = client.post("/v1/match", json=body)
    assert answer.status_code == 422
    faults = {fault["pointer"]: fault for fault in answer.get_json()["errors"]}
    assert faults["/tumor_type"]["code"] == "unknown_tumor_type"
    assert faults["/kb_version"]["code"] == "unknown_version"
    assert faults["/kb_version"]["suggestions"] == ["2025.9.0", "2026.11.0"]
    query = client.get("/v1/match?tumor_type=LUAD&kb_version=1999.1.0").get_json()
    assert query["errors"][0]["pointer"] == "?kb_version"


def test_two_versions_are_compared(client: FlaskClient) -> None:
    body = {"case": CASE, "from": {"kb_version": "2025.9.0"}, "to": {"kb_version": "2026.11.0"}}
    answer = client.post("/v1/compare", json=body).get_json()
    assert [d["regimen"]["id"] for d in answer["differences"]["added"]] == ["dacomitinib"]
    assert (answer["before"]["kb_version"], answer["after"]["kb_version"]) == (
        "2025.9.0",
        "2026.11.0",
    )


def test_the_changes_since_a_version_name_every_record(client: FlaskClient) -> None:
    answer = client.get("/v1/knowledge-base/changes?since=2025.9.0").get_json()
    assert answer["versions"] == ["2025.9.0", "2026.11.0"]
    (release,) = answer["releases"]
    assert (release["since_version"], release["version"]) == ("2025.9.0", "2026.11.0")
    told = {(c["kind"], c["id"], c["change"], *c["fields"]) for c in release["changes"]}
    assert told == {
        ("assertions", "A0013", "added"),
        ("assertions", "A0006", "changed", "statement"),
    }
    assert client.get("/v1/knowledge-base/changes?since=2026.11.0").get_json()["releases"] == []


def test_the_events_since_a_day_are_newest_first(client: FlaskClient) -> None:
    answer = client.get("/v1/knowledge-base/changes?since=2025-01-01").get_json()
    days = [event["date"] for event in answer["events"]]
    assert days == sorted(days, reverse=True)
    assert min(days) > "2025-01-01"
    told = {(event["assertion"], event["date"], event["type"]) for event in answer["events"]}
    assert ("A0809", "2025-08-08", "accelerated") in told


def test_the_feed_is_atom(client: FlaskClient) -> None:
    """RFC 4287: a feed and each entry have id, title and updated; ids are their own."""
    answer = client.get("/v1/knowledge-base/changes?since=2025.9.0&format=atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert any("2026.11.0" in (entry.findtext(f"{ATOM}title") or "") for entry in entries)
    for node in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert node.findtext(f"{ATOM}{name}")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    accepted = client.get(
        "/v1/knowledge-base/changes?since=2025.9.0", headers={"Accept": "application/atom+xml"}
    )
    assert accepted.data == answer.data


def test_the_command_line_tells_what_changed(releases: Path) -> None:
    older, newer = releases / "archive/kb-2025.9.0.sqlite", releases / "current.sqlite"
    result = CliRunner().invoke(main, ["kb", "diff", str(older), str(newer)])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "changed  assertions A0006: statement",
        "added    assertions A0013",
    ]
    assert CliRunner().invoke(main, ["kb", "diff", str(newer), str(newer)]).output == ""


def test_the_export_holds_every_assertion_in_both_forms(releases: Path) -> None:
    path = str(releases / "current.sqlite")
    command = ["kb", "export", "--as-of", "2026-11-22", "--kb", path]
    table = CliRunner().invoke(main, [*command, "--csv"])
    objects = CliRunner().invoke(main, [*command, "--json"])
    assert (table.exit_code, objects.exit_code) == (0, 0)
    rows = list(csv.DictReader(io.StringIO(table.output)))
    listed = json.loads(objects.output)
    kb = KnowledgeBase(Path(path))
    assert [row["id"] for row in rows] == sorted(kb.records["assertions"])
    assert tuple(rows[0]) == COLUMNS
    written = [
        {key: "" if value is None else value for key, value in row.items()} for row in listed
    ]
    assert written == rows
    osimertinib = next(row for row in rows if row["id"] == "A0002")
    assert (osimertinib["status"], osimertinib["since"]) == ("approved", "2018-04-18")
    assert osimertinib["biomarkers"] == "(EGFR exon 19 deletion or EGFR L858R)"


def test_a_folder_with_something_else_in_it_is_refused(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("no database")
    settings = Settings(releases / "current.sqlite", tmp_path)
    with pytest.raises(Exception, match=r"x\.sqlite is no knowledge base"):
        create_app(settings)
