"""``create_app``: the only place where the rooms meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service.api import register_api
from service.api.state import State
from service.config import Settings, read_settings
from service.explorer import register_explorer
from service.knowledge.store import KnowledgeBase


def create_app(
    settings: Settings | None = None,
    *,
    knowledge: KnowledgeBase | None = None,
    today: Callable[[], dt.date] | None = None,
) -> Flask:
    """Build the WSGI application.

    Args:
        settings: of the deployment; read from the environment when absent.
        knowledge: an opened knowledge base; opened from ``settings.kb_path`` when absent.
        today: the clock that ``as_of`` defaults to; UTC when absent.

    Raises:
        KnowledgeBaseError: there is no readable knowledge base at the path.
    """
    chosen = settings or read_settings()
    base = knowledge or KnowledgeBase(chosen.kb_path)
    app = Flask("service", static_folder=None)
    clock = today or _utc_today
    register_api(app, State(base, chosen, clock))
    register_explorer(app, base, clock)
    proxies = chosen.proxies_in_front
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _utc_today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
