"""Sex and age of a Patient resource, as the patient of a v1 case; what is not said is absent.

Source: FHIR R4, Patient (``gender``, ``birthDate`` of full or less precision).
"""

from __future__ import annotations

import datetime as dt
import re

from service.adapters.fhir_in.elements import Json, text
from service.adapters.fhir_in.resources import Resource
from service.engine.patient_facts import OLDEST

_SEXES = {"female": "female", "male": "male"}
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def read_patient(patient: Resource | None, today: dt.date | None) -> Json:
    """Return what a Patient says; an age that a short birth date leaves open is left out."""
    if patient is None:
        return {}
    found: Json = {}
    sex = _SEXES.get(text(patient.body, "gender").lower())
    if sex is not None:
        found["sex"] = sex
    age = _age(text(patient.body, "birthDate"), today) if today is not None else None
    if age is not None:
        found["age_years"] = age
    return found


def _age(birth: str, today: dt.date) -> int | None:
    """Return the age on a day; ``None`` when the birth date leaves more than one."""
    said = _DAY.fullmatch(birth)
    if said is None:
        return None
    year, month, day = (int(part) if part else None for part in said.groups())
    ages = set()
    for last in (False, True):
        try:
            born = dt.date(year or 0, month or (12 if last else 1), day or (28 if last else 1))
        except ValueError:
            return None
        ages.add(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
    age = ages.pop()
    return age if not ages and 0 <= age <= OLDEST else None
