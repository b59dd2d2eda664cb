"""The tumour type of a v1 case: its node, and the facts that its words state beside it.

Words of stage become facts of the patient where the caller gave none; see
``docs/decisions/0004-words-in-the-tumour-type.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from service.adapters.v1.notice import Notice
from service.engine.model import Patient
from service.engine.patient_facts import DISEASE_STAGES
from service.engine.tumors import TumorTree
from service.errors import Fault, InputError

TUMOR_POINTER = "/tumor_type"
#: How a tumour type was resolved that nobody named but a report.
REPORT = "report"
#: How a tumour type is resolved that is no code of another system.
_OWN_WORDS = frozenset({"code", "name", "synonym", REPORT})


class ReadTumor(Protocol):
    """What a vocabulary says about a tumour type."""

    @property
    def code(self) -> str: ...
    @property
    def resolved_by(self) -> str: ...
    @property
    def disease_stage(self) -> str | None: ...
    @property
    def treatment_setting(self) -> str | None: ...
    @property
    def candidates(self) -> tuple[str, ...]: ...
    @property
    def set_aside(self) -> tuple[str, ...]: ...
    @property
    def open_words(self) -> tuple[str, ...]: ...
    @property
    def biomarkers(self) -> tuple[str, ...]: ...


class TumorVocabulary(Protocol):
    """Resolves tumour types; raises ``InputError``."""

    def read_text(self, text: str, pointer: str) -> ReadTumor: ...
    def find_text(self, text: str) -> ReadTumor | None: ...
    def read_code(self, system: str, code: str, pointer: str) -> ReadTumor: ...


def read_tumor(terms: TumorVocabulary, given: Any) -> ReadTumor:
    """Read a tumour type given as text or as a code of a system.

    Raises:
        InputError: it is not known, with suggestions, or neither a text nor a code of a system.
    """
    if isinstance(given, str):
        return terms.read_text(given, TUMOR_POINTER)
    is_code = isinstance(given, dict) and all(
        isinstance(given.get(name), str) for name in ("system", "code")
    )
    if not is_code:
        message = "a tumour type is a text, or an object with a system and a code"
        raise InputError((Fault(TUMOR_POINTER, "invalid_type", message),))
    return terms.read_code(given["system"], given["code"], TUMOR_POINTER)


def with_tumor_words(patient: Patient, tumor: ReadTumor) -> tuple[Patient, list[Notice]]:
    """Return the patient with the facts of the tumour type's words; what the caller gave stays.

    A word that contradicts what was given, and a word that states no fact, is a notice.
    """
    notices = []
    facts: dict[str, Any] = {}
    for name in ("disease_stage", "treatment_setting"):
        given, word = patient.facts.get(name), getattr(tumor, name)
        if given is None and word is not None:
            facts[name] = word
        elif word is not None and word != given:
            message = f"the tumour type says {word}, patient.{name} says {given}; the latter counts"
            notices.append(
                Notice("contradictory_stage", message, TUMOR_POINTER, (word, str(given)))
            )
    if tumor.biomarkers and tumor.resolved_by not in _OWN_WORDS:
        stated = ", ".join(tumor.biomarkers)
        message = f"the code of the tumour type states {stated}; it is used as a finding"
        notices.append(Notice("biomarker_from_code", message, TUMOR_POINTER))
    if tumor.open_words and "disease_stage" not in patient.facts:
        words = ", ".join(repr(word) for word in tumor.open_words)
        message = f"{words} decides no stage or course here; give it under patient"
        notices.append(Notice("words_not_used", message, TUMOR_POINTER, DISEASE_STAGES))
    return replace(patient, facts={**patient.facts, **facts}), notices


def ambiguities(tumors: TumorTree, tumor: ReadTumor) -> list[Notice]:
    """Say when the input may mean several tumour types, with all of them."""
    if not tumor.candidates:
        return []
    names = tuple(f"{code} ({tumors.types[code].name})" for code in tumor.candidates)
    message = f"this may mean {len(names)} tumour types; matched as {tumors.types[tumor.code].name}"
    return [Notice("ambiguous_tumor_type", message, TUMOR_POINTER, names)]


def write_tumor(tumors: TumorTree, tumor: ReadTumor, *, echo: bool) -> dict[str, Any]:
    """Return the tumour type as the contract shows it.

    Args:
        echo: say how the caller's words were read; otherwise the node speaks for itself, as its
            code, so that the bytes do not depend on the words.
    """
    shown = {
        "code": tumor.code,
        "name": tumors.types[tumor.code].name,
        "lineage": list(tumors.lineage(tumor.code)),
        "resolved_by": tumor.resolved_by if echo or tumor.resolved_by == REPORT else "code",
    }
    if echo:
        shown["set_aside"] = [*tumor.set_aside, *tumor.biomarkers]
    return shown
