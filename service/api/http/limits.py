"""How often one may call, by key and by address (flask-limiter); how often try a wrong key.

Counts stay in the memory of each process, or in one Redis for all. A Redis that is gone does not
stop the service: each process counts on its own until it is back.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from service.api.http.problems import ProblemError
from service.api.http.scopes import PROBES
from service.config import Settings
from service.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Wrong keys a minute from one address; each costs a slow hash.
WRONG_KEYS = "20/minute"
LIMIT, REMAINING, RESET = "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
HEADERS = (LIMIT, REMAINING, RESET)


class Attempts:
    """Counts wrong keys by address, in the memory of this process."""

    def __init__(self) -> None:
        """Begin with none. The library is loaded here: who has no keys does not need it."""
        from limits import parse
        from limits.storage import MemoryStorage
        from limits.strategies import FixedWindowRateLimiter

        self._limit = parse(WRONG_KEYS)
        self._window = FixedWindowRateLimiter(MemoryStorage())

    def require_few(self, address: str) -> None:
        """Go on only if the address has not tried too many wrong keys.

        Raises:
            ProblemError: ``too-many-requests``.
        """
        if not self._window.test(self._limit, address):
            g.retry_at = self._window.get_window_stats(self._limit, address).reset_time
            raise ProblemError("too-many-requests", "too many wrong keys from this address")

    def count(self, address: str) -> None:
        """Count a wrong key."""
        self._window.hit(self._limit, address)


def limit_rates(app: Flask, settings: Settings, address: Callable[[], str]) -> None:
    """Limit how often the views may be called, if the settings say so.

    Args:
        address: what tells callers without a key apart.

    Raises:
        SettingsError: a limit or the store is not one.
    """
    app.after_request(_tell)  # runs after that of the library, which is registered later
    if settings.rate_limit_key is None and settings.rate_limit_address is None:
        return
    from flask_limiter import ApplicationLimit, HeaderNames, Limiter

    def by_key() -> str:
        return getattr(g, "caller", "") or address()

    limits = [
        ApplicationLimit(_checked(name, text), key_function=function, scope=scope)
        for name, text, function, scope in (
            ("RATE_LIMIT_KEY", settings.rate_limit_key, by_key, "key"),
            ("RATE_LIMIT_ADDRESS", settings.rate_limit_address, address, "address"),
        )
        if text is not None
    ]
    try:
        limiter = Limiter(
            address,
            app=app,
            application_limits=limits,  # type: ignore[arg-type]
            storage_uri=settings.rate_limit_store,
            strategy="fixed-window",
            in_memory_fallback_enabled=True,
            key_prefix="therapy-match",
            headers_enabled=True,
            header_name_mapping={
                HeaderNames.LIMIT: LIMIT,
                HeaderNames.REMAINING: REMAINING,
                HeaderNames.RESET: RESET,
            },
        )
    except Exception as error:  # whatever a kind of store finds wrong with its address
        raise SettingsError(f"RATE_LIMIT_STORE cannot be used: {type(error).__name__}") from error
    limiter.request_filter(lambda: request.path in PROBES or request.method == "OPTIONS")


def _checked(name: str, text: str) -> str:
    from limits import parse_many

    try:
        parse_many(text)
    except ValueError as error:
        raise SettingsError(f"{name} must be such as 600/minute, not {text!r}") from error
    return text


def _tell(response: Response) -> Response:
    """Give seconds, as the header fields are meant, and ``Retry-After`` to who must wait only."""
    reset = response.headers.get(RESET)
    if reset is not None:
        response.headers[RESET] = str(max(int(reset) - int(time.time()), 0))
    if response.status_code == 429:
        wait = int(getattr(g, "retry_at", time.time()) - time.time()) + 1
        response.headers["Retry-After"] = str(max(int(response.headers.get(RESET, 0)), wait, 1))
    elif response.status_code != 503:
        response.headers.pop("Retry-After", None)
    return response
