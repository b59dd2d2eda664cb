"""What every view needs, made once: the knowledge base, the answer writer, settings, the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from flask import current_app

from service.adapters.v1_out import AnswerWriter
from service.config import Settings
from service.knowledge.store import KnowledgeBase


class State:
    """Shared, read-only state of an application."""

    def __init__(
        self, knowledge: KnowledgeBase, settings: Settings, today: Callable[[], dt.date]
    ) -> None:
        self.knowledge = knowledge
        self.settings = settings
        self.today = today
        self.writer = AnswerWriter(knowledge)


def state() -> State:
    """Return the state of the current application."""
    return cast(State, current_app.extensions["therapy_match"])
