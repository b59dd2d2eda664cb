"""Prose of lessons as HTML: paragraphs, stress and code, and nothing else of Markdown."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_STRESS = re.compile(r"\*([^*\n]+)\*")
_CODE = re.compile(r"`([^`\n]+)`")


def to_html(text: str) -> Markup:
    """Return paragraphs; ``*words*`` are stressed, words in backticks are code."""
    paragraphs = (part.strip() for part in text.split("\n\n"))
    return Markup("\n").join(Markup(f"<p>{_inline(part)}</p>") for part in paragraphs if part)


def _inline(text: str) -> str:
    safe = " ".join(str(escape(text)).split())
    return _CODE.sub(r"<code>\1</code>", _STRESS.sub(r"<em>\1</em>", safe))
