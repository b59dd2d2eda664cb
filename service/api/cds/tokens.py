"""Signed tokens of the clinical systems that may call ``/cds-services`` (JWT, verified by PyJWT).

The systems, and the keys of each, stand in one file of the deployment that is read at the start. A
key is never fetched: ``jku`` of a token must be an address that the file lists for its issuer, and
even then the key comes from the file. So no token can make this service call anybody.

Source: CDS Hooks 2.0, "Trusting CDS Clients"; RFC 7519, RFC 7517, RFC 8725 (best current practice).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import orjson

from service.api.cds.store import CdsStore
from service.api.http.problems import ProblemError
from service.errors import SettingsError

Json = dict[str, Any]
_SETTING = "THERAPY_MATCH_CDS_CLIENTS"
#: Clocks differ a little.
LEEWAY_SECONDS = 30
#: The specification recommends five minutes; used tokens are remembered until they expire.
LONGEST_SECONDS = 3600
_CLAIMS = ["iss", "aud", "exp", "iat", "jti"]
#: Algorithm -> (type of key, curve).
_KEY_TYPES = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
}


@dataclass(frozen=True, slots=True)
class CdsClient:
    """A clinical system: who it says it is, where it publishes its keys, and the keys.

    Args:
        keys: (key id, algorithm) -> public key; a key serves no other issuer.
    """

    issuer: str
    jku: frozenset[str]
    keys: Mapping[tuple[str, str], jwt.PyJWK]


class TokenVerifier:
    """Decides whether a call comes from a system that the deployment names."""

    def __init__(
        self, clients: Iterable[CdsClient], algorithms: Iterable[str], store: CdsStore
    ) -> None:
        self._clients = {client.issuer: client for client in clients}
        self._algorithms = tuple(algorithms)
        self._store = store

    def verify(self, authorization: str | None, audience: str) -> None:
        """Accept a token, once.

        Args:
            authorization: the header of the request.
            audience: the address that was called, as clients know it.

        Raises:
            ProblemError: ``unauthorized``; says what is wrong, and nothing of the token.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ProblemError("unauthorized", "a signed token is needed: Authorization: Bearer …")
        try:
            claims = self._claims(token.strip(), audience)
        except jwt.PyJWTError as error:
            raise ProblemError("unauthorized", _REASONS.get(type(error), _REFUSED)) from error
        now = int(time.time())
        if claims["exp"] > now + LONGEST_SECONDS + LEEWAY_SECONDS:
            raise ProblemError("unauthorized", "the token is valid for too long; an hour at most")
        digest = hashlib.sha256(f"{claims['iss']}\n{claims['jti']}".encode()).digest()
        last = int(claims["exp"]) + LEEWAY_SECONDS + 1
        if not claims["jti"] or not self._store.use_token(digest, expires=last, now=now):
            raise ProblemError("unauthorized", "the token was used before; jti is for one call")

    def _claims(self, token: str, audience: str) -> Json:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in self._algorithms:
            raise jwt.InvalidAlgorithmError
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        client = self._clients.get(issuer) if isinstance(issuer, str) else None
        if client is None:
            raise jwt.InvalidIssuerError
        if "jku" in header and header["jku"] not in client.jku:
            raise ProblemError("unauthorized", "jku is no address that is listed for this issuer")
        key = client.keys.get((str(header.get("kid")), header["alg"]))
        if key is None:
            raise ProblemError("unauthorized", "no key of this issuer has this kid and alg")
        claims: Json = jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            audience=audience,
            issuer=client.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": _CLAIMS, "enforce_minimum_key_length": True},
        )
        return claims


_REFUSED = "the token cannot be verified"
#: What is wrong with a token, in words that repeat nothing of it.
_REASONS: dict[type[Exception], str] = {
    jwt.InvalidAlgorithmError: "the token is signed in a way that is not taken here",
    jwt.InvalidIssuerError: "the issuer of the token is not known here",
    jwt.InvalidAudienceError: "the token is for another address: aud must be the one called",
    jwt.ExpiredSignatureError: "the token has expired",
    jwt.ImmatureSignatureError: "the token is not valid yet",
    jwt.InvalidSignatureError: "the signature of the token is wrong",
    jwt.MissingRequiredClaimError: f"the token must have {', '.join(_CLAIMS)}",
}


def read_clients(path: Path, algorithms: Iterable[str]) -> tuple[CdsClient, ...]:
    """Read the file of the clinical systems.

    Args:
        path: of ``{"clients": [{"issuer": "https://…", "jku": ["https://…"], "jwks": {…}}]}``,
            with public keys only; ``jku`` may be left out.

    Raises:
        SettingsError: the file is not of that shape, or a key cannot be used.
    """
    try:
        content = orjson.loads(path.read_bytes())
        clients = tuple(_client(entry, tuple(algorithms)) for entry in content["clients"])
    except (OSError, orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
        raise SettingsError(f"{_SETTING}: {str(path)!r} is not of the shape: {error}") from error
    except (ValueError, jwt.PyJWTError) as error:
        raise SettingsError(f"{_SETTING}: {error}") from error
    if not clients or len({client.issuer for client in clients}) < len(clients):
        raise SettingsError(f"{_SETTING}: each issuer stands there once, and at least one does")
    return clients


def _client(entry: Json, algorithms: tuple[str, ...]) -> CdsClient:
    issuer, jku = entry["issuer"], entry.get("jku", [])
    if not isinstance(issuer, str) or not issuer or not isinstance(jku, list):
        raise ValueError("issuer must be text, and jku a list")
    keys = {}
    for key in entry["jwks"]["keys"]:
        for algorithm in _algorithms_of(key, algorithms):
            keys[key["kid"], algorithm] = jwt.PyJWK(key, algorithm)
    if not keys:
        raise ValueError(f"{issuer} has no key for {', '.join(algorithms)}")
    return CdsClient(issuer, frozenset(jku), keys)


def _algorithms_of(key: Json, algorithms: tuple[str, ...]) -> Iterator[str]:
    """Yield what a key may verify: what it says, else what its type can, if that is taken."""
    if key["kty"] == "oct" or "d" in key:
        raise ValueError(f"key {key.get('kid')!r} is secret; only public keys belong in this file")
    if not isinstance(key["kid"], str):
        raise ValueError("kid must be text")
    for algorithm in algorithms:
        kty, curve = _KEY_TYPES[algorithm]
        if key.get("alg", algorithm) == algorithm and key["kty"] == kty and key.get("crv") == curve:
            yield algorithm
