"""Older knowledge bases kept beside the current one, asked for by their version."""

from __future__ import annotations

from pathlib import Path

from service.errors import KnowledgeBaseError
from service.knowledge.sealed import read_meta
from service.knowledge.store import KnowledgeBase


class Archive:
    """The knowledge bases of one process: the current one, and older files of a folder.

    An older file is opened when it is first asked for, and stays open.
    """

    def __init__(self, current: KnowledgeBase, folder: Path | None = None) -> None:
        self.current = current
        self._open = {current.version: current}
        self._paths: dict[str, Path] = {}
        for path in sorted(folder.glob("*.sqlite")) if folder is not None else ():
            try:
                version = read_meta(path)["version"]
            except (KnowledgeBaseError, KeyError) as error:
                raise KnowledgeBaseError(f"{path} is no knowledge base: {error}") from error
            self._paths.setdefault(version, path)

    @property
    def versions(self) -> tuple[str, ...]:
        """Return every version that can be asked for, oldest first."""
        return tuple(sorted({*self._paths, *self._open}, key=version_key))

    def get(self, version: str | None) -> KnowledgeBase | None:
        """Return a knowledge base by version (the current one for ``None``), or ``None``."""
        if version is None:
            return self.current
        if version not in self._open and version in self._paths:
            self._open[version] = KnowledgeBase(self._paths[version])
        return self._open.get(version)


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Return what orders calendar versions: ``2026.9.0`` stands before ``2026.11.0``."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.split("."))
