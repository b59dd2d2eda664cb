"""Results of a dual probe over several Observations: ratio, copies and the IHC score.

A ratio alone does not decide, nor do 4 to 6 copies; together, and in groups 2 to 4 with the IHC
score of the same specimen, they do. Numbers of different specimens or days are never joined.
Source: ASCO/CAP HER2 testing in breast cancer (Wolff 2018, affirmed 2023), dual-probe groups.
"""

from __future__ import annotations

from collections.abc import Iterable

from service.adapters.fhir_in.attempts import Attempt, Tools, attempt, keep, put_apart_as_refused
from service.adapters.fhir_in.components import day_of, specimen_of
from service.adapters.fhir_in.markers import HybridNumber
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.reading import Item

_NAMES = {"ish_ratio": "ratio", "ish_copies": "copy number"}


def read_hybridisation(tools: Tools, numbers: Iterable[HybridNumber], notebook: Notebook) -> None:
    """Read the dual-probe numbers of one subject, specimen by specimen."""
    for group in _groups(list(numbers)):
        words = ", ".join(f"{_NAMES[n.kind]} {round(n.value, 2):g}" for n in group)
        first = group[0]
        tried = attempt(tools, first.gene, words, assay="ISH")
        if tried.error is None and any(f.result == "indeterminate" for f in tried.findings):
            tried = (
                _with_ihc(tools, words, first, notebook) or _as_said(tools, words, group) or tried
            )
        if tried.error is None:
            places = [number.location for number in group]
            keep(notebook, first.resource, tried, location=first.location, read_from="ish",
                 agreeing=places)  # fmt: skip
        else:
            put_apart_as_refused(notebook, first.resource, tried.error, first.location)
        for other in group[1:]:
            notebook.account(Item(other.location, "", "context"))  # read with the first


def _groups(numbers: list[HybridNumber]) -> list[list[HybridNumber]]:
    """Return ratio and copies that belong together; others alone."""
    groups: list[list[HybridNumber]] = []
    for number in sorted(numbers, key=lambda item: item.kind != "ish_ratio"):
        fitting = [
            group for group in groups
            if len(group) == 1 and group[0].kind != number.kind and group[0].gene == number.gene
            and _belong_together(group[0].resource, number.resource)
        ]  # fmt: skip
        if len(fitting) == 1:
            fitting[0].append(number)
        else:
            groups.append([number])
    return groups


def _belong_together(first: Resource, second: Resource) -> bool:
    """Tell whether two Observations are of one specimen and day, as far as they say."""
    return _agree(specimen_of(first), specimen_of(second)) and _agree(day_of(first), day_of(second))


def _agree(first: str | None, second: str | None) -> bool:
    return first is None or second is None or first == second


def _as_said(tools: Tools, words: str, group: list[HybridNumber]) -> Attempt | None:
    """Read numbers that leave it open as the laboratory interprets them."""
    said = {number.said for number in group} & {"positive", "negative"}
    if len(said) != 1:
        return None
    tried = attempt(tools, group[0].gene, f"{said.pop()}, {words}", assay="ISH")
    return tried if tried.error is None else None


def _with_ihc(tools: Tools, words: str, number: HybridNumber, notebook: Notebook) -> Attempt | None:
    """Read an open result with the one IHC score of the same specimen."""
    scores = {
        entry["biomarker"].get("alteration")
        for entry in notebook.extracted
        if entry.get("read_from") == "ihc"
        and entry["confidence"] == "high"
        and entry["biomarker"]["gene"] == number.gene
        and _agree(entry["specimen"], specimen_of(number.resource))
        and _agree(entry["effective"], day_of(number.resource))
    } - {None}
    if len(scores) != 1:
        return None
    tried = attempt(tools, number.gene, f"IHC {scores.pop()}, ISH {words}")
    return tried if tried.error is None else None
