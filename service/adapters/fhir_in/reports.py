"""What the reports of a subject say about their results: void, missing, asked for by whom.

What is said in words or held as a document (``conclusion``, ``presentedForm``, a narrative, a
DocumentReference) is not read here; it is set apart, and matters where nothing else tells the same.

Source: FHIR R4, DiagnosticReport (``status``, ``result``, ``basedOn``, ``conclusion``).
"""

from __future__ import annotations

from collections.abc import Iterable

from service.adapters.fhir_in.attempts import Tools, leave, put_apart
from service.adapters.fhir_in.elements import objects, short, text
from service.adapters.fhir_in.fates import texts_of
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.missing import is_imaging, is_void
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.adapters.v1.report import read_report
from service.engine.model import Finding

#: Characters of a text that are looked through for what no result says.
_LONGEST_TEXT = 2000
_CHANGES = frozenset({"sequence_variant", "fusion", "copy_number"})
_VOID = {"entered-in-error": "entered_in_error", "cancelled": "cancelled"}


class Reports:
    """The DiagnosticReports among the resources of one subject."""

    def __init__(self, tools: Tools, resources: Iterable[Resource]) -> None:
        given = list(resources)
        self._results: dict[str, set[str]] = {}
        self._with_texts = [item for item in given if any(True for _ in texts_of(item))]
        self._void: dict[str, str] = {}
        self._asked: set[str] = set()
        valid: set[str] = set()
        for resource in given:
            self._note_requests(tools, resource)
            if resource.type == "DiagnosticReport":
                status = text(resource.body, "status").lower()
                results = _results(tools, resource)
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
        """Set words and documents apart that are not read; done when the results are read."""
        kept = [item for item in notebook.items if item.fate in ("finding", "not_covered")]
        findings = [finding for item in kept for finding in item.findings]
        for resource in self._with_texts:
            for place, words in texts_of(resource) if not is_void(resource) else ():
                gene = unsaid_gene(tools.vocabulary, tools.genes, words, findings)
                is_only = self._is_only(resource, [item.place for item in kept])
                _set_text_apart(notebook, resource, place, words, gene, is_only)

    def _is_only(self, resource: Resource, read: list[str]) -> bool:
        """Tell whether a text may be all that is said: no result that was read stands beside it.

        A narrative belongs to any section; only what it names can be lost with it.
        """
        if resource.type == "Composition":
            return False
        if resource.type != "DiagnosticReport":
            return not read
        results = self._results[resource.location]
        has_results = any(
            place == own or place.startswith(f"{own}.") for place in read for own in results
        )
        return not has_results and not is_imaging(resource)

    def asks_for(self, request: Resource) -> bool:
        """Tell whether a request led to the results; every request does when nothing says which."""
        return not self._asked or request.location in self._asked


def _results(tools: Tools, report: Resource) -> set[str]:
    """Return the places of the results of a report that are in the document."""
    found = (tools.references.find(node, report) for node, _ in objects(report.body, "result"))
    return {target.location for target in found if target is not None}


def unsaid_gene(
    vocabulary: FhirVocabulary, genes_of: GeneCodes, words: str, findings: Iterable[Finding]
) -> str | None:
    """Return a covered gene of which a text says what no result says; ``None``: it says no more.

    Another change of the same gene is more; a change that is not exact, or a stain, is not.
    """
    known = {(f.gene, f.kind, f.change.short if f.change else None) for f in findings}
    named = sorted(genes_of.named_in_text(words))
    genes = {gene for gene, _, _ in known}
    unread = next((gene for gene in named if gene not in genes), None)
    if unread is not None or not named:
        return unread
    read = read_report(vocabulary, words[:_LONGEST_TEXT]).items
    for finding in (finding for item in read for finding in item.findings):
        change = finding.change.short if finding.change and finding.change.is_exact else None
        said = (finding.gene, finding.kind)
        is_change = finding.kind in _CHANGES and finding.result == "detected"
        is_known = any(said == one[:2] and change in (None, one[2]) for one in known)
        if is_change and not is_known and finding.gene in vocabulary.rulebook.genes:
            return finding.gene
    return None


def _set_text_apart(
    notebook: Notebook, report: Resource, place: str, words: str, gene: str | None, is_only: bool
) -> None:
    """Set words of a report apart: with a warning when they may say what no result says."""
    if gene is not None or is_only:
        named = f"; it names {gene}" if gene else ""
        message = f"words and documents of a report are not read: {short(words)!r}{named}"
        put_apart(notebook, report, "text_not_read", message, place, gene=gene, text=words[:500])
    else:
        message = "the words of a report are not read; its results are"
        leave(notebook, report, "text_not_read", message, place, text=words[:500])
