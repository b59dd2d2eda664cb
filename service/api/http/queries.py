"""The query of the current request as the data of a ``POST``; see ``adapters.v1_query``."""

from __future__ import annotations

from typing import Any

from flask import request

from service.adapters.v1.query import query_fault, read_query

__all__ = ["query_data", "query_fault"]


def query_data() -> dict[str, Any]:
    """Return the query of the request as the data of a ``POST``."""
    return read_query(request.args.getlist)
