"""What the reports of a subject say about their results: void, missing, asked for by whom.

What a report says in words or holds as a document (``conclusion``, ``presentedForm``) is not read
here; it is set apart by name, and matters where nothing else tells the same.

Source: FHIR R4, DiagnosticReport (``status``, ``result``, ``basedOn``, ``conclusion``).
"""

from __future__ import annotations

from collections.abc import Iterable

from service.adapters.fhir_in.attempts import Tools, leave, put_apart
from service.adapters.fhir_in.elements import concept, objects, short, text
from service.adapters.fhir_in.fates import report_texts
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource

#: Missing results that a warning names.
MAX_NAMED = 50
#: Services whose reports hold no molecular result (HL7 v2 table 0074).
_IMAGING = frozenset({"RAD", "RUS", "RX", "CT", "NMR", "NMS", "CUS", "IMG", "imaging", "VUS"})
_VOID = {"entered-in-error": "entered_in_error", "cancelled": "cancelled"}


class Reports:
    """The DiagnosticReports among the resources of one subject."""

    def __init__(self, tools: Tools, resources: Iterable[Resource], notebook: Notebook) -> None:
        given = list(resources)
        self._results: dict[str, set[str]] = {}
        self._reports = [item for item in given if item.type == "DiagnosticReport"]
        self._void: dict[str, str] = {}
        self._asked: set[str] = set()
        valid: set[str] = set()
        for resource in given:
            self._note_requests(tools, resource)
            if resource.type == "DiagnosticReport":
                status = text(resource.body, "status").lower()
                results = _results(tools, resource, notebook)
                results |= {item.location for item in given if item.holder is resource}
                self._results[resource.location] = results
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

    def read_texts(self, tools: Tools, notebook: Notebook) -> None:
        """Set the words and documents of the reports apart; done when their results are read."""
        found = [item for item in notebook.items if item.fate in ("finding", "not_covered")]
        genes = {finding.gene for item in found for finding in item.findings}
        for report in self._reports:
            if text(report.body, "status").lower() in _VOID:
                continue
            results = self._results[report.location]
            has_results = any(
                item.place == place or item.place.startswith(f"{place}.")
                for item in found
                for place in results
            )
            is_only = not has_results and not _is_imaging(report)
            for place, words in report_texts(report):
                unread = sorted(tools.genes.named_in_text(words) - genes)
                _set_text_apart(notebook, report, place, words, unread, is_only)

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


def _is_imaging(report: Resource) -> bool:
    codings = (c for node, _ in objects(report.body, "category") for c in concept(node).codings)
    return any(coding.code in _IMAGING for coding in codings)


def _set_text_apart(
    notebook: Notebook,
    report: Resource,
    place: str,
    words: str,
    unread: list[str],
    is_only: bool,
) -> None:
    """Set words of a report apart: with a warning when they may say what no result says."""
    if unread or is_only:
        named = f"; it names {', '.join(unread)}" if unread else ""
        gene = unread[0] if unread else None
        message = f"words and documents of a report are not read: {short(words)!r}{named}"
        put_apart(notebook, report, "text_not_read", message, place, gene=gene, text=words[:500])
    else:
        message = "the words of a report are not read; its results are"
        leave(notebook, report, "text_not_read", message, place, text=words[:500])
