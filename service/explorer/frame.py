"""What every page has: the blueprint, the shared state, navigation, headers and error pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template, request

from service.adapters.v1.answer import AnswerWriter
from service.errors import NotFoundError
from service.explorer.pieces import Pieces
from service.knowledge.links import Links
from service.knowledge.store import KnowledgeBase

EXTENSION = "therapy_match_explorer"
#: Nothing from elsewhere, nothing inline; scripts, styles and calls to this origin only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: (endpoint, path, label) of the navigation; a page that is not registered is not shown.
NAVIGATION = (
    ("explorer.ask", "/", "Ask"),
    ("explorer.read_form", "/read", "Read"),
    ("explorer.learn", "/learn", "Learn"),
    ("explorer.browse", "/browse", "Browse"),
    ("explorer.rules", "/rules", "Rules"),
    ("reference.docs", "/docs", "API"),
)
#: The same for the pages about one case; each takes the question in its address.
CASE_PAGES = (
    ("explorer.answer", "/answer", "Answer"),
    ("explorer.what_if", "/what-if", "What if"),
    ("explorer.timeline", "/timeline", "Time"),
    ("explorer.test_plan", "/test-plan", "Test plan"),
)

blueprint = Blueprint(
    "explorer",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the pages share, read-only.

    Args:
        today: the clock that the day of a question defaults to.
        links: which record speaks of which.
    """

    knowledge: KnowledgeBase
    today: Callable[[], dt.date]
    writer: AnswerWriter
    pieces: Pieces
    links: Links


def explorer() -> Explorer:
    """Return the state of the pages of the current application."""
    return cast(Explorer, current_app.extensions[EXTENSION])


def page(template: str, *, status: int = 200, here: str = "", **values: Any) -> Response:
    """Render a page.

    Args:
        here: endpoint that the navigation marks as the current one, without ``explorer.``.
    """
    shared = explorer()
    text = render_template(
        template,
        navigation=_registered(NAVIGATION),
        case_pages=_registered(CASE_PAGES),
        here=f"explorer.{here}",
        knowledge_base=shared.knowledge,
        today=shared.today(),
        **values,
    )
    return Response(text, status, mimetype="text/html")


def _registered(pages: tuple[tuple[str, str, str], ...]) -> list[tuple[str, str, str]]:
    return [item for item in pages if item[0] in current_app.view_functions]


@blueprint.after_request
def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    if request.method == "POST":  # what was sent is kept nowhere
        response.headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html" and response.status_code == 200:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.errorhandler(NotFoundError)
def _not_found(error: NotFoundError) -> Response:
    return page("not_found.html", status=404, title="Not found", message=str(error))
