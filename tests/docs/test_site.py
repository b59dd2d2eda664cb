"""The documentation site builds strictly, leads somewhere, and loads nothing from elsewhere."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import sync_playwright

from docs_site.pages import page_of, sections
from tests.docs.console import ROOT
from tests.docs.pages import read
from tests.docs.site import dead_links, foreign_loads, read_html, unrendered

_ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def _build(folder: Path, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=root, env=_ENVIRONMENT, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built strictly."""
    folder = tmp_path_factory.mktemp("site")
    done = _build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_of_the_project_is_in_the_site(site: Path) -> None:
    below = [p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md")]
    outer = [path.name for path in ROOT.glob("*.md")]
    for path in (
        *below,
        *outer,
        "openapi.yaml",
        "seed_data/CHANGELOG.md",
        "docs/class/one-hour.ipynb",
    ):
        page = site / page_of(path)
        name = "index.html" if page.name == "README.md" else f"{page.stem}.html"
        assert (page.parent / name).is_file(), path
    assert (site / "class/one-hour.ipynb").is_file()


def test_every_link_and_every_anchor_leads_somewhere(site: Path) -> None:
    assert dead_links(site) == []


def test_no_page_loads_anything_from_another_origin(site: Path) -> None:
    assert foreign_loads(site) == []


def test_lists_and_tables_are_rendered_as_a_forge_renders_them(site: Path) -> None:
    assert unrendered(site) == []


def test_the_reference_has_every_operation_and_every_schema(site: Path) -> None:
    document = yaml.safe_load(read("openapi.yaml"))
    page = read_html(site / "reference.html")
    for item in document["paths"].values():
        operations = [part for name, part in item.items() if name != "parameters"]
        assert {operation["operationId"] for operation in operations} <= page.ids
    assert {f"schema-{name.lower()}" for name in document["components"]["schemas"]} <= page.ids
    assert "line of therapy" in (site / "reference.html").read_text("utf-8")


def test_the_navigation_is_the_list_of_the_documents(site: Path) -> None:
    titles = [title for title, _ in sections()]
    assert titles[:3] == ["Learn", "Integrate", "Reference"]
    links = read_html(site / "index.html").links
    for _, pages in sections():
        for page in pages:
            at = page.replace("README.md", "index.html").replace(".md", ".html")
            assert at in links, page


def test_the_checks_notice_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html"></a><a href="#x"></a>', "utf-8")
    (tmp_path / "c.html").write_text('<script src="https://example.org/x.js"></script>', "utf-8")
    (tmp_path / "d.css").write_text("a { background: url(https://example.org/x.png) }", "utf-8")
    list_in_text = "<article>\n<p>Two things:\n- one</p>\n<pre>\n- code\n</pre></article>"
    (tmp_path / "e.html").write_text(list_in_text, "utf-8")
    assert unrendered(tmp_path) == ["e.html: - one</p>"]
    assert dead_links(tmp_path) == ["a.html -> b.html", "a.html -> #x"]
    assert foreign_loads(tmp_path) == ["c.html: https://example.org/x.js", "d.css: url(http"]


def test_a_page_that_is_not_listed_and_a_dead_link_fail_the_build(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("docs", "docs_site", "seed_data"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for file in (
        *ROOT.glob("*.md"),
        ROOT / "mkdocs.yml",
        ROOT / "openapi.yaml",
        ROOT / "LICENSE",
        ROOT / "NOTICE",
    ):
        shutil.copy(file, tmp_path)
    (tmp_path / "docs/lost.md").write_text("# Lost\n\n[nowhere](gone.md)\n", "utf-8")
    done = _build(tmp_path / "site", tmp_path)
    assert done.returncode != 0
    assert "lost.md" in done.stderr
    assert "gone.md" in done.stderr


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Serve the site on a free port."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_browser_reads_and_searches_it_without_leaving_the_origin(address: str) -> None:
    browser_path = shutil.which("chromium")
    if browser_path is None and "CI" not in os.environ:
        pytest.skip("chromium is not installed; .ci/run installs it")
    asked: list[str] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        for place in ("index.html", "tutorial.html", "reference.html", "class/one-hour.html"):
            page.goto(f"{address}/{place}", wait_until="load")
        page.locator("input[name=query]").first.fill("counterfactual")
        page.locator(".md-search-result__link").first.wait_for(state="attached", timeout=60_000)
        browser.close()
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert errors == []
