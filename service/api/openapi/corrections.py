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
    for item in copy["paths"].values():
        for operation in (item[method] for method in _OPERATIONS if method in item):
            _name_shared_body(operation, copy["components"]["schemas"])
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


def _name_shared_body(operation: Json, schemas: Json) -> None:
    """Give a name to an object that an operation reads as JSON of two media types.

    Without one, a generator makes a type of each, both with the same name.
    """
    content = operation.get("requestBody", {}).get("content", {})
    inline = [
        media
        for kind, media in content.items()
        if kind.endswith("json") and media["schema"].get("type") == "object"
    ]
    if len(inline) > 1 and all(media["schema"] == inline[0]["schema"] for media in inline):
        name = f"{operation['operationId'][0].upper()}{operation['operationId'][1:]}Body"
        schemas[name] = inline[0]["schema"]
        for media in inline:
            media["schema"] = {"$ref": f"#/components/schemas/{name}"}


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
