"""Keys of callers: a file of hashes and scopes, read again when it changes.

A key is ``tm_<id>_<secret>``: the id finds its line at once, scrypt (of werkzeug) checks the whole.
What was checked before is known again by a keyed digest, so only the first call costs a hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
from werkzeug.security import check_password_hash, generate_password_hash

from service.errors import SettingsError

LOG = logging.getLogger("therapy_match")
#: What a key may be good for: the knowledge, cases, feedback on cards, metrics.
SCOPES = ("read", "match", "feedback", "admin")
HASHING = "scrypt:16384:8:1"
ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_HASH = re.compile(r"scrypt:\d{1,7}:\d{1,2}:\d{1,2}\$[A-Za-z0-9]{8,}\$[0-9a-f]{128}")
_FIELDS = {"id", "scopes", "hash", "expires_on"}


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the file.

    Args:
        expires_on: the first day on which it is taken no more.
    """

    id: str
    scopes: frozenset[str]
    hash: str
    expires_on: dt.date | None = None


def make_key(identifier: str) -> tuple[str, str]:
    """Return a new key, and the hash that the file holds of it."""
    key = f"tm_{identifier}_{secrets.token_urlsafe(32)}"
    return key, generate_password_hash(key, HASHING)


def read_keys(path: Path) -> dict[str, Key]:
    """Read a file of keys: ``{"keys": [{"id", "scopes", "hash", "expires_on"?}]}``.

    Raises:
        SettingsError: it is not of that shape; names the place, and nothing of a hash.
    """
    try:
        entries = orjson.loads(path.read_bytes())["keys"]
        keys = [_key(entry) for entry in entries]
    except OSError as error:
        raise SettingsError(f"API_KEYS_FILE cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SettingsError('API_KEYS_FILE must hold {"keys": […]}') from error
    except ValueError as error:
        raise SettingsError(f"API_KEYS_FILE: {error}") from error
    if len({key.id for key in keys}) < len(keys):
        raise SettingsError("API_KEYS_FILE: an id stands there twice")
    return {key.id: key for key in keys}


def _key(entry: Mapping[str, Any]) -> Key:
    identifier, scopes, hashed = (entry.get(name) for name in ("id", "scopes", "hash"))
    if not isinstance(identifier, str) or not ID.fullmatch(identifier):
        raise ValueError("an id is of small letters, digits and hyphens, 40 at most")
    if set(entry) - _FIELDS:
        raise ValueError(f"{identifier}: a key has {', '.join(sorted(_FIELDS))} and nothing else")
    if not isinstance(scopes, list) or not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError(f"{identifier}: scopes are some of {', '.join(SCOPES)}")
    if not isinstance(hashed, str) or not _HASH.fullmatch(hashed):
        raise ValueError(f"{identifier}: the hash is none of therapy-match keys add")
    day = entry.get("expires_on")
    try:
        expires_on = None if day is None else dt.date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{identifier}: expires_on is a day such as 2027-01-31") from error
    return Key(identifier, frozenset(scopes), hashed, expires_on)


class KeyRing:
    """The keys of a file as it is now; one that cannot be read changes nothing, and is logged."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            SettingsError: it is not of its shape, or holds no key.
        """
        self._path = path
        self._lock = Lock()
        self._seen = self._stamp()
        self._keys = read_keys(path)
        if not self._keys:
            raise SettingsError("API_KEYS_FILE holds no key; add one: therapy-match keys add ID")
        self._checked: dict[bytes, Key] = {}
        self._pepper = secrets.token_bytes(32)
        self._nobody = generate_password_hash(secrets.token_urlsafe(), HASHING)

    def known(self, text: str) -> Key | None:
        """Return the key of a text that was checked before; costs next to nothing."""
        self._refresh()
        return self._checked.get(self._digest(text))

    def check(self, text: str) -> Key | None:
        """Return the key that a text is, if it is one; takes as long when there is no such id."""
        self._refresh()
        keys, checked = self._keys, self._checked
        key = keys.get(text[3:].partition("_")[0]) if text.startswith("tm_") else None
        is_right = check_password_hash(key.hash if key else self._nobody, text[:200])
        if key is None or not is_right:
            return None
        checked[self._digest(text)] = key  # of the same reading of the file
        return key

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self._pepper).digest()

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _refresh(self) -> None:
        if self._stamp() == self._seen:
            return
        with self._lock:
            stamp = self._stamp()
            if stamp == self._seen:
                return
            self._seen = stamp
            try:
                self._keys, self._checked = read_keys(self._path), {}
            except SettingsError as error:
                LOG.error("goes on with the keys it has: %s", error)
