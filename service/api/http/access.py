"""Who may call: the name by which the service was called, the key, its scope.

Without a file of keys everybody may who reaches the port, which is the machine itself unless the
deployment says otherwise (``gunicorn.conf.py``). CDS Hooks clients that sign tokens need no key.
"""

from __future__ import annotations

import ipaddress

from flask import Flask, g, request
from werkzeug.sansio.utils import host_is_trusted

from service.api.http.keys import Key, KeyRing
from service.api.http.limits import Attempts
from service.api.http.problems import ProblemError
from service.api.http.scopes import PROBES, is_about_a_case, scope_of_request
from service.api.state import State

HEADER = "X-API-Key"
_ANONYMOUS_SCOPES = frozenset({"read", "match"})
_CDS = "/cds-services"


def control_access(app: Flask, shared: State) -> None:
    """Put what the settings ask for before every view.

    Raises:
        SettingsError: the file of keys cannot be used.
    """
    settings = shared.settings
    if settings.allowed_hosts:
        app.before_request(lambda: _require_host(settings.allowed_hosts))
    if settings.api_keys_file is not None:
        ring, attempts = KeyRing(settings.api_keys_file), Attempts()
        app.before_request(lambda: _require_key(shared, ring, attempts))
    if settings.strict_privacy:
        app.before_request(_forget_what_was_kept)
    if not settings.get_match:
        app.before_request(_require_no_case_in_the_address)


def caller_address() -> str:
    """Return the address that called; of IPv6 the network of 64 bits that one caller has."""
    text = request.remote_addr or "unknown"
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text  # a Unix socket has none
    if address.version == 4:
        return text
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def _require_host(allowed: tuple[str, ...]) -> None:
    if request.path not in PROBES and not host_is_trusted(request.host, allowed):
        raise ProblemError("misdirected", "this host name is not served here")


def _require_key(shared: State, ring: KeyRing, attempts: Attempts) -> None:
    if request.path in PROBES or request.method == "OPTIONS":  # a browser asks without one
        return
    if shared.settings.cds_clients is not None and request.path.startswith(_CDS):
        return  # its own tokens are asked for there
    text = _given()
    if text is None:
        if not shared.settings.allow_anonymous:
            raise ProblemError("unauthorized", f"a key is needed: {HEADER}: tm_…")
        scopes, who = _ANONYMOUS_SCOPES, ""
    else:
        key = _checked(ring, text, attempts)
        if key.expires_on is not None and shared.today() >= key.expires_on:
            raise ProblemError("unauthorized", "this key has expired")
        scopes, who = key.scopes, key.id
    needed = scope_of_request()
    if needed not in scopes:
        raise ProblemError("forbidden", f"this needs a key with the scope {needed}")
    g.caller = who


def _given() -> str | None:
    """Return the key of the request: its own header, a bearer token, or a browser's password."""
    text = request.headers.get(HEADER)
    if text is not None:
        return text
    given = request.authorization
    return (given.token or given.password) if given is not None else None


def _checked(ring: KeyRing, text: str, attempts: Attempts) -> Key:
    known = ring.known(text)
    if known is not None:
        return known
    address = caller_address()
    attempts.require_few(address)
    key = ring.check(text)
    if key is None:
        attempts.count(address)
        raise ProblemError("unauthorized", "this is no key that is known here")
    return key


def _forget_what_was_kept() -> None:
    """Answer a case anew to who holds an answer already: none has an ETag."""
    if is_about_a_case():
        request.environ.pop("HTTP_IF_NONE_MATCH", None)


def _require_no_case_in_the_address() -> None:
    if request.method in ("GET", "HEAD") and request.query_string and is_about_a_case():
        raise ProblemError("method-not-allowed", "a case in an address is not taken here; POST it")
