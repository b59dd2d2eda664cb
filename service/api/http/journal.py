"""One line of the log for each request: what was done, how it went; nothing of what was asked.

The line names the rule of the address (``/v1/assertions/<id>``), never the address itself.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from service.api.http.request_ids import request_id
from service.logs import to_text


def write_journal(app: Flask) -> None:
    """Write a line to standard output for every request but those of probes."""
    log = structlog.wrap_logger(
        structlog.WriteLogger(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=to_text),
        ],
        cache_logger_on_first_use=True,
    )

    def write(response: Response) -> Response:
        if request.endpoint not in ("operations.healthz", "operations.readyz"):
            log.info("request", **_line(response))
        return response

    app.before_request(_start)
    app.after_request(write)


def _start() -> None:
    g.started = time.perf_counter()


def _line(response: Response) -> dict[str, Any]:
    rule = request.url_rule
    line: dict[str, Any] = {
        "request_id": request_id(),
        "method": request.method if rule is not None else "",  # an unknown one is any word
        "route": rule.rule if rule is not None else "",
        "status": response.status_code,
        "milliseconds": round(1000 * (time.perf_counter() - g.started), 1),
    }
    if getattr(g, "caller", ""):
        line["key"] = g.caller
    return line
