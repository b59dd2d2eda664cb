"""A notebook as a page of Markdown: its text, its code, and what the code printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def to_markdown(path: Path) -> str:
    """Return a notebook as Markdown, with a link to the file itself."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    parts = [part for cell in cells for part in _parts(cell)]
    parts.insert(1, f"[Download the notebook]({path.name}) and run it yourself.")
    return "\n\n".join(parts) + "\n"


def _parts(cell: dict[str, Any]) -> Iterator[str]:
    text = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield text
        return
    yield f"```python\n{text}\n```"
    for output in cell["outputs"]:
        printed = "".join(output["text"])
        yield f"```text\n{printed.rstrip()}\n```"
