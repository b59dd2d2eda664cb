"""The pivotal figure of an assertion: one number of its studies that belongs to its own regimen.

A figure belongs to a regimen when the arm that it names is that set of drugs. A hazard ratio that
names no arm belongs to the first arm of a study with two, any other figure to the arm of a study
with one. Everything else is told by the studies and stands in no headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.engine.rulebook import Rulebook

Record = dict[str, Any]
#: Endpoints by what they tell, the most telling first; within one kind the curator's order holds.
_KINDS = (re.compile(r"^hr_"), re.compile(r"^(orr|pcr|mpr)"), re.compile(r"^median_(?!dor)"))
_DOSE = re.compile(r"\b(?:subcutaneous|intravenous)\s+|\s+\d+(?:\.\d+)? mg(?:/kg)?")
_BETWEEN = re.compile(r"\s*(?:\+|,|\band\b|\bwith\b)\s*")
_AGAINST_NOTHING = {"placebo"}


class Headlines:
    """Finds the headline of assertions in one knowledge base."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._names = {
            name.lower(): drug.name for drug in rulebook.drugs.values() for name in drug.names
        }

    def find(
        self, regimen: Iterable[str], evidence: Iterable[Record], studies: Mapping[str, Record]
    ) -> Record | None:
        """Return the first figure of the most telling kind, from the first study that has one.

        Args:
            evidence: the studies behind an assertion, the pivotal one first.
        """
        drugs = sorted(regimen)
        for cited in evidence:
            study = studies[cited["study"]]
            figures = list(self._own_figures(drugs, study, cited.get("population")))
            for kind in _KINDS:
                for figure, against in figures:
                    if kind.match(figure["endpoint"]):
                        return _headline(study, figure, against)
        return None

    def _own_figures(
        self, drugs: list[str], study: Record, population: str | None
    ) -> Iterator[tuple[Record, str | None]]:
        arms = study["arms"]
        for figure in study["endpoints"]:
            if figure["value"] is None or figure["population"] not in (None, population):
                continue
            arm, against = figure["arm"], figure["comparator"]
            is_ratio = figure["endpoint"].startswith("hr_")
            if arm is None and is_ratio and len(arms) == 2:
                arm, against = arms
            elif arm is None and not is_ratio and len(arms) == 1:
                (arm,) = arms
            elif arm is not None and against is None and len(arms) == 2 and arm in arms:
                (against,) = [other for other in arms if other != arm] or [None]
            if arm is not None and self._is_arm(drugs, arm):
                yield figure, against

    def _is_arm(self, drugs: list[str], arm: str) -> bool:
        """Tell whether an arm is a regimen; a drug may stand where the regimen leaves a group."""
        if re.search(r"\b(or|then|without)\b", arm):
            return False
        given = [self._name(part) for part in _BETWEEN.split(_DOSE.sub("", arm.lower()))]
        left = [name for name in given if name not in _AGAINST_NOTHING]
        if len(left) != len(drugs):
            return False
        for drug in drugs:
            fitting = [name for name in left if self._is_kind_of(name, drug)]
            if not fitting:
                return False
            left.remove(drug if drug in fitting else fitting[0])
        return True

    def _name(self, text: str) -> str:
        return self._names.get(text.strip(), text.strip())

    def _is_kind_of(self, name: str, drug: str) -> bool:
        return name == drug or (
            name in self._rulebook.drugs and self._rulebook.is_kind_of(name, drug)
        )


def _headline(study: Record, figure: Record, against: str | None) -> Record:
    bounds = [figure["ci_low"], figure["ci_high"]]
    unit = "HR" if figure["endpoint"].startswith("hr_") else figure["unit"]
    return {
        "study": study["name"],
        "endpoint": figure["endpoint"],
        "value": figure["value"],
        "unit": unit or "",
        "ci": None if bounds == [None, None] else bounds,
        "against": against,
    }
