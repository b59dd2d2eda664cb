"""The web pages: a question asked, answered and taken apart, rendered by the server.

``frame`` holds the blueprint, what every page has, and the state; each other module is one page or
a family of pages and adds its routes to that blueprint. Pages read the same adapters and the same
engine as the API, and nothing of the API itself. Start with ``ask`` and ``answer``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Flask

from service.adapters.v1.answer import AnswerWriter

# Each page adds its routes to the blueprint when it is imported.
from service.explorer import rules  # noqa: F401
from service.explorer.browse import lists, records, search, watch  # noqa: F401
from service.explorer.case import (  # noqa: F401
    answer,
    ask,
    evidence,
    next_tests,
    report,
    timeline,
    what_if,
    why,
)
from service.explorer.frame import EXTENSION, Explorer, blueprint
from service.explorer.pieces import Pieces
from service.explorer.teach import exercises, learn, teach  # noqa: F401
from service.knowledge.links import Links
from service.knowledge.store import KnowledgeBase


def register_explorer(app: Flask, knowledge: KnowledgeBase, today: Callable[[], dt.date]) -> None:
    """Register the pages on an application.

    Args:
        today: the clock that the day of a question defaults to.
    """
    app.register_blueprint(blueprint)
    pieces = Pieces(knowledge, app.jinja_env)
    app.extensions[EXTENSION] = Explorer(
        knowledge, today, AnswerWriter(knowledge), pieces, Links(knowledge)
    )
