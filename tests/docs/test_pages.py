"""The pages as a whole: links resolve, no page is lost, tables agree with the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from service.adapters.fhir_in.fates import LEFT
from service.api.openapi.document import openapi_document
from service.api.shapes.answers import MatchAnswerSchema
from service.app import create_app
from service.config import SETTINGS
from service.knowledge.store import KnowledgeBase
from tests.docs.console import ROOT
from tests.docs.pages import all_pages, anchors, first_cells, read, relative_links, section

PAGES = all_pages()


def _targets(page: Path) -> list[tuple[Path, str]]:
    links = (link.partition("#") for link in relative_links(page))
    return [
        ((page.parent / to).resolve() if to else page.resolve(), anchor) for to, _, anchor in links
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target, anchor in _targets(page):
        assert target.exists(), f"{page.name} links to {target}, which does not exist"
        assert not anchor or anchor in anchors(target), f"{page.name}: no heading #{anchor}"


def test_every_document_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [target for target, _ in _targets(page)]
    documents = {path.resolve() for path in PAGES if path.parts[len(ROOT.parts)] == "docs"}
    assert sorted(documents - reached) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_one_title(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    assert len(re.findall(r"^# \S", text, re.M)) == 1


def test_the_pages_name_no_place_of_one_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(/home/|/root/|/work/|/Users/)", page.read_text("utf-8")), page


def test_a_decision_is_at_most_one_screen() -> None:
    for page in (ROOT / "docs/decisions").glob("*.md"):
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", page.name)
        assert len(page.read_text("utf-8").splitlines()) <= 60, page.name


def test_the_index_lists_every_decision() -> None:
    listed = re.findall(r"\((decisions/[^)]+)\)", read("docs/README.md"))
    present = [f"decisions/{page.name}" for page in (ROOT / "docs/decisions").glob("*.md")]
    assert sorted(set(listed)) == sorted(present)


def test_the_api_page_lists_every_route_and_no_other(kb: KnowledgeBase) -> None:
    app = create_app(knowledge=kb)
    in_path = re.compile(r"<(?:[a-z]+:)?([a-z]+)_*>")
    served = {
        method + " " + in_path.sub(r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("explorer.")
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    listed = first_cells(section("docs/api.md", "## Routes"))
    assert sorted(listed) == sorted(served)
    in_contract = {re.sub("_}", "}", path) for path in openapi_document(app)["paths"]}
    assert in_contract <= {route.split(" ")[1] for route in listed}


def test_the_page_of_the_explorer_lists_every_web_page_and_no_other(kb: KnowledgeBase) -> None:
    served = {
        re.sub(r"<(?:[a-z]+:)?([a-z]+)_*>", r"{\1}", rule.rule)
        for rule in create_app(knowledge=kb).url_map.iter_rules()
        if rule.endpoint.startswith("explorer.") and rule.endpoint != "explorer.static"
    }
    assert sorted(first_cells(section("docs/explorer.md", "## The pages"))) == sorted(served)


def test_the_api_page_names_every_part_of_an_answer() -> None:
    text = section("docs/api.md", "## An answer")
    parts = MatchAnswerSchema().fields
    row = parts["therapies"].inner.schema.fields  # type: ignore[attr-defined]
    assert [name for name in (*parts, *row) if f"`{name}`" not in text] == []


def test_the_page_of_the_knowledge_names_every_file() -> None:
    files = sorted(path.name for path in (ROOT / "seed_data/vocabulary").iterdir())
    text = read("seed_data/README.md")
    assert [name for name in files if name not in text] == []


def test_the_readme_routes_exist() -> None:
    listed = set(first_cells(section("README.md", "## The main routes")))
    assert listed <= set(first_cells(section("docs/api.md", "## Routes")))


def test_the_settings_page_is_the_code() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$", read("docs/settings.md"), re.M)
    ours = {name: (default, text) for name, default, text in rows if name in SETTINGS}
    assert ours == {
        name: (f"`{default}`" if default else "none", text)
        for name, (default, text) in SETTINGS.items()
    }
    source = (ROOT / "gunicorn.conf.py").read_text("utf-8")
    of_server = set(re.findall(r'environ\.get\("([A-Z_]+)"\)', source))
    assert {name for name, _, _ in rows} - set(SETTINGS) == of_server
    for name, default in (("HOST", "127.0.0.1"), ("PORT", "8000")):
        assert f'environ.get("{name}") or "{default}"' in source
        assert f"| `{name}` | `{default}` |" in read("docs/settings.md")


def test_the_readme_settings_are_those_of_the_page() -> None:
    listed = first_cells(section("README.md", "## Settings"))
    assert set(listed) <= set(first_cells(read("docs/settings.md")))


def test_every_dependency_has_its_reason_and_no_other() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
        *project["project"]["optional-dependencies"]["vcf"],
        *project["build-system"]["requires"],
    ]
    declared = {re.split(r"[<>=\[ ]", line)[0].lower().replace("_", "-") for line in wanted}
    page = read("docs/decisions/0001-dependencies.md")
    tables = (line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    named = {word.strip() for cell in tables for word in cell.split(",")}
    explained = {word.lower().replace("_", "-") for word in named if not word.startswith("to ")}
    build = {"flit-core"} if "flit_core" in page else set()
    assert explained | build == declared


def test_the_readme_says_what_it_is_for() -> None:
    assert "research and education only" in read("README.md").split("```")[0].lower()


def test_the_page_of_fhir_lists_every_reason_that_sets_nothing_apart() -> None:
    assert first_cells(section("docs/integrations/fhir.md", "## Reasons")) == list(LEFT)
