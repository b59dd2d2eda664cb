"""The one table of plain facts about a patient; every face and every reader derives from it.

A fact is one word of a list or a number in a range. To add one, add its row: criteria may then ask
for it, and requests, addresses, pages, the command line and lessons know it. Prior therapies and
yes/no conditions are no plain facts: they are lists of names that the knowledge base defines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DISEASE_STAGES = ("early", "locally_advanced", "unresectable", "recurrent", "metastatic")
SEXES = ("female", "male")
MENOPAUSAL_STATUSES = ("premenopausal", "perimenopausal", "postmenopausal")
TREATMENT_SETTINGS = (
    "neoadjuvant", "adjuvant", "extended_adjuvant", "consolidation", "maintenance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatientFact:
    """A plain fact about a patient.

    Args:
        name: field of ``patient`` in a request, parameter of an address, leaf of criteria.
        label: the same in plain words.
        option: of the command line.
        kind: a ``word`` of ``words``, a ``whole`` number or a ``number`` from ``low`` to ``high``.
        example: a value, for the documentation of the API.
        short: words of ``needs`` on a page, when they are not the name.
    """

    name: str
    label: str
    option: str
    kind: Literal["word", "whole", "number"]
    example: str | int
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    short: str = ""


#: In the order of an address.
PATIENT_FACTS = (
    PatientFact("age_years", "age in years", "--age", "number", 64, low=0, high=130, short="age"),
    PatientFact("sex", "sex", "--sex", "word", "female", SEXES),
    PatientFact(
        "menopausal_status", "menopausal status", "--menopausal-status", "word", "postmenopausal",
        MENOPAUSAL_STATUSES,
    ),
    PatientFact(
        "disease_stage", "stage of disease", "--stage", "word", "metastatic", DISEASE_STAGES
    ),
    PatientFact(
        "treatment_setting", "setting of treatment", "--setting", "word", "adjuvant",
        TREATMENT_SETTINGS,
    ),
    PatientFact(
        "line_of_therapy", "line of therapy", "--line", "whole", 1, low=1, high=20
    ),
)  # fmt: skip
FACT_BY_NAME = {fact.name: fact for fact in PATIENT_FACTS}
NUMERIC_FACTS = frozenset(fact.name for fact in PATIENT_FACTS if fact.kind != "word")
OLDEST = FACT_BY_NAME["age_years"].high
