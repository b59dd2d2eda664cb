"""Pieces of HTML that do not depend on the question, rendered once and kept.

An answer shows dozens of statements, each with its sources, status and level: these are static or
have few forms, so a page joins them instead of rendering them again.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup, escape

from service.engine.levels import Level
from service.engine.report import Match, Row
from service.explorer.case.needs import words_of
from service.knowledge.store import KnowledgeBase

#: (authority, status, since) of one authorisation.
_Status = tuple[str | None, str | None, dt.date | None]


class Pieces:
    """Renders the pieces of one knowledge base; read-only but for what it keeps."""

    def __init__(self, knowledge: KnowledgeBase, environment: Environment) -> None:
        self._records = knowledge.records
        self._environment = environment
        self.documents = lru_cache(maxsize=4096)(self._documents)
        self.needs = lru_cache(maxsize=1024)(self._needs)
        self._head_of = lru_cache(maxsize=4096)(self._head)
        self._status_in = lru_cache(maxsize=1024)(self._status)
        self._marks_of = lru_cache(maxsize=1024)(self._marks)

    def statements(self, row: Row, query: Markup) -> Markup:
        """Return each match of a row with its reason, its documents, and the way to its criteria.

        Args:
            query: of the question, escaped.
        """
        return Markup("".join(self._statement(found, query) for found in row.matches))

    def _statement(self, found: Match, query: Markup) -> str:
        # Joined by hand: an answer has dozens, and a template takes ten times as long for each.
        assertion = found.entry.assertion
        id_ = escape(assertion.id)
        why = escape(self.why(found))
        open_ = f" Open: {escape(', '.join(map(words_of, found.needs)))}." if found.needs else ""
        head = self._head_of(id_, assertion.statement, _status_of(found), found.level)
        return (
            f'<section class="statement" id="{id_}">{head}<p class="small">{why}{open_} '
            f'<a href="/why/{id_}?{query}">See why<span class="sr"> {id_}</span></a></p>'
            f"{self.documents(id_)}</section>"
        )

    def cell(self, found: Match, query: Markup) -> Markup:
        """Return what a regulator says: the authorisation, and the way to its criteria."""
        id_ = escape(found.entry.assertion.id)
        status = self._status_in(_status_of(found))
        return Markup(f'<div>{status} <a href="/why/{id_}?{query}">{id_}</a></div>')

    def marks(self, row: Row) -> Markup:
        """Return the level of a row, and of each authority the best authorisation here."""
        own = (found for found in row.matches if found.relation != "other")
        best: dict[str | None, _Status] = {}
        for found in own:
            if found.standing.status:
                best.setdefault(found.entry.assertion.authority, _status_of(found))
        return self._marks_of(row.lead.level, tuple(best.values()))

    def why(self, found: Match) -> str:
        """Return the reason of a match without what is missing, which a page shows as links."""
        return f"{found.why.removesuffix(_missing(found.needs)).removesuffix('.')}."

    def documents_of(self, assertion: str) -> dict[str, Any]:
        """Return sources, studies and diagnostics of an assertion, and the day of its review."""
        record, known = self._records["assertions"][assertion], self._records
        return {
            "sources": [{**known["sources"][item["id"]], **item} for item in record["sources"]],
            "studies": [known["studies"][item["study"]] for item in record["evidence"]],
            "diagnostics": [known["diagnostics"][id_] for id_ in record["companion_diagnostics"]],
            "reviewed_on": record["reviewed_on"],
        }

    def _documents(self, assertion: str) -> Markup:
        template = self._environment.get_template("documents.html")
        return Markup(template.render(self.documents_of(assertion)))

    def _head(self, id_: str, statement: str, status: _Status, level: Level) -> Markup:
        return self._part("statement_head", id_, statement, status, level)

    def _marks(self, level: Level, statuses: tuple[_Status, ...]) -> Markup:
        return self._part("marks", level, statuses)

    def _status(self, status: _Status) -> Markup:
        return self._part("status", *status)

    def _needs(self, names: tuple[str, ...]) -> Markup:
        return self._part("needs", names, words_of)

    def _part(self, macro: str, *values: object) -> Markup:
        module = self._environment.get_template("parts.html").module
        return cast(Markup, getattr(module, macro)(*values))


@lru_cache(maxsize=1024)
def _missing(needs: tuple[str, ...]) -> str:
    return f"; not reported: {', '.join(needs)}."


def _status_of(found: Match) -> _Status:
    return (found.entry.assertion.authority, found.standing.status, found.standing.since)
