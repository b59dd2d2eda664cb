"""References between the resources of one document; nothing is ever fetched.

A relative reference is resolved against the base of the entry that holds it, so that
``Patient/1`` of one server is never taken for ``Patient/1`` of another.
Source: FHIR R4, Bundle, "Resolving references in Bundles".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from service.adapters.fhir_in.elements import child, text
from service.adapters.fhir_in.resources import Resource

_RESTFUL = re.compile(r"(?P<base>https?://.{1,500}/)(?P<rest>[A-Za-z]{1,60}/[A-Za-z0-9\-.]{1,64})")
_VERSION = re.compile(r"/_history/[^/]{1,64}$")


class References:
    """Finds the resource that a reference means."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_url: dict[str, Resource] = {}
        self._by_name: dict[str, list[Resource]] = {}
        self._contained: dict[tuple[str, str], Resource] = {}
        self._by_identifier: dict[str, list[Resource]] = {}
        for resource in resources:
            if resource.holder is not None:
                self._contained.setdefault((_top(resource).location, resource.id), resource)
                continue
            if resource.full_url:
                self._by_url.setdefault(resource.full_url, resource)
            if resource.id:
                self._by_name.setdefault(f"{resource.type}/{resource.id}", []).append(resource)
            for name in _identifiers(resource):
                self._by_identifier.setdefault(name, []).append(resource)

    def find(self, reference: Any, base: Resource) -> Resource | None:
        """Return the resource that a Reference element means; ``None`` when it is not here.

        Args:
            base: the resource in which the reference stands.
        """
        target = _VERSION.sub("", text(reference, "reference"))
        if not target:
            return _only(self._by_identifier.get(_identifier(reference), []))
        if target.startswith("#"):
            top = _top(base)
            return top if target == "#" else self._contained.get((top.location, target[1:]))
        found = self._by_url.get(self._absolute(target, base)) or self._by_url.get(target)
        if found is not None:
            return found
        named = _RESTFUL.fullmatch(target)
        candidates = self._by_name.get(named["rest"] if named else target, [])
        if named:  # an absolute address means that server: only an entry without one may stand in
            candidates = [item for item in candidates if not _base_of(item)]
        return _only(candidates)

    def key(self, reference: Any, base: Resource) -> str:
        """Return what tells one target from another, also of a target that is not here."""
        found = self.find(reference, base)
        if found is not None:
            return found.location
        target = _VERSION.sub("", text(reference, "reference"))
        if target.startswith("#"):
            return f"{_top(base).location}{target}"
        return self._absolute(target, base) if target else _identifier(reference)

    @staticmethod
    def _absolute(target: str, base: Resource) -> str:
        root = _base_of(_top(base))
        return f"{root}{target}" if root and ":" not in target else target


def _top(resource: Resource) -> Resource:
    while resource.holder is not None:
        resource = resource.holder
    return resource


def _base_of(resource: Resource) -> str:
    found = _RESTFUL.fullmatch(resource.full_url)
    return found["base"] if found else ""


def _only(found: list[Resource]) -> Resource | None:
    return found[0] if len(found) == 1 else None


def _identifier(reference: Any) -> str:
    given = child(reference, "identifier")
    value = text(given, "value")
    return f"{text(given, 'system')}|{value}" if value else ""


def _identifiers(resource: Resource) -> list[str]:
    if resource.type != "Patient":
        return []
    given = resource.body.get("identifier")
    items = given if isinstance(given, list) else [given]
    return [name for name in (_identifier({"identifier": item}) for item in items) if name]
