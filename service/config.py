"""Settings from the environment, read once by the outermost modules and passed in as values."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.errors import SettingsError

#: Setting -> (default, what it does). Shown in the README; a test compares.
SETTINGS = {
    "THERAPY_MATCH_KB": ("build/kb.sqlite", "path of the compiled knowledge base"),
    "THERAPY_MATCH_KB_ARCHIVE": ("", "folder of older compiled files, asked for by version"),
    "THERAPY_MATCH_MAX_BODY_BYTES": ("1048576", "largest JSON body of one request"),
    "THERAPY_MATCH_MAX_BATCH_BYTES": ("16777216", "largest JSON body of a batch"),
    "THERAPY_MATCH_MAX_LINE_BYTES": ("1048576", "largest line of an NDJSON stream"),
    "THERAPY_MATCH_CORS_ORIGINS": (
        "",
        "origins whose pages may call the API from a browser, with commas between",
    ),
    "THERAPY_MATCH_PUBLIC_URL": (
        "",
        "address at which clients reach the service: links in cards, audience of tokens",
    ),
    "THERAPY_MATCH_CDS_CLIENTS": (
        "",
        "JSON file of the clinical systems whose signed tokens `/cds-services` asks for",
    ),
    "THERAPY_MATCH_CDS_ALGORITHMS": (
        "ES384,RS384",
        "signatures of tokens that are taken, with commas between",
    ),
    "THERAPY_MATCH_CDS_STORE": (
        "",
        "SQLite file for counts of feedback on cards, and for tokens that were used",
    ),
    "API_KEYS_FILE": ("", "JSON file of the keys of callers, hashed; each call then needs one"),
    "ALLOW_ANONYMOUS": (
        "0",
        "`1`: others may reach it without keys; with keys, who has none may read and match",
    ),
    "ALLOWED_HOSTS": (
        "",
        "host names it answers to, with commas between; `.example.org` is all below it",
    ),
    "RATE_LIMIT_KEY": ("", "calls of one key, or of one address without one: `600/minute`"),
    "RATE_LIMIT_ADDRESS": ("", "calls of one address: `1200/minute`"),
    "RATE_LIMIT_STORE": (
        "memory://",
        "where calls are counted: each process by itself, or `redis://host:6379/0` for all",
    ),
    "PROXIES_IN_FRONT": (
        "0",
        "proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed",
    ),
    "PRIVACY": (
        "standard",
        "`strict`: no browser may keep an answer to a case",
    ),
    "GET_MATCH": ("1", "`0`: no case in an address; cases are posted, and pages of cases are off"),
    "METRICS": ("1", "`0`: nothing is counted, and there is no `/metrics`"),
    "ACCESS_LOG": ("0", "`1`: one JSON object a request on standard output; nothing of a case"),
}
#: Asymmetric ones only: with a shared secret, whoever verifies could also sign.
ALGORITHMS = ("ES256", "ES384", "RS256", "RS384")
#: Scheme, host and port as a browser writes them: lower case, no path, no default port.
_ORIGIN = re.compile(
    r"(?!https://.*:443$)(?!http://.*:80$)https?://"
    r"(?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?"
)
#: A host name or address without its port; a dot before it stands for all names below.
_HOST = re.compile(r"\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")
#: An address with or without a path, and without a slash at its end.
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment may set; sizes are in bytes."""

    kb_path: Path
    kb_archive: Path | None = None
    max_body_bytes: int = 1_048_576
    max_batch_bytes: int = 16_777_216
    max_line_bytes: int = 1_048_576
    cors_origins: tuple[str, ...] = ()
    public_url: str | None = None
    cds_clients: Path | None = None
    cds_algorithms: tuple[str, ...] = ("ES384", "RS384")
    cds_store: Path | None = None
    api_keys_file: Path | None = None
    allow_anonymous: bool = False
    allowed_hosts: tuple[str, ...] = ()
    rate_limit_key: str | None = None
    rate_limit_address: str | None = None
    rate_limit_store: str = "memory://"
    proxies_in_front: int = 0
    strict_privacy: bool = False
    get_match: bool = True
    access_log: bool = False
    metrics: bool = True


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of an environment (the process's own by default).

    Raises:
        SettingsError: a value is not what it must be; the message names the setting.
    """
    given = os.environ if environment is None else environment

    def value(name: str) -> str:
        return given.get(name) or SETTINGS[name][0]

    def size(name: str) -> int:
        if not value(name).isdecimal() or int(value(name)) == 0:
            raise SettingsError(f"{name} must be a positive whole number, not {value(name)!r}")
        return int(value(name))

    def switch(name: str) -> bool:
        if value(name) not in ("0", "1"):
            raise SettingsError(f"{name} must be 0 or 1, not {value(name)!r}")
        return value(name) == "1"

    return Settings(
        kb_path=_existing(Path(value("THERAPY_MATCH_KB"))),
        kb_archive=_folder(value("THERAPY_MATCH_KB_ARCHIVE")),
        max_body_bytes=size("THERAPY_MATCH_MAX_BODY_BYTES"),
        max_batch_bytes=size("THERAPY_MATCH_MAX_BATCH_BYTES"),
        max_line_bytes=size("THERAPY_MATCH_MAX_LINE_BYTES"),
        cors_origins=_origins(value("THERAPY_MATCH_CORS_ORIGINS")),
        public_url=_address(value("THERAPY_MATCH_PUBLIC_URL")),
        cds_clients=_file("THERAPY_MATCH_CDS_CLIENTS", value("THERAPY_MATCH_CDS_CLIENTS")),
        cds_algorithms=_algorithms(value("THERAPY_MATCH_CDS_ALGORITHMS")),
        cds_store=_path(value("THERAPY_MATCH_CDS_STORE")),
        api_keys_file=_file("API_KEYS_FILE", value("API_KEYS_FILE")),
        allow_anonymous=switch("ALLOW_ANONYMOUS"),
        allowed_hosts=_hosts(value("ALLOWED_HOSTS")),
        rate_limit_key=value("RATE_LIMIT_KEY") or None,
        rate_limit_address=value("RATE_LIMIT_ADDRESS") or None,
        rate_limit_store=value("RATE_LIMIT_STORE"),
        proxies_in_front=_proxies(value("PROXIES_IN_FRONT")),
        strict_privacy=_is_strict(value("PRIVACY")),
        get_match=switch("GET_MATCH"),
        access_log=switch("ACCESS_LOG"),
        metrics=switch("METRICS"),
    )


def _folder(name: str) -> Path | None:
    if not name:
        return None
    if not Path(name).is_dir():
        raise SettingsError(f"THERAPY_MATCH_KB_ARCHIVE must be a folder, and {name!r} is none")
    return Path(name)


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(word.strip() for word in text.split(",") if word.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                "THERAPY_MATCH_CORS_ORIGINS must hold origins such as https://app.example.org, "
                f"and {origin!r} is none"
            )
    return origins


def _address(text: str) -> str | None:
    if text and not _ADDRESS.fullmatch(text):
        raise SettingsError(
            "THERAPY_MATCH_PUBLIC_URL must be an address such as https://cds.example.org or "
            f"https://example.org/therapy-match, without a slash at its end, and {text!r} is none"
        )
    return text or None


def _file(setting: str, name: str) -> Path | None:
    if name and not Path(name).is_file():
        raise SettingsError(f"{setting} must be a file, and {name!r} is none")
    return Path(name) if name else None


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(word.strip() for word in text.split(",") if word.strip())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"ALLOWED_HOSTS must hold names such as match.example.org, and {host!r} is none"
            )
    return hosts


def _is_strict(text: str) -> bool:
    if text not in ("standard", "strict"):
        raise SettingsError(f"PRIVACY must be standard or strict, not {text!r}")
    return text == "strict"


def _proxies(text: str) -> int:
    if not re.fullmatch(r"[0-9]", text):
        raise SettingsError(f"PROXIES_IN_FRONT must be a number from 0 to 9, not {text!r}")
    return int(text)


def _path(name: str) -> Path | None:
    return Path(name) if name else None


def _algorithms(text: str) -> tuple[str, ...]:
    names = tuple(word.strip() for word in text.split(",") if word.strip())
    if not names or not set(names) <= set(ALGORITHMS):
        raise SettingsError(
            f"THERAPY_MATCH_CDS_ALGORITHMS must hold some of {', '.join(ALGORITHMS)}, not {text!r}"
        )
    return names


def _existing(path: Path) -> Path:
    """Return the path, or the same one below the checkout when only that exists."""
    beside = Path(__file__).parent.parent / path
    return beside if not path.exists() and beside.exists() else path
