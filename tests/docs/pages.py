"""The pages of the project: every Markdown file that is ours."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.console import ROOT

_FOLDERS = ("docs", "seed_data", "service", "bench", "tests")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


def all_pages() -> list[Path]:
    """Return every Markdown file of the repository, sorted."""
    below = (path for folder in _FOLDERS for path in (ROOT / folder).rglob("*.md"))
    return sorted([*ROOT.glob("*.md"), *below])


def read(path: str) -> str:
    """Return the text of a page, by its path from the root."""
    return (ROOT / path).read_text("utf-8")


def section(page: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of the same depth or less.

    Raises:
        KeyError: the page has no such heading.
    """
    lines = read(page).splitlines()
    depth = re.match("#*", heading)[0]  # type: ignore[index]
    if heading not in lines:
        raise KeyError(f"{page} has no heading {heading!r}")
    start = lines.index(heading) + 1
    end = next(
        (i for i in range(start, len(lines)) if re.match(rf"#{{1,{len(depth)}}} ", lines[i])),
        len(lines),
    )
    return "\n".join(lines[start:end])


def first_cells(text: str) -> list[str]:
    """Return the code words of the first cell of every table row, in order."""
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def relative_links(page: Path) -> list[str]:
    """Return the targets of the links of a page that stay inside the repository."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    return [to for to in _LINK.findall(text) if not re.match(r"[a-z]+:", to)]


def anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of a page have when it is rendered."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    plain = (re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()) for title in titles)
    return {title.strip().replace(" ", "-") for title in plain}
