"""The reference of the API as a page of Markdown, made from the OpenAPI document.

One heading an operation and one a schema; every type links to the schema that it names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_LIMITS = {
    "minLength": "at least {} characters", "maxLength": "at most {} characters",
    "minimum": "at least {}", "maximum": "at most {}", "maxItems": "at most {} items",
    "default": "`{}` when left out",
}  # fmt: skip


def to_markdown(document: Json) -> str:
    """Return the page of an OpenAPI document."""
    return "\n".join(_page(document)) + "\n"


def _page(document: Json) -> Iterator[str]:
    info = document["info"]
    yield from (
        "# API reference",
        "",
        f"{info['title']} {info['version']}. {info['description']}",
        "",
    )
    yield "Every operation and every field, made from [the OpenAPI document](openapi.yaml). "
    yield "[The API in words](api.md) is the shorter read; [errors](errors.md) has every code."
    for tag in document["tags"]:
        operations = [
            (method, path, {**item, "parameters": _parameters(methods, item)})
            for path, methods in document["paths"].items()
            for method, item in methods.items()
            if method != "parameters" and tag["name"] in item["tags"]
        ]
        if operations:
            yield from ("", f"## {tag['name'].replace('_', ' ').capitalize()}")
            yield from ("", tag.get("description", ""))
        for method, path, item in operations:
            yield from _operation(method, path, item, document["components"])
    yield from ("", "## Schemas")
    for name, schema in document["components"]["schemas"].items():
        yield from _schema(name, schema)


def _parameters(methods: Json, item: Json) -> list[Json]:
    """Return the parameters of an operation, those of its path first; its own word counts."""
    both = [*methods.get("parameters", ()), *item.get("parameters", ())]
    return list({(parameter["in"], parameter["name"]): parameter for parameter in both}.values())


def _operation(method: str, path: str, item: Json, components: Json) -> Iterator[str]:
    yield from ("", f"### {method.upper()} {path} {{ #{item['operationId']} }}", "")
    yield item["summary"]
    if item.get("parameters"):
        yield from ("", "| parameter | in | type | meaning |", "|---|---|---|---|")
    for parameter in item.get("parameters", ()):
        must = ", required" if parameter.get("required") else ""
        kind = _type(parameter["schema"])
        yield (
            f"| `{parameter['name']}` | {parameter['in']}{must} | {kind} "
            f"| {_cell(parameter.get('description', ''))} |"
        )
    for media, content in item.get("requestBody", {}).get("content", {}).items():
        yield from ("", f"**Request** `{media}`: {_type(content['schema'])}")
        yield from _example("Example of the request", content.get("example"))
    yield from _answers(item["responses"], components["responses"])


def _answers(answers: Json, shared: Json) -> Iterator[str]:
    """Yield the answer with its examples, then a table of whatever else may come."""
    for media, content in answers.get("200", {}).get("content", {}).items():
        yield from ("", f"**Answer** `{media}`: {_type(content['schema'])}")
        yield from _example("Example of the answer", content.get("example"))
    yield from ("", "| otherwise | when | as |", "|---|---|---|")
    for status, answer in answers.items():
        if status != "200":
            named = answer.get("$ref", "").rpartition("/")[2]
            said = shared[named] if named else answer
            kinds = said.get("content", {}).items()
            shapes = [f"`{media}`: {_type(content['schema'])}" for media, content in kinds]
            yield f"| {status} | {_cell(said['description'])} | {', '.join(shapes)} |"


def _example(title: str, example: Any) -> Iterator[str]:
    if example is None:
        return
    is_text = isinstance(example, str)
    text = example if is_text else json.dumps(example, indent=2, ensure_ascii=False)
    yield from ("", f'<details markdown="1"><summary>{title}</summary>', "")
    yield from (f"```{'text' if is_text else 'json'}", text.rstrip(), "```", "", "</details>")


def _schema(name: str, schema: Json) -> Iterator[str]:
    yield from ("", f"### {name} {{ #{_anchor(name)} }}", "")
    if schema.get("description"):
        yield from (schema["description"], "")
    required = schema.get("required", ())
    if not schema.get("properties"):
        yield _type(schema)
        return
    yield from ("| field | type | | meaning |", "|---|---|---|---|")
    for field, inner in schema["properties"].items():
        must = "required" if field in required else ""
        notes = [inner["description"]] if inner.get("description") else []
        notes += [text.format(inner[key]) for key, text in _LIMITS.items() if _says(inner, key)]
        yield f"| `{field}` | {_type(inner)} | {must} | {_cell('; '.join(notes))} |"


def _says(schema: Json, key: str) -> bool:
    return schema.get(key) is not None


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(_type(part) for part in schema[choice]))
    if "enum" in schema:
        return " or ".join("null" if word is None else f"`{word}`" for word in schema["enum"])
    kinds = schema.get("type", "anything")
    names = kinds if isinstance(kinds, list) else [kinds]
    return " or ".join(_named(kind, schema) for kind in names)


def _named(kind: str, schema: Json) -> str:
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    if kind == "object" and schema.get("properties"):
        return "object with " + ", ".join(f"`{name}`" for name in schema["properties"])
    return schema.get("format", kind) if kind == "string" else kind


def _anchor(name: str) -> str:
    return f"schema-{name.lower()}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
