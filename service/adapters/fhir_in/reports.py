"""What the reports of a subject say about their results: void, missing, asked for by whom.

Source: FHIR R4, DiagnosticReport (``status``, ``result``, ``basedOn``).
"""

from __future__ import annotations

from collections.abc import Iterable

from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.elements import objects, short, text
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource

#: Missing results that a warning names.
MAX_NAMED = 50
_VOID = {"entered-in-error": "entered_in_error", "cancelled": "cancelled"}


class Reports:
    """The DiagnosticReports among the resources of one subject."""

    def __init__(self, tools: Tools, resources: Iterable[Resource], notebook: Notebook) -> None:
        given = list(resources)
        self._void: dict[str, str] = {}
        self._asked: set[str] = set()
        valid: set[str] = set()
        for resource in given:
            self._note_requests(tools, resource)
            if resource.type == "DiagnosticReport":
                status = text(resource.body, "status").lower()
                results = _results(tools, resource, notebook)
                results |= {item.location for item in given if item.holder is resource}
                if status in _VOID:
                    self._void.update(dict.fromkeys(results, status))
                else:
                    valid |= results
        self._void = {place: word for place, word in self._void.items() if place not in valid}

    def _note_requests(self, tools: Tools, resource: Resource) -> None:
        for node, _ in objects(resource.body, "basedOn"):
            target = tools.references.find(node, resource)
            if target is not None:
                self._asked.add(target.location)

    def why_void(self, resource: Resource) -> tuple[str, str] | None:
        """Return (reason, message) when every report that lists a result is void."""
        status = self._void.get(resource.location)
        return None if status is None else (_VOID[status], f"its report is {status}")

    def asks_for(self, request: Resource) -> bool:
        """Tell whether a request led to the results; every request does when nothing says which."""
        return not self._asked or request.location in self._asked


def _results(tools: Tools, report: Resource, notebook: Notebook) -> set[str]:
    """Return the places of the results of a report; those that are not here are one warning."""
    found, missing = set(), []
    for node, _ in objects(report.body, "result"):
        target = tools.references.find(node, report)
        if target is not None:
            found.add(target.location)
        else:
            missing.append(short(text(node, "reference")) or "a result without a reference")
    if missing:
        names = ", ".join(missing[:MAX_NAMED])
        message = f"{len(missing)} of its results are not in the document: {names}"
        notebook.warn("unresolved_reference", message, report.at("result"))
    return found
