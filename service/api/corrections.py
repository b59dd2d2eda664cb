"""What the generator of the OpenAPI document writes, made fit for generators of clients.

Two of these read the document in the tests; whatever one of them cannot use is corrected here.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Json = dict[str, Any]
#: Schemas that the generator adds and nothing here uses.
_UNUSED = ("PaginationMetadata",)
_OPERATIONS = ("get", "post")


def corrected(document: Json) -> Json:
    """Return a corrected copy of a document."""
    copy = deepcopy(document)
    for name in _UNUSED:
        copy["components"]["schemas"].pop(name, None)
    for item in copy["paths"].values():
        _drop_repeated_parameters(item)
    _open_bare_objects(copy)
    return copy


def _drop_repeated_parameters(item: Json) -> None:
    """Drop the parameters of a path that each of its operations describes itself."""
    described = [
        {parameter["name"] for parameter in item[method].get("parameters", ())}
        for method in _OPERATIONS
        if method in item
    ]
    rest = [p for p in item.pop("parameters", ()) if not all(p["name"] in d for d in described)]
    if rest:
        item["parameters"] = rest


def _open_bare_objects(part: Any) -> None:
    """Say that an object of no stated shape may hold anything; some generators read "nothing"."""
    if isinstance(part, list):
        for item in part:
            _open_bare_objects(item)
    elif isinstance(part, dict):
        if part.get("type") == "object" and not {"properties", "additionalProperties"} & set(part):
            part["additionalProperties"] = True
        for name, item in part.items():
            if name != "example":
                _open_bare_objects(item)
