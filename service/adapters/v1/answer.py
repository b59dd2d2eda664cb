"""The engine's report to the JSON of the v1 contract, assembled from bytes serialised once.

Here: the answer as a whole, and findings; its rows are written in ``v1_rows``. Key order is part of
the contract.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import orjson

from service.adapters.v1.case import ReadCase, ReadFinding, found_in
from service.adapters.v1.fates import write_not_covered, write_set_apart
from service.adapters.v1.notice import Notice
from service.adapters.v1.rows import AnswerKnowledge, RowWriter, write_drop, write_test
from service.adapters.v1.summary import hash_of, rows_hash, write_counterfactual
from service.adapters.v1.tumor import ReadTumor, write_tumor
from service.adapters.v1.warnings import refusals, to_warnings, write_notice
from service.engine.facts import Facts
from service.engine.model import Case, Finding, Truth
from service.engine.notation.order import canonical_order
from service.engine.reading import Item, is_complete
from service.engine.report import Report
from service.errors import Fault
from service.intended_use import INTENDED_USE

Json = dict[str, Any]


#: Classes that a finding lies in with the others of its gene, and those that are ruled out.
Joint = tuple[frozenset[str], frozenset[str]]


class AnswerWriter:
    """Writes answers of one knowledge base; keeps only caches of what never changes."""

    def __init__(self, knowledge: AnswerKnowledge) -> None:
        self._knowledge = knowledge
        self._rulebook = knowledge.rulebook
        self._rows = RowWriter(knowledge)
        self.classes_of: Callable[[Finding, str], tuple[str, ...]] = lru_cache(maxsize=8192)(
            self._classes_of
        )

    def to_bytes(
        self, read: ReadCase, report: Report, *, echo: bool, written: Json | None = None
    ) -> bytes:
        """Return the answer of ``/v1/match`` as JSON.

        Args:
            echo: give each finding the index and text of the caller's input; otherwise both are
                those of the canonical case, and warnings point to its findings: the bytes depend
                neither on the spelling nor on the order of the input.
            written: what ``write_sections`` gave for this report, when it was kept.
        """
        return orjson.dumps(self.to_dict(read, report, echo=echo, written=written))

    def to_dict(
        self, read: ReadCase, report: Report, *, echo: bool, written: Json | None = None
    ) -> Json:
        """Return the answer as nested dicts (static parts are ``orjson.Fragment``)."""
        case = report.case
        complete = is_complete(read.items)
        sections = written or self._sections(report)
        return {
            "knowledge_base": {
                "version": self._knowledge.version,
                "content_hash": self._knowledge.content_hash,
                "as_of": case.as_of.isoformat(),
            },
            "intended_use": INTENDED_USE,
            "complete": complete,
            "case": {
                "tumor_type": write_tumor(self._rulebook.tumors, read.tumor, echo=echo),
                "findings": self._findings(read, case, echo=echo),
                "not_covered": write_not_covered(read.items),
            },
            "therapies": sections["therapies"],
            "resistance": sections["resistance"],
            "cautions": sections["cautions"],
            "excluded": sections["excluded"],
            "suggested_tests": sections["suggested_tests"],
            "set_apart": write_set_apart(read.items, echo=echo),
            "warnings": to_warnings(self._rulebook, read, case, echo=echo),
            "counterfactuals": sections["counterfactuals"],
            "result_hash": hash_of(sections["result_hash"], complete=complete),
        }

    def _sections(self, report: Report) -> Json:
        """Return the parts of an answer that depend on the report alone."""
        case = report.case
        return {
            "therapies": [self._rows.write(row, case) for row in report.therapies],
            "resistance": [self._rows.write(row, case) for row in report.resistance],
            "cautions": [self._rows.write(row, case) for row in report.cautions],
            "excluded": [write_drop(drop) for drop in report.excluded],
            "suggested_tests": [write_test(test) for test in report.suggested_tests],
            "counterfactuals": [write_counterfactual(c) for c in report.counterfactuals],
            "result_hash": rows_hash(report, self._knowledge.content_hash),
        }

    def write_sections(self, report: Report) -> Json:
        """Return the parts of an answer that depend on the report alone, as JSON to be kept."""
        return {
            name: part if isinstance(part, str) else orjson.Fragment(orjson.dumps(part))
            for name, part in self._sections(report).items()
        }

    def finding(self, finding: Finding, index: int | None, given: Any, tumor_type: str) -> Json:
        """Return one finding as the contract shows it."""
        change = finding.change
        is_covered = any(gene in self._rulebook.genes for gene in finding.genes)
        is_uncharacterized = (
            finding.kind == "sequence_variant"
            and finding.result == "detected"
            and change is not None
            and change.is_exact
            and finding.oncogenicity is None
        )
        said: Json = {"reported_as": finding.reported_as} if finding.reported_as else {}
        if finding.one_of:
            said["one_of"] = list(finding.genes)
        if finding.origin is not None:
            said["origin"] = finding.origin
        # A coding or genomic form whose protein change is not known here.
        is_unresolved = finding.kind == "sequence_variant" and change is None and not finding.one_of
        return {
            "input_index": index,
            "input": given,
            "gene": finding.gene,
            "hgnc_id": finding.hgnc_id,
            "kind": finding.kind,
            "result": finding.result,
            "name": finding.name,
            "hgvs_p": finding.hgvs_p,
            "hgvs_p_short": finding.hgvs_p_short,
            "consequence": change.consequence if change else None,
            "classes": list(self.classes_of(finding, tumor_type)) if is_covered else [],
            "status": (
                "not_covered"
                if not is_covered
                else "unresolved"
                if is_unresolved
                else "uncharacterized"
                if is_uncharacterized
                else "recognized"
            ),
            "oncogenicity": finding.oncogenicity,
            "assay": finding.assay,
            "values": list(finding.values),
            "partner": finding.partner,
            **said,
        }

    def normalized(
        self,
        items: Sequence[Item],
        notices: list[Notice],
        faults: list[Fault],
        tumor: ReadTumor | None = None,
    ) -> Json:
        """Return the answer of ``/v1/normalize``, in the order of the input.

        Args:
            faults: of what was refused: each is a warning.
        """
        around = tumor.code if tumor else "TISSUE"
        read = found_in(items, "finding", "not_covered")
        findings = [
            finding
            for _, own in groupby(read, key=lambda item: item.index)
            for finding in self.findings_of(own, around)
        ]
        shown = (
            {"tumor_type": write_tumor(self._rulebook.tumors, tumor, echo=True)} if tumor else {}
        )
        return shown | {
            "complete": is_complete(items),
            "findings": findings,
            "set_apart": write_set_apart(items, echo=True),
            "warnings": [*(write_notice(notice) for notice in notices), *refusals(faults)],
        }

    def findings_of(self, items: Iterable[ReadFinding], tumor_type: str) -> list[Json]:
        """Return results of one case in their order, each with the classes of all together."""
        read = list(items)
        joint = self._joint_classes((item.finding for item in read), tumor_type)
        return [
            self._with_joint(
                self.finding(item.finding, item.index, item.given, tumor_type),
                joint.get(item.finding),
            )
            | {"understood_by": list(item.finding.understood_by)}
            for item in read
        ]

    def _findings(self, read: ReadCase, case: Case, *, echo: bool) -> list[Json]:
        first: dict[Finding, ReadFinding] = {}
        strange = found_in(read.items, "not_covered")
        for item in (*read.read, *strange):
            first.setdefault(item.finding, item)
        joint = self._joint_classes(case.findings, case.tumor_type)
        if echo:
            strangers = canonical_order(item.finding for item in strange)
            return [
                self._with_joint(
                    self.finding(
                        finding, first[finding].index, first[finding].given, case.tumor_type
                    ),
                    joint.get(finding),
                )
                | {"understood_by": list(finding.understood_by)}
                for finding in (*case.findings, *strangers)
            ]
        return [
            self._with_joint(
                self.finding(finding, position, finding.name, case.tumor_type),
                joint.get(finding),
            )
            for position, finding in enumerate(case.findings)
        ]

    def _classes_of(self, finding: Finding, tumor_type: str) -> tuple[str, ...]:
        if finding.result == "indeterminate":
            return ()
        return Facts(self._rulebook, _case_of(finding, tumor_type)).classes_that_hold()

    @staticmethod
    def _with_joint(shown: Json, joint: Joint | None) -> Json:
        """Return a shown finding with the classes that it lies in together with other results."""
        if joint is None:
            return shown
        more, never = joint
        classes = sorted({*shown["classes"], *more} - never)
        return shown | {"classes": classes} if classes != shown["classes"] else shown

    def _joint_classes(self, findings: Iterable[Finding], tumor_type: str) -> dict[Finding, Joint]:
        """Return the status classes that several results of one gene give together, or rule out.

        HER2 IHC 2+ says nothing of HER2-low alone, with a negative ISH it does (rule M10).
        """
        by_gene: dict[str, list[Finding]] = {}
        for finding in dict.fromkeys(findings):
            by_gene.setdefault(finding.gene, []).append(finding)
        joint: dict[Finding, Joint] = {}
        for gene in {table.gene for table in self._rulebook.status_tables} & set(by_gene):
            own = tuple(by_gene[gene])
            if len(own) < 2:
                continue
            facts = Facts(self._rulebook, Case(tumor_type, own, dt.date.min))
            verdicts = {
                name: facts.verdict(name)
                for name in self._rulebook.classes_of_gene(gene)
                if self._rulebook.classes[name].status
            }
            never = frozenset(n for n, v in verdicts.items() if v.truth is Truth.FALSE)
            for index, finding in enumerate(own):
                more = (
                    n for n, v in verdicts.items() if v.truth is Truth.TRUE and index in v.findings
                )
                joint[finding] = frozenset(more), never
        return joint


def _case_of(finding: Finding, tumor_type: str) -> Case:
    return Case(tumor_type, (finding,), dt.date.min)
