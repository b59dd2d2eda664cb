"""The answers of the engine as one Bundle of type collection, and as Parameters.

For each answer: a report that lists everything, the tumour type, the findings, the implications,
and what must be said about the reading. A resource that two answers share stands there once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.adapters.fhir_out import codes
from service.adapters.fhir_out.codes import Release
from service.adapters.fhir_out.findings import FindingWriter, Origin
from service.adapters.fhir_out.implications import (
    BundleKnowledge,
    ImplicationWriter,
    knowledge_method,
    tumor_concept,
)
from service.adapters.fhir_out.outcome import fault_issue, notice_issue, set_apart_issue
from service.adapters.fhir_out.parts import concept, full_url, identified, reference, relative_url
from service.adapters.fhir_out.reported import reported_of
from service.adapters.v1.notice import Notice
from service.adapters.v1.summary import result_hash
from service.engine.report import Report
from service.errors import Fault
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
_USE: Json = {"system": codes.USES, "code": "research-and-education", "display": INTENDED_USE}
_OF_FINDING = re.compile(r"/case/findings/(\d+)")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What must be said about a request beside its answers.

    Args:
        subject: whom it is about, as it stood in the request; ``None``: the whole request.
        faults: why there is no answer.
        notices: how it was read.
        set_apart: what of it was not used, and why.
    """

    subject: str | None = None
    faults: Sequence[Fault] = ()
    notices: Sequence[Notice] = ()
    set_apart: Sequence[Notice] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with what the request said beside the case.

    Args:
        origins: position of a finding in the case -> the resources that it was read from.
        complete: whether all of the request was understood.
        texts: position of a finding in the case -> what the request says of it alone.
    """

    report: Report
    remarks: Remarks = Remarks()
    origins: Mapping[int, Sequence[Origin]] = field(default_factory=dict)
    complete: bool = True
    texts: Mapping[int, Sequence[str]] = field(default_factory=dict)


def to_bundle(
    knowledge: BundleKnowledge, answers: Iterable[Answered | Remarks], *, release: Release
) -> Json:
    """Return the answers as a Bundle: the same answers are the same bytes."""
    resources: dict[str, Json] = {}
    hashes = []
    for answer in answers:
        if isinstance(answer, Remarks):
            parts: Iterable[Json] = _outcome(answer)
        else:
            content_hash = knowledge.content_hash
            hashes.append(result_hash(answer.report, content_hash, complete=answer.complete))
            parts = _Section(knowledge, answer, release, full_url).resources()
        resources |= {resource["id"]: resource for resource in parts}
    bundle: Json = {
        "resourceType": "Bundle",
        "meta": {
            "tag": [
                {"system": codes.USES, "code": "research-and-education", "display": INTENDED_USE}
            ]
        },
        "type": "collection",
        "entry": [
            {"fullUrl": full_url(resource), "resource": resource} for resource in resources.values()
        ],
    }
    if len(hashes) == 1:
        bundle["identifier"] = {"system": codes.RESULTS, "value": hashes[0]}
    return identified(bundle)


def to_parameters(
    knowledge: BundleKnowledge,
    answers: Iterable[Answered],
    *,
    release: Release,
    drugs: frozenset[str] | None,
) -> Json:
    """Return the implications of answers, and the variants that they derive from, as Parameters.

    Args:
        drugs: only implications of a regimen with one of them; ``None``: all.

    Source: operation ``find-subject-tx-implications`` of the Genomics Reporting IG; when nothing
    is found the reply has no ``parameter``.
    """
    implications: dict[str, Json] = {}
    variants: dict[str, Json] = {}
    for answer in answers:
        section = _Section(knowledge, answer, release, relative_url)
        for implication, used in section.implications(drugs, of_findings_only=True):
            implications[implication["id"]] = implication
            variants |= {resource["id"]: resource for resource in used}
    parameters = [
        {"name": name, "resource": resource}
        for name, found in (("implication", implications), ("variant", variants))
        for resource in found.values()
    ]
    reply: Json = {"resourceType": "Parameters"}
    return reply | ({"parameter": parameters} if parameters else {})


class _Section:
    """The resources of one answer."""

    def __init__(
        self,
        knowledge: BundleKnowledge,
        answer: Answered,
        release: Release,
        address: Callable[[Json], str],
    ) -> None:
        self._knowledge = knowledge
        self._answer = answer
        self._release = release
        self._address = address
        subject = answer.remarks.subject
        self._subject = reference(subject) if subject else None
        report = answer.report
        writer = FindingWriter(
            knowledge.rulebook.genes,
            knowledge.records["genes"],
            release,
            self._subject,
            knowledge.marker_tests.values(),
        )
        said = [
            reported_of(finding, answer.texts.get(position, ()))
            for position, finding in enumerate(report.case.findings)
        ]
        self._findings = [
            writer.write(finding, answer.origins.get(at, ()), self._notes_on(at), said[at])
            for at, finding in enumerate(report.case.findings)
        ]
        self._classes = [
            writer.write_class(one.called, address(written))
            for one, written in zip(said, self._findings, strict=True)
            if one.called
        ]
        self._tumor = self._write_tumor()

    def resources(self) -> Iterator[Json]:
        """Yield the report first, then what it lists, then the warnings."""
        found = [implication for implication, _ in self.implications()]
        listed = [self._tumor, *self._findings, *self._classes, *found]
        yield self._write_report(listed)
        yield from listed
        remarks = self._answer.remarks
        yield from _outcome(replace(remarks, notices=[*map(self._placed, remarks.notices)]))

    def implications(
        self, drugs: frozenset[str] | None = None, *, of_findings_only: bool = False
    ) -> Iterator[tuple[Json, list[Json]]]:
        """Yield each implication with the Observations that it derives from.

        A label that asks for no biomarker has no finding behind it: it derives from the tumour
        type, as the profile asks for something that it derives from.
        """
        report = self._answer.report
        writer = ImplicationWriter(self._knowledge, report, self._release, self._subject)
        for row in (*report.therapies, *report.resistance):
            if drugs is not None and not drugs & set(row.regimen.drugs):
                continue
            for found in row.matches:
                if of_findings_only and not found.findings:
                    continue
                used = [self._findings[position] for position in found.findings] or [self._tumor]
                yield writer.write(row, found, map(self._address, used)), used

    def _notes_on(self, position: int) -> list[str]:
        """Return what must be said about the reading of one finding."""
        pointer = f"/case/findings/{position}"
        return [
            notice.message for notice in self._answer.remarks.notices if notice.pointer == pointer
        ]

    def _placed(self, notice: Notice) -> Notice:
        """Return a notice without an address in the v1 answer, which this is not; it names the
        finding instead. Addresses in the request stay.
        """
        place = _OF_FINDING.fullmatch(notice.pointer)
        if place is None:
            return notice
        name = self._answer.report.case.findings[int(place[1])].name
        message = notice.message if name in notice.message else f"{name}: {notice.message}"
        return replace(notice, pointer="", message=message)

    def _write_tumor(self) -> Json:
        resource: Json = {
            "resourceType": "Observation",
            "status": "final",
            "code": concept(codes.TUMOR),
        }
        if self._subject is not None:
            resource["subject"] = self._subject
        case = self._answer.report.case
        value = tumor_concept(self._knowledge, case.tumor_type)
        return identified(resource | {"valueCodeableConcept": value})

    def _write_report(self, listed: Iterable[Json]) -> Json:
        resource: Json = {
            "resourceType": "DiagnosticReport",
            "meta": {"profile": [self._release.profile(self._release.report)]},
            "status": "final",
            "category": [concept(codes.GENETICS)],
            "code": concept(codes.REPORT),
        }
        if self._subject is not None:
            resource["subject"] = self._subject
        resource |= {
            "effectiveDateTime": self._answer.report.case.as_of.isoformat(),
            "result": [{"reference": self._address(each)} for each in listed],
            "conclusion": "\n".join(self._conclusion()),
        }
        return identified(resource)

    def _conclusion(self) -> Iterator[str]:
        """Yield what the implications do not say: what was dropped, and what should be tested."""
        report, rulebook = self._answer.report, self._knowledge.rulebook
        tumor = rulebook.tumors.types[report.case.tumor_type].name
        yield INTENDED_USE
        yield (
            f"{tumor}: {len(report.therapies)} candidate regimens, {len(report.resistance)} with "
            f"resistance or no benefit. {knowledge_method(self._knowledge)['text']}, as of "
            f"{report.case.as_of.isoformat()}."
        )
        for row in report.therapies:
            if row.conflict is not None:
                yield f"CONFLICT: {row.regimen.name}: {row.conflict.reason}"
        for row in report.cautions:
            yield f"Caution: {row.regimen.name}: {row.lead.entry.assertion.statement} {_ELSEWHERE}"
        for drop in report.excluded:
            id_, regimen = drop.entry.assertion.id, drop.entry.assertion.regimen
            yield f"Not listed: {regimen.name} ({id_}, {drop.rule}): {drop.reason}"
        for test in report.suggested_tests:
            yield f"Missing result: {test.gene} by {test.assay}: {test.reason}"


_ELSEWHERE = "This is known in another tumour type only and is no implication for this case."


def _outcome(remarks: Remarks) -> list[Json]:
    """Return the remarks as one OperationOutcome; none when nothing must be said."""
    issues = [
        *map(fault_issue, remarks.faults),
        *map(notice_issue, remarks.notices),
        *map(set_apart_issue, remarks.set_apart),
    ]
    if remarks.subject is not None:
        issues = [{**issue, "diagnostics": _of(remarks.subject, issue)} for issue in issues]
    return [identified({"resourceType": "OperationOutcome", "issue": issues})] if issues else []


def _of(subject: str, issue: Json) -> str:
    said = issue.get("diagnostics")
    return f"{subject}: {said}" if said else subject
