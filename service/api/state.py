"""What every view needs, made once: the knowledge base, the answer writer, settings, the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from flask import current_app

from service.adapters.v1_out import AnswerWriter
from service.config import Settings
from service.errors import Fault, InputError
from service.knowledge.archive import Archive
from service.knowledge.store import KnowledgeBase


class State:
    """Shared, read-only state of an application."""

    def __init__(
        self, knowledge: KnowledgeBase, settings: Settings, today: Callable[[], dt.date]
    ) -> None:
        self.knowledge = knowledge
        self.archive = Archive(knowledge, settings.kb_archive)
        self.settings = settings
        self.today = today
        self.writer = AnswerWriter(knowledge)
        self._writers = {knowledge.version: self.writer}

    def writer_of(self, knowledge: KnowledgeBase) -> AnswerWriter:
        """Return the writer of a knowledge base, which keeps what never changes."""
        if knowledge.version not in self._writers:
            self._writers[knowledge.version] = AnswerWriter(knowledge)
        return self._writers[knowledge.version]

    def knowledge_of(self, version: str | None, pointer: str) -> KnowledgeBase:
        """Return the knowledge base of a version, the current one for ``None``.

        Raises:
            InputError: ``unknown_version``, with those there are.
        """
        found = self.archive.get(version)
        if found is None:
            message = f"there is no knowledge base {str(version)[:40]!r} here"
            fault = Fault(pointer, "unknown_version", message, self.archive.versions)
            raise InputError((fault,))
        return found


def state() -> State:
    """Return the state of the current application."""
    return cast(State, current_app.extensions["therapy_match"])
