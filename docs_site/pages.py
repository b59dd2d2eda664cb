"""Which file of the repository is which page of the site, and in which order they stand.

The order is that of ``docs/README.md``: a heading is a section, the rows of its table are its
pages. A page that is not listed there has no place, and the strict build names it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
INDEX = "docs/README.md"
#: File of the repository -> page that is made from it.
MADE = {"openapi.yaml": "reference.md"}
#: Files that become pages, outside docs/.
OUTER = ("*.md", "seed_data/*.md")
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")
#: A line of text with an item of a list right below: a list on a forge, running text in MkDocs.
_TOUCHING = re.compile(r"^(?![-*] |[>|#\s]|\d+\. )(.+)\n(?=[-*] |\d+\. )", re.M)
_FENCE = re.compile(r"(^ *```.*?^ *```)", re.M | re.S)


def page_of(path: str) -> str:
    """Return the place in the site of a file of the repository, both as paths with ``/``."""
    if path in MADE:
        return MADE[path]
    if path.startswith("docs/"):
        place = path.removeprefix("docs/")
        return place.removesuffix(".ipynb") + ".md" if place.endswith(".ipynb") else place
    return path if path.startswith("seed_data/") else f"project/{path}"


def outer_pages() -> list[str]:
    """Return the paths of the Markdown files outside docs/ that are pages."""
    found = (path for pattern in OUTER for path in ROOT.glob(pattern))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def notebooks() -> list[str]:
    """Return the paths of the notebooks below docs/."""
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.ipynb"))


def sections() -> list[tuple[str, list[str]]]:
    """Return (heading, pages of its table) as docs/README.md has them, without empty ones."""
    parts = re.split(r"^## (.+)$", (ROOT / INDEX).read_text("utf-8"), flags=re.M)[1:]
    named = zip(parts[::2], parts[1::2], strict=True)
    listed = [(title, [page_of(path) for path in _rows(text)]) for title, text in named]
    return [(title, pages) for title, pages in listed if pages]


def _rows(text: str) -> Iterator[str]:
    for target in re.findall(r"^\| \[[^\]]+\]\(([^)\s]+)\)", text, re.M):
        yield resolve(INDEX, target.partition("#")[0])


def resolve(page: str, target: str) -> str:
    """Return the path from the root of what a page links to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))


def linked_files(page: str, text: str) -> set[str]:
    """Return the files outside docs/ that a page links to and that are no pages themselves."""
    found: set[str] = set()

    def note(path: str) -> str:
        if not path.startswith("docs/") and not path.endswith(".md") and path not in MADE:
            found.add(path)
        return path

    _each_link(page, text, note)
    return {path for path in found if (ROOT / path).is_file()}


def site_text(page: str, text: str) -> str:
    """Return the text of a page as the site needs it: its links, and its lists set apart."""
    here = posixpath.dirname(page_of(page))
    linked = _each_link(page, text, lambda path: posixpath.relpath(page_of(path), here or "."))
    parts = _FENCE.split(linked)
    parts[::2] = [_TOUCHING.sub(r"\1\n\n", part) for part in parts[::2]]
    return "".join(parts)


def _each_link(page: str, text: str, change: Callable[[str], str]) -> str:
    def changed(match: re.Match[str]) -> str:
        target, mark, anchor = match[2].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        return f"{match[1]}{change(resolve(page, target))}{mark}{anchor}{match[3]}"

    parts = _FENCE.split(text)
    parts[::2] = [_LINK.sub(changed, part) for part in parts[::2]]
    return "".join(parts)
