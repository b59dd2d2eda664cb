"""Criteria as written in YAML to the engine's trees, split into their three parts.

The root is ``all``; each child speaks of one kind only (tumour, biomarker or clinical), so that
"which part failed" always has an answer. Faults carry the path: ``criteria.all[1].any[0]``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.engine.assertion import Branch, Criteria, Leaf
from service.engine.patient_facts import PATIENT_FACTS

OPERATORS = ("all", "any", "none")
_WORDS = {fact.name: fact.words for fact in PATIENT_FACTS if fact.kind == "word"}
_RANGES = tuple(fact.name for fact in PATIENT_FACTS if fact.kind != "word")

#: Called with (path inside the record, code, message) for each fault.
Report = Callable[[tuple[str | int, ...], str, str], None]
_Path = tuple[str | int, ...]


def parse_criteria(data: dict[str, Any], report: Report) -> Criteria:
    """Return the three parts of the criteria of one assertion; faults are reported, not raised."""
    parts: dict[str, list[Branch | Leaf]] = {"tumor": [], "biomarker": [], "clinical": []}
    root: _Path = ("criteria",)
    if list(data) != ["all"] or not isinstance(data.get("all"), list):
        report(root, "bad_criteria", "the root of the criteria is one list called all")
        return _criteria(parts)
    for index, child in enumerate(data["all"]):
        path = (*root, "all", index)
        node = _parse(child, path, report)
        if node is None:
            continue
        kinds = set(_kinds(node))
        if len(kinds) != 1:
            found = ", ".join(sorted(kinds)) or "nothing"
            report(path, "mixed_branch", f"a branch speaks of one kind only, here: {found}")
            continue
        parts[kinds.pop()].append(node)
    if not parts["tumor"]:
        report(root, "no_tumor_type", "the criteria name no tumour type")
    if not parts["biomarker"]:
        report(root, "no_biomarker", "the criteria name no biomarker")
    return _criteria(parts)


def kind_of(leaf: Leaf) -> str:
    """Return the part that a leaf belongs to."""
    return {"tumor_type": "tumor", "biomarker": "biomarker"}.get(leaf.type, "clinical")


def _criteria(parts: dict[str, list[Branch | Leaf]]) -> Criteria:
    return Criteria(*(Branch("all", tuple(parts[k])) for k in ("tumor", "biomarker", "clinical")))


def _kinds(node: Branch | Leaf) -> list[str]:
    if isinstance(node, Leaf):
        return [kind_of(node)]
    return [kind for child in node.children for kind in _kinds(child)]


def _parse(data: Any, path: _Path, report: Report) -> Branch | Leaf | None:
    if not isinstance(data, dict) or not data:
        report(path, "bad_criteria", "a criterion is a mapping")
        return None
    key = next(iter(data))
    extra = set(data) - {key, "opens"}
    if extra or (key in OPERATORS and len(data) > 1):
        report(
            path, "bad_criteria", f"unexpected {', '.join(sorted(map(str, extra or {'opens'})))}"
        )
        return None
    if key in OPERATORS:
        return _parse_branch(key, data[key], path, report)
    value = _leaf_value(key, data[key])
    if value is None:
        report(path, "bad_criteria", f"{key}: {data[key]!r} is not understood")
        return None
    if "opens" in data and (key != "biomarker" or data["opens"] not in ("true", "false")):
        report(path, "bad_criteria", "opens is true or false, and only for a biomarker")
        return None
    return Leaf(key, value, opens=data.get("opens") != "false")


def _parse_branch(operator: str, items: Any, path: _Path, report: Report) -> Branch | None:
    if not isinstance(items, list) or not items:
        report(path, "bad_criteria", f"{operator} is a list that is not empty")
        return None
    children = [_parse(item, (*path, operator, i), report) for i, item in enumerate(items)]
    kept = tuple(child for child in children if child is not None)
    return Branch(operator, kept)  # type: ignore[arg-type]


def _leaf_value(key: str, raw: Any) -> Any:
    """Return the value of a leaf, ``None`` when it is not of the right form."""
    if key in ("tumor_type", "biomarker", "prior_therapy", "condition"):
        return raw if isinstance(raw, str) and raw else None
    if key in _WORDS:
        words = raw if isinstance(raw, list) else [raw]
        return tuple(words) if words and all(word in _WORDS[key] for word in words) else None
    if key in _RANGES and isinstance(raw, dict) and raw and set(raw) <= {"min", "max"}:
        try:
            low, high = (None if raw.get(k) is None else float(raw[k]) for k in ("min", "max"))
        except (TypeError, ValueError):
            return None
        return (low, high)
    return None
