"""Two results of one marker that contradict each other: the later one counts.

Only where both have a day, and the days differ; else both go into the case, and what the engine
says of contradictions (rule M3) holds.
"""

from __future__ import annotations

from dataclasses import replace

from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.outcome import Ignored, Json, Notebook
from service.engine.contradictions import disagree
from service.engine.model import Finding
from service.engine.reading import Item


def keep_latest(tools: Tools, notebook: Notebook) -> None:
    """Set earlier results apart that a later one contradicts."""
    entries = [entry for entry in notebook.extracted if entry["kind"] == "biomarker"]
    dated = [(entry["effective"] or "", item) for entry, item in _pairs(notebook, entries)]
    kept: list[Item] = []
    number = 0
    for item in notebook.items:
        if item.fate != "finding":
            kept.append(item)
            continue
        day, entry = dated[number][0], entries[number]
        number += 1
        later = {f: _later(tools, f, day, dated) for f in item.findings}
        rest = tuple(finding for finding in item.findings if later[finding] is None)
        if rest:
            kept.append(replace(item, findings=rest))
            entry["findings"] = [finding.name for finding in rest]
        for finding, other in later.items():
            if other is not None:
                message = f"{finding.name} ({day}) is contradicted by a later result: {other}"
                notebook.warn("contradictory_findings", message, item.place)
                if not rest:
                    _leave(notebook, item, entry, message)
                    kept.append(replace(
                        item, fate="set_apart", findings=(), remarks=(), reason="superseded",
                        message=message,
                    ))  # fmt: skip
                    break
    notebook.items = kept
    _renumber(notebook)


def _pairs(notebook: Notebook, entries: list[Json]) -> list[tuple[Json, Item]]:
    found = [item for item in notebook.items if item.fate == "finding"]
    return list(zip(entries, found, strict=True))


def _later(tools: Tools, finding: Finding, day: str, dated: list[tuple[str, Item]]) -> str | None:
    """Return the name and day of a later finding that says something else; ``None`` without one."""
    if finding.one_of:
        return None
    gene = tools.vocabulary.rulebook.genes[finding.gene]
    for other_day, item in dated:
        if day and other_day > day and not other_day.startswith(day):
            for other in item.findings:
                if other.assay == finding.assay and disagree(finding, other, gene):
                    return f"{other.name} ({other_day})"
    return None


def _leave(notebook: Notebook, item: Item, entry: Json, message: str) -> None:
    notebook.extracted.remove(entry)
    kind, reference = entry["resource_type"], entry["reference"]
    notebook.ignored.append(Ignored(item.place, kind, reference, "superseded", message))


def _renumber(notebook: Notebook) -> None:
    number = 0
    for entry in notebook.extracted:
        if entry["kind"] == "biomarker":
            entry["biomarker_index"] = number
            number += 1
