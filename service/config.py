"""Settings from the environment, read once by the outermost modules and passed in as values."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
}
#: Scheme, host and port as a browser writes them: lower case, no path, no default port.
_ORIGIN = re.compile(
    r"(?!https://.*:443$)(?!http://.*:80$)https?://"
    r"(?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?"
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


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of an environment (the process's own by default).

    Raises:
        ValueError: a size is no positive whole number, a folder does not exist, or an origin is
            none; the message names the setting.
    """
    given = os.environ if environment is None else environment

    def value(name: str) -> str:
        return given.get(name) or SETTINGS[name][0]

    def size(name: str) -> int:
        if not value(name).isdecimal() or int(value(name)) == 0:
            raise ValueError(f"{name} must be a positive whole number, not {value(name)!r}")
        return int(value(name))

    return Settings(
        kb_path=_existing(Path(value("THERAPY_MATCH_KB"))),
        kb_archive=_folder(value("THERAPY_MATCH_KB_ARCHIVE")),
        max_body_bytes=size("THERAPY_MATCH_MAX_BODY_BYTES"),
        max_batch_bytes=size("THERAPY_MATCH_MAX_BATCH_BYTES"),
        max_line_bytes=size("THERAPY_MATCH_MAX_LINE_BYTES"),
        cors_origins=_origins(value("THERAPY_MATCH_CORS_ORIGINS")),
    )


def _folder(name: str) -> Path | None:
    if not name:
        return None
    if not Path(name).is_dir():
        raise ValueError(f"THERAPY_MATCH_KB_ARCHIVE must be a folder, and {name!r} is none")
    return Path(name)


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(word.strip() for word in text.split(",") if word.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(
                "THERAPY_MATCH_CORS_ORIGINS must hold origins such as https://app.example.org, "
                f"and {origin!r} is none"
            )
    return origins


def _existing(path: Path) -> Path:
    """Return the path, or the same one below the checkout when only that exists."""
    beside = Path(__file__).parent.parent / path
    return beside if not path.exists() and beside.exists() else path
