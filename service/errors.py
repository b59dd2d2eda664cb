"""The named errors of the whole house; the innermost room, imports nothing.

Every error that a caller can cause carries a ``Fault`` per mistake, so that all mistakes of a
request or of the seed data are reported at once. Status codes live in
``service/api/http/problems.py``.
"""

from __future__ import annotations

from dataclasses import dataclass


def escaped(step: str) -> str:
    """Return one step of a JSON pointer (RFC 6901): a slash in a name is no border."""
    return step.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake, with an address that the reader can open.

    Args:
        pointer: JSON pointer into the request (``/biomarkers/1``), or an address in the seed data.
        code: stable machine word (``unknown_gene``), documented in ``docs/errors.md``.
        message: one plain sentence.
        suggestions: near known values, best first; may be empty.
    """

    pointer: str
    code: str
    message: str
    suggestions: tuple[str, ...] = ()


class ServiceError(Exception):
    """Base of every error that this project raises on purpose."""


class InputError(ServiceError):
    """A request that cannot be understood; holds every fault of it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.message}" for fault in faults))
        self.faults = faults


class SeedDataError(ServiceError):
    """Seed data that breaks a rule; holds every fault, each with file and line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{f.pointer}: {f.message} [{f.code}]" for f in faults))
        self.faults = faults


class KnowledgeBaseError(ServiceError):
    """The compiled knowledge base is missing, unreadable or of another format."""


class NotFoundError(ServiceError):
    """A record that was asked for by its identifier does not exist."""


class SettingsError(ServiceError, ValueError):
    """A setting of the deployment has a value that cannot be used; the message names it."""
