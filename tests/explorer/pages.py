"""A page as the tests see it: elements with their attributes and the text within them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag

from flask.testing import FlaskClient

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
#: Addresses of every page about a case, for one case; ``{}`` takes the question.
CASE_PAGES = ("/answer?{}", "/why/A0310?{}", "/what-if?{}", "/?{}")
CASE = "tumor_type=COADREAD&biomarker=BRAF+V600E&as_of=2026-11-22"


@dataclass
class Element:
    """An element; ``text`` is all the text within it, spaces made one."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)
    inside: tuple[Element, ...] = ()

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


class Page(HTMLParser):
    """A parsed page; wrong nesting is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert self._open == [], f"not closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, inside=tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Return elements by tag, class (``class_``) and other attributes."""
        wanted_class = attributes.pop("class_", None)
        return [
            element
            for element in self.elements
            if (not tag or element.tag == tag)
            and (wanted_class is None or wanted_class in element.classes)
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def by_id(self, id_: str) -> Element:
        """Return the one element with an id."""
        (found,) = self.all(id=id_)
        return found

    def texts_in(self, outer: Element, tag: str = "", **attributes: str) -> list[str]:
        """Return the texts of the elements inside another one."""
        return [e.text for e in self.all(tag, **attributes) if outer in e.inside]


def get(client: FlaskClient, address: str, status: int = 200) -> Page:
    """Return the page at an address, led to where it leads."""
    response = client.get(address, follow_redirects=True)
    assert response.status_code == status, (address, response.status_code)
    return Page(response.get_data(as_text=True))


def links(page: Page) -> list[str]:
    """Return the targets of all links of a page inside the site, without what follows ``#``."""
    hrefs = [urldefrag(element.attributes["href"])[0] for element in page.all("a")]
    return sorted({href for href in hrefs if href.startswith("/")})
