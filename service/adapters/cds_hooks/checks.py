"""A drafted drug against the answer of the engine: supported, resistant, or neither, and why.

A regimen is the set of its drugs: resistance to one drug alone says nothing against a combination
that overcomes it, and a drug that is known in a combination only is not called supported alone. A
chemotherapy or an endocrine therapy beside it overcomes no resistance: regimens are compared by
what is left without them. Why: ``docs/decisions/0034-drafted-drugs.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from service.engine.entries import Entry
from service.engine.report import Report, Row
from service.engine.rulebook import Rulebook

Finding = Literal["resistance", "supported", "in_combination", "nothing"]
#: Worst first: the order of the cards.
ORDER: tuple[Finding, ...] = ("resistance", "supported", "in_combination", "nothing")
#: Groups whose drugs go with a targeted one; on their own no biomarker here speaks about them.
_BACKBONES = ("chemotherapy", "endocrine therapy")


@dataclass(frozen=True, slots=True)
class CheckedDrug:
    """What the answer says about drafted drugs.

    Args:
        drugs: as they are named in the knowledge; sorted.
        rows: that decide, the best first; for ``nothing`` there are none.
        others: rows about the same drugs that a reader should see beside.
        missing: partners that are not drafted and with which it is supported.
    """

    finding: Finding
    drugs: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    others: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()


def check_drugs(
    rulebook: Rulebook, report: Report, *, selected: Iterable[str], drafted: frozenset[str]
) -> tuple[CheckedDrug, ...]:
    """Return one verdict for each regimen, or drug, that the selected orders are about.

    Args:
        selected: drugs that the hook asks about.
        drafted: all drafted drugs and groups, the selected ones included: the partners.
    """
    found: dict[tuple[str, ...], CheckedDrug] = {}
    checker = _Checker(rulebook, report, drafted)
    for drug in sorted(selected):
        verdict = checker.check(drug)
        if verdict is None:
            continue
        named = verdict.rows[0].regimen.id if verdict.rows else drug
        known = found.get((verdict.finding, named))
        drugs = tuple(sorted({*verdict.drugs, *(known.drugs if known else ())}))
        found[verdict.finding, named] = CheckedDrug(
            verdict.finding, drugs, verdict.rows, verdict.others, verdict.missing
        )
    return tuple(sorted(found.values(), key=lambda item: (ORDER.index(item.finding), item.drugs)))


class _Checker:
    def __init__(self, rulebook: Rulebook, report: Report, drafted: frozenset[str]) -> None:
        self._rulebook = rulebook
        self._report = report
        self._drafted = drafted

    def check(self, drug: str) -> CheckedDrug | None:
        """Return the verdict on a drug; ``None`` when no biomarker here could speak about it."""
        if self._rulebook.drugs[drug].kind == "group" or is_backbone(self._rulebook, drug):
            return None
        therapies = [row for row in self._report.therapies if self._is_about(row, drug)]
        against = [
            row
            for row in (*self._report.resistance, *self._report.cautions)
            if self._is_about(row, drug) and row.lead.biomarker_criteria == "met"
        ]
        resistant, supporting = self._whole(against), self._whole(therapies)
        partnered = _own_first([row for row in therapies if self._missing(row)])
        if resistant and not self._overcomes(supporting, resistant):
            larger = [row for row in partnered if self._would_overcome(row, resistant)]
            missing = self._missing(larger[0]) if larger else ()
            return CheckedDrug("resistance", (drug,), resistant, (*supporting, *partnered), missing)
        if supporting and (_is_own(supporting) or not _is_own(partnered)):
            return CheckedDrug("supported", (drug,), supporting, resistant)
        if partnered:
            missing = self._missing(partnered[0])
            return CheckedDrug("in_combination", (drug,), partnered, resistant, missing)
        if is_directed(self._rulebook, drug) and not self._needs_no_test(drug):
            return CheckedDrug("nothing", (drug,))
        return None

    def _needs_no_test(self, drug: str) -> bool:
        """Tell whether a label of the drug stands in this tumour type that needs none."""
        entries = statements_about(self._rulebook, self._report, drug)
        return any(not entry.assertion.needs_test for entry in entries)

    def _is_about(self, row: Row, drug: str) -> bool:
        return any(self._rulebook.is_kind_of(drug, part) for part in row.regimen.drugs)

    def _missing(self, row: Row) -> tuple[str, ...]:
        return tuple(part for part in row.regimen.drugs if not self._has(part))

    def _has(self, part: str) -> bool:
        return any(self._rulebook.is_kind_of(drug, part) for drug in self._drafted)

    def _whole(self, rows: list[Row]) -> tuple[Row, ...]:
        """Return the wholly drafted rows that count: of this tumour type, then the largest."""
        whole = _own_first([row for row in rows if not self._missing(row)])
        most = max((self._size(row) for row in whole), default=0)
        return tuple(row for row in whole if self._size(row) == most)

    def _size(self, row: Row) -> int:
        return sum(not is_backbone(self._rulebook, part) for part in row.regimen.drugs)

    def _overcomes(self, supporting: tuple[Row, ...], resistant: tuple[Row, ...]) -> bool:
        """Tell whether support stands against a resistance.

        It does when it is of this tumour type and the resistance of another one; and, short of the
        reverse, when it is of a combination with more drugs that count than the resistance.
        """
        if not supporting or _is_own(supporting) != _is_own(resistant):
            return bool(supporting) and _is_own(supporting)
        return self._size(supporting[0]) > self._size(resistant[0])

    def _would_overcome(self, row: Row, resistant: tuple[Row, ...]) -> bool:
        """Tell whether a combination, were it drafted, would be known to overcome a resistance."""
        is_met = row.lead.biomarker_criteria == "met"
        return is_met and _is_own((row,)) and self._size(row) > self._size(resistant[0])


def _is_own(rows: tuple[Row, ...]) -> bool:
    """Tell whether rows are about the tumour type of the case."""
    return any(row.lead.applicability != "other_tumor_type" for row in rows)


def _own_first(rows: list[Row]) -> tuple[Row, ...]:
    """Return the rows about the tumour type of the case, or the others when there are none."""
    own = tuple(row for row in rows if row.lead.applicability != "other_tumor_type")
    return own or tuple(rows)


def statements_about(rulebook: Rulebook, report: Report, drug: str) -> tuple[Entry, ...]:
    """Return what speaks for a drug in the tumour type of the case and stands on its day."""
    standings = rulebook.standings(report.case.as_of)
    return tuple(
        entry
        for entry in rulebook.entries_for_tumor(report.case.tumor_type)
        if drug in entry.assertion.regimen.drugs
        and entry.assertion.effect == "sensitivity"
        and (entry.assertion.authority is None or standings[entry.assertion.id].stands)
    )


def is_backbone(rulebook: Rulebook, drug: str) -> bool:
    """Tell whether a drug or group goes with a targeted drug and is never asked about alone."""
    in_group = any(rulebook.is_kind_of(drug, group) for group in _BACKBONES)
    return (in_group or not rulebook.drugs[drug].groups) and not _is_known_alone(rulebook, drug)


def is_directed(rulebook: Rulebook, drug: str) -> bool:
    """Tell whether statements here ask for biomarkers of a drug itself, not of its partners."""
    return _is_known_alone(rulebook, drug) or _is_named_after_a_gene(rulebook, drug)


def _is_known_alone(rulebook: Rulebook, drug: str) -> bool:
    entries = rulebook.index.entries_of_regimen(drug.lower().replace(" ", "-"))
    return any(entry.assertion.effect == "sensitivity" for entry in entries)


def _is_named_after_a_gene(rulebook: Rulebook, drug: str) -> bool:
    """Tell whether a group of the drug names its target: ``EGFR tyrosine kinase inhibitor``."""
    genes = {name for gene in rulebook.genes.values() for name in (gene.symbol, gene.label)}
    groups = rulebook.drugs[drug].groups
    return any(group.removeprefix("anti-").split(" ")[0] in genes for group in groups)
