"""The rules of ``docs/semantics.md`` as the web page shows them.

``python -m tests.explorer.rules`` writes ``service/explorer/rules.json``; a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from service.explorer.rules import RULES

PAGE = Path(__file__).parents[2] / "docs/semantics.md"
_RULE = re.compile(
    r"^### (?P<number>M\d+) (?P<title>.*)\n\n(?P<text>(?:.+\n)+)\n(?P<items>(?:[-  ].+\n)+)", re.M
)
_ITEM = re.compile(r"^- (\w+): ((?:.+\n)(?:  .+\n)*)", re.M)


def rules_of_page() -> Iterator[dict[str, str]]:
    """Yield each rule: number, title, text, source and example, in plain words."""
    for found in _RULE.finditer(PAGE.read_text("utf-8")):
        items = {name.lower(): _plain(text) for name, text in _ITEM.findall(found["items"])}
        yield {
            "number": found["number"],
            "title": _plain(found["title"]),
            "text": _plain(found["text"]),
            "source": items["source"],
            "example": items["example"],
        }


def written() -> bytes:
    """Return the file as it should be."""
    return orjson.dumps(list(rules_of_page()), option=orjson.OPT_INDENT_2) + b"\n"


def _plain(text: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"[`*]", "", text)).strip()


if __name__ == "__main__":
    RULES.write_bytes(written())
