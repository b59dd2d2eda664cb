"""The small pieces that every resource is made of, and identities computed from content.

A resource is a dict; its ``id`` is a hash of what it says, so that the same answer has the same
bytes and two resources that say the same are one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

import orjson

from service.adapters.fhir_out.codes import Code

Json = dict[str, Any]


def coding(code: Code) -> Json:
    """Return a Coding; an empty display is left out."""
    system, value, display = code
    return {"system": system, "code": value} | ({"display": display} if display else {})


def concept(*codes: Code, text: str | None = None) -> Json:
    """Return a CodeableConcept, which has codes, a text, or both."""
    content: Json = {"coding": [coding(code) for code in codes]} if codes else {}
    return content | ({"text": text} if text else {})


def component(code: Code, **value: Any) -> Json:
    """Return a component of an Observation with its value (``valueString="…"``)."""
    return {"code": concept(code), **value}


def categories(codes: Iterable[Code]) -> list[Json]:
    """Return the categories of an Observation, one concept each as the profiles slice them."""
    return [concept(code) for code in codes]


def identified(resource: Json) -> Json:
    """Return a resource with an ``id`` computed from its content.

    Source: RFC 9562, section 5.8 (UUID version 8, from a hash of our choice: SHA-256).
    """
    content = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    value = bytearray(hashlib.sha256(content).digest()[:16])
    value[6] = value[6] & 0x0F | 0x80
    value[8] = value[8] & 0x3F | 0x80
    kind, *rest = resource
    named = {kind: resource[kind], "id": str(uuid.UUID(bytes=bytes(value)))}
    return named | {key: resource[key] for key in rest}


def reference(address: str, display: str | None = None) -> Json:
    """Return a reference to a resource of the request.

    One inside another resource there (``#1``) means nothing outside of it: it is a display only.
    """
    if address.startswith("#"):
        return {"display": f"{address}; {display}" if display else address}
    return {"reference": address} | ({"display": display} if display else {})


def full_url(resource: Json) -> str:
    """Return the address of a resource inside its Bundle."""
    return f"urn:uuid:{resource['id']}"


def relative_url(resource: Json) -> str:
    """Return the address of a resource where there is no Bundle (``Parameters``)."""
    return f"{resource['resourceType']}/{resource['id']}"
