"""A page as a reader has it: its whole text, with a space where an element begins or ends."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.explorer.pages import Page


class Document(Page):
    """A parsed page with its text, its links as they stand, and its identifiers."""

    def __init__(self, html: str) -> None:
        self._parts: list[str] = []
        super().__init__(html)
        self.text = " ".join("".join(self._parts).split())
        self.links = [element.attributes["href"] for element in self.all("a")]
        self.ids = [e.attributes["id"] for e in self.elements if "id" in e.attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._parts.append(" ")
        super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._parts.append(" ")
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self._parts.append(data)
        super().handle_data(data)


def read(client: FlaskClient, address: str) -> Document:
    """Return the page at an address that is there."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return Document(response.text)
