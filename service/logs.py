"""The log: one JSON object a line on standard error, readable lines on a terminal (structlog).

Nothing of a request gets into it. Where a library quotes an exception, or gives one along, the line
has its kind and where it arose: its own words could be those of a report.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import orjson
import structlog

Json = dict[str, Any]
#: Method and path, which gunicorn writes when it is asked to write more than usual (``debug``).
_REQUEST_LINE = "%s %s"


def log_config(*, is_terminal: bool) -> Json:
    """Return the configuration of the standard library's logging.

    gunicorn's own line a request is left out: it quotes the address, which may hold a case.
    """
    handler = {
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stderr",
        "formatter": "line",
        "filters": ["discreet"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": lambda: _formatter(is_terminal=is_terminal)}},
        "filters": {"discreet": {"()": Discreet}},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }


def to_text(value: Any, **_: Any) -> str:
    """Return a value as JSON; what JSON has no form for by the name of its type."""
    return orjson.dumps(value, default=lambda other: type(other).__name__).decode()


class Discreet(logging.Filter):
    """Names exceptions in the arguments of a message instead of quoting them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass without the words of exceptions; the lines of requests do not pass."""
        if record.name == "gunicorn.error" and record.msg == _REQUEST_LINE:
            return False
        if isinstance(record.msg, BaseException):
            record.msg = type(record.msg).__name__
        if isinstance(record.args, tuple):
            record.args = tuple(
                type(value).__name__ if isinstance(value, BaseException) else value
                for value in record.args
            )
        record.exc_text = None  # another handler may have written it out already
        return True


def _formatter(*, is_terminal: bool) -> logging.Formatter:
    renderer: Any = structlog.processors.JSONRenderer(serializer=to_text)
    if is_terminal:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
        ],
    )


def _without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace an exception by its kind and its places, innermost last."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else None
    if error is not None:
        event["error"] = type(error).__name__
        event["places"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event
