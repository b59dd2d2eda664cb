"""``/``: the form in which a case is asked."""

from __future__ import annotations

from flask import Response

from service.explorer.frame import blueprint, page


@blueprint.get("/")
def ask() -> Response:
    """Show the form."""
    return page("ask.html", here="ask", title="Ask")
