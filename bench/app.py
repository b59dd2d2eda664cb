"""The app as it is served, with one view more that does nothing: the measure of all others."""

from __future__ import annotations

from flask import Response

from service.app import create_app

app = create_app()


@app.route("/empty", methods=["GET", "POST"])
def empty() -> Response:
    """Answer nothing."""
    return Response(b"", mimetype="application/json")
