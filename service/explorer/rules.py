"""``/rules``: the numbered rules, so that a reason that names one can be followed offline.

``rules.json`` is written from ``docs/semantics.md`` by ``python -m tests.explorer.rules``; a test
compares the two.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from werkzeug import Response

from service.explorer.frame import blueprint, page

RULES = Path(__file__).parent / "rules.json"


@blueprint.get("/rules")
def rules() -> Response:
    """Show every rule with its source and an example."""
    return page("rules.html", here="rules", title="The rules", rules=_rules())


@lru_cache(maxsize=1)
def _rules() -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = orjson.loads(RULES.read_bytes())
    return written
