"""A page as a reader has it: its text, links and identifiers; read with the standard parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Elements whose end tag may be left out, or that have none.
_VOID = {"br", "circle", "hr", "img", "input", "line", "link", "meta", "rect"}


class Document(HTMLParser):
    """A parsed page.

    Attributes:
        links: every ``href`` of an anchor, as it stands.
        ids: every ``id``, in order.
        unclosed: elements that were not closed where they should have been.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.ids: list[str] = []
        self.unclosed: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._parts: list[str] = []
        self.feed(html)
        self.close()
        self.unclosed += self._open

    @property
    def text(self) -> str:
        """Return the text with single spaces."""
        return re.sub(r"\s+", " ", "".join(self._parts)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes.append((tag, given))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag not in _VOID:
            self._open.append(tag)
        self._parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unclosed.append(tag)
        self._parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in ("script", "style"):
            self._parts.append(data)
