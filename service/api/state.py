"""What every view needs, made once: the knowledge base, the answer writer, settings, the clock."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from flask import current_app

from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import ReadCase
from service.config import Settings
from service.engine.match import match
from service.engine.model import Case
from service.engine.report import Explain, Report
from service.errors import Fault, InputError
from service.knowledge.archive import Archive
from service.knowledge.store import KnowledgeBase

#: Answers that are kept for the next one who asks the same; a broad one has about 100 kB.
MAX_KEPT = 96


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as JSON, and the seconds that it took to match and to write."""

    content: bytes
    report: Report
    match_seconds: float
    write_seconds: float


class State:
    """Shared state of an application: read-only, but for caches of what never changes."""

    def __init__(
        self, knowledge: KnowledgeBase, settings: Settings, today: Callable[[], dt.date]
    ) -> None:
        self.knowledge = knowledge
        self.archive = Archive(knowledge, settings.kb_archive)
        self.settings = settings
        self.today = today
        self.writer = AnswerWriter(knowledge)
        self._writers = {knowledge.version: self.writer}
        self._kept = lru_cache(MAX_KEPT)(self._answer)

    def answer(self, knowledge: KnowledgeBase, read: ReadCase, explain: Explain) -> Answer:
        """Answer a case; what the same question gave before is taken from memory.

        A full report is large and seldom asked for twice, so it is made anew.
        """
        started = time.perf_counter()
        if explain == "full":
            report, written = match(knowledge.rulebook, read.case, explain=explain), None
        else:
            report, written = self._kept(knowledge, read.case, explain)
        matched = time.perf_counter()
        content = self.writer_of(knowledge).to_bytes(
            read, report, echo=explain == "full", written=written
        )
        return Answer(content, report, matched - started, time.perf_counter() - matched)

    def _answer(
        self, knowledge: KnowledgeBase, case: Case, explain: Explain
    ) -> tuple[Report, dict[str, Any]]:
        report = match(knowledge.rulebook, case, explain=explain)
        return report, self.writer_of(knowledge).write_sections(report)

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
