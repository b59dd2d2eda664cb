"""What MkDocs asks while it builds the site (``hooks`` of mkdocs.yml)."""

from __future__ import annotations

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from docs_site import notebook, reference
from docs_site.pages import (
    INDEX,
    MADE,
    ROOT,
    linked_files,
    notebooks,
    outer_pages,
    page_of,
    sections,
    site_text,
)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the navigation from docs/README.md."""
    home = {"Home": page_of(INDEX)}
    config.nav = [home, *({title: pages} for title, pages in sections())]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages outside docs/, those that are made, and the files that pages link to."""
    contract = ROOT / "openapi.yaml"
    made = {MADE[contract.name]: reference.to_markdown(yaml.safe_load(contract.read_text("utf-8")))}
    made |= {page_of(path): notebook.to_markdown(ROOT / path) for path in notebooks()}
    for place, text in made.items():
        files.append(File.generated(config, place, content=text))
    outer = outer_pages()
    for path in outer:
        files.append(File.generated(config, page_of(path), abs_src_path=str(ROOT / path)))
    inner = [f"docs/{file.src_uri}" for file in files.documentation_pages()]
    pages = [path for path in (*outer, *inner) if (ROOT / path).is_file()]
    linked = {to for path in pages for to in linked_files(path, (ROOT / path).read_text("utf-8"))}
    for path in sorted(linked):
        files.append(File.generated(config, page_of(path), abs_src_path=str(ROOT / path)))
    files.append(File.generated(config, contract.name, abs_src_path=str(contract)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Give MkDocs a page as the site needs it; what is made already is."""
    outer = {page_of(path): path for path in outer_pages()}
    origin = outer.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    is_made = not (ROOT / origin).is_file()
    return markdown if is_made else site_text(origin, markdown)
