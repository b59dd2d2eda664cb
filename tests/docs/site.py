"""The built site as the tests read it: addresses, anchors and what a page loads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Element -> the attribute that makes a browser load something.
LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}


@dataclass
class Html(HTMLParser):
    """What one page says: links, anchors, what it loads."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if LOADS.get(tag, "") in given:
            self.loads.append(given[LOADS[tag]])


def read_html(path: Path) -> Html:
    """Return what a page says."""
    page = Html()
    page.feed(path.read_text("utf-8"))
    return page


def dead_links(site: Path) -> list[str]:
    """Return the links and loads inside the site that lead nowhere, each with its page."""
    pages = {path.resolve(): read_html(path) for path in site.rglob("*.html")}
    dead = []
    for path, page in pages.items():
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            to = to / "index.html" if to.is_dir() else to
            anchor = unquote(parts.fragment)
            known = not anchor or to not in pages or anchor in pages[to].ids
            if not to.is_file() or not known:
                dead.append(f"{path.relative_to(site.resolve())} -> {link}")
    return dead


def foreign_loads(site: Path) -> list[str]:
    """Return what a page or a style would load from another origin, each with its place."""
    found = []
    for path in sorted(site.rglob("*.html")):
        found += [f"{path.name}: {to}" for to in read_html(path).loads if urlsplit(to).netloc]
    for path in sorted(site.rglob("*.css")):
        text = path.read_text("utf-8")
        found += [
            f"{path.name}: {word}" for word in ("url(http", "url(//", "@import") if word in text
        ]
    return found


def unrendered(site: Path) -> list[str]:
    """Return the lines of lists and tables that a page shows as running text."""
    found = []
    for path in sorted(site.rglob("*.html")):
        for article in re.findall(r"<article.*?</article>", path.read_text("utf-8"), re.S):
            text = re.sub(r"<pre.*?</pre>", "", article, flags=re.S)
            lines = re.findall(r"^ *((?:[-*] |\d+\. |\|).*)$", text, re.M)
            found += [f"{path.name}: {line}" for line in lines]
    return found
