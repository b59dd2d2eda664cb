"""Tumour types of a subject, from the places where FHIR files have them, and never from a relative.

The places, in order: the caller; Conditions; the reason of the request; an Observation with an
OncoTree code; the context of implications (used only when nothing else says one). What does not
agree is not decided here: every candidate is matched. Source: mCODE STU4 (PrimaryCancerCondition,
histology extension, secondary cancer); HL7 Genomics Reporting (component 81259-4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.components import components_of, ignored, status_reason
from service.adapters.fhir_in.elements import Json, child, concept, objects, text, value_of
from service.adapters.fhir_in.outcome import Notebook, entry
from service.adapters.fhir_in.resources import Resource
from service.adapters.fhir_in.tumor_words import Candidate, TumorReader, is_neoplasm

_INACTIVE = frozenset({"inactive", "resolved"})
_UNVERIFIED = {
    "refuted": "refuted",
    "entered-in-error": "entered_in_error",
    "differential": "refuted",
}
_SECONDARY_CODES = frozenset({
    "128462008", "94225005", "94222008", "94381002", "94391008", "94347008", "94161006",
    "94493005", "285598005",
})  # fmt: skip
_SECONDARY_ICD = re.compile(r"C7[789](?:\.|$)|.{4}/6")
_SECONDARY_WORDS = re.compile(r"\bsecondary\b|\bmetastas[ie]s (?:to|of|in)\b", re.I)
_NOT_NOW = re.compile(
    r"\bhistory of\b|\bh/o\b|\bfamily history\b|\bscreening\b|\brule[ds]? out\b|\brisk (?:of|for)\b"
    r"|\bat risk\b|\bsuspected\b"
    r"|\bverdacht\b|\bz\.\s?n\.|\bzustand nach\b|\bausschluss\b|\bsuspicion\b|\bbenign\b"
    r"|\bno evidence of\b",
    re.I,
)  # fmt: skip
_VOID = frozenset({"revoked", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Found:
    """A tumour type with its place.

    Args:
        source: ``condition``, ``request``, ``observation``, ``remission`` or ``context``.
    """

    candidate: Candidate
    resource: Resource
    location: str
    source: str

    def to_json(self) -> Json:
        """Return the entry of what was read."""
        return entry(
            "tumor_type",
            self.location,
            resource_type=self.resource.type,
            reference=self.resource.reference,
            read_from=self.source,
            tumor_type=self.candidate.given,
            oncotree=self.candidate.node,
            confidence="low" if self.source == "context" else "high",
        )


class TumorTypes:
    """Collects the tumour types of one subject."""

    def __init__(self, tools: Tools, notebook: Notebook) -> None:
        self._tools = tools
        self._reader = TumorReader(tools.vocabulary, notebook)
        self._notebook = notebook
        self._found: list[Found] = []

    def read_condition(self, resource: Resource, *, source: str = "condition") -> None:
        """Read a Condition, unless it is over, refuted, secondary or no tumour."""
        reason = self._why_not(resource)
        if reason is not None:
            self._notebook.ignored.append(ignored(resource, *reason))
            return
        candidates = self._reader.read_condition(resource.body, resource.at("code"))
        if "remission" in _codes(resource.body, "clinicalStatus"):
            source = "remission"
        self._add(candidates, resource, resource.at("code"), source)
        if not candidates:
            self._not_read(resource, resource.body.get("code"), resource.at("code"))

    def read_request(self, resource: Resource) -> None:
        """Read the reasons of a request."""
        status = text(resource.body, "status")
        if status in _VOID:
            message = f"its status is {status}"
            self._notebook.ignored.append(ignored(resource, "cancelled", message))
            return
        for node, step in objects(resource.body, "reasonCode"):
            place = resource.at(step)
            if self._is_barred(resource, node, place):
                continue
            candidates = self._reader.read_concept(concept(node), place)
            self._add(candidates, resource, place, "request")
            if not candidates:
                self._not_read(resource, node, place)
        for node, _ in objects(resource.body, "reasonReference"):
            target = self._tools.references.find(node, resource)
            if target is not None and target.type == "Condition" and not self._has(target):
                self.read_condition(target, source="request")

    def _has(self, resource: Resource) -> bool:
        known = {item.location for item in self._found} | {
            i.location for i in self._notebook.ignored
        }
        return resource.at("code") in known or resource.location in known

    @staticmethod
    def is_tumor_type(resource: Resource) -> bool:
        """Tell whether the value of an Observation is an OncoTree code."""
        codings = value_of(resource.body).concept.codings
        return any("oncotree" in coding.system.lower() for coding in codings)

    def read_observation(self, resource: Resource) -> bool:
        """Read an Observation whose value is an OncoTree code; tell whether it is known."""
        value = value_of(resource.body).concept
        candidates = self._reader.read_concept(value, resource.at("value"))
        self._add(candidates, resource, resource.at("value"), "observation")
        return bool(candidates)

    def read_context(self, resource: Resource) -> None:
        """Read the tumour types that an implication speaks about."""
        if status_reason(resource) is not None:
            return
        for part in components_of(resource, Notebook()).get("context", ()):
            candidates = self._reader.read_concept(part.value.concept, part.location)
            if not candidates and part.value.text:
                candidates = self._reader.read_words(part.value.text)
            self._add(candidates, resource, part.location, "context")
            if not candidates and not part.value.is_missing:
                label = part.value.concept.label or part.value.text[:80]
                message = f"{label!r} is a tumour type that is not known here"
                place = part.location
                self._notebook.ignored.append(
                    ignored(resource, "unknown_tumor_type", message, place)
                )

    def _add(
        self, candidates: Iterable[Candidate], resource: Resource, location: str, source: str
    ) -> None:
        for candidate in candidates:
            found = Found(candidate, resource, location, source)
            self._found.append(found)
            self._notebook.extracted.append(found.to_json())

    def _not_read(self, resource: Resource, node: object, place: str) -> None:
        words = ", ".join(concept(node).words) or "a code without words"
        if is_neoplasm(concept(node)):
            message = f"{words[:80]!r} is a tumour type that is not known here"
            self._notebook.warn("unknown_tumor_type", message, place)
            self._notebook.ignored.append(ignored(resource, "unknown_tumor_type", message, place))
        else:
            message = f"{words[:80]!r} is no tumour type"
            self._notebook.ignored.append(ignored(resource, "not_a_tumor", message, place))

    def _why_not(self, resource: Resource) -> tuple[str, str] | None:
        """Return (reason, message) when a Condition is not the subject's tumour now."""
        verified = _codes(resource.body, "verificationStatus") & set(_UNVERIFIED)
        if verified:
            word = sorted(verified)[0]
            return _UNVERIFIED[word], f"its verification status is {word}"
        clinical = _codes(resource.body, "clinicalStatus")
        if clinical & _INACTIVE:
            return "tumor_not_active", f"its clinical status is {sorted(clinical & _INACTIVE)[0]}"
        if not clinical and any(key.startswith("abatement") for key in resource.body):
            return "tumor_not_active", "it has abated"
        if "modifierExtension" in resource.body:
            return "modifier_extension", "a modifier extension may change its meaning"
        if _is_secondary(resource.body):
            return "secondary_tumor", "a metastasis does not say which tumour it comes from"
        words = " ".join(concept(resource.body.get("code")).words)
        if _NOT_NOW.search(words) or _is_unsure(resource.body):
            return "not_a_tumor", f"{words[:80]!r} is no tumour of now"
        return None

    def _is_barred(self, resource: Resource, node: Json, place: str) -> bool:
        words = " ".join(concept(node).words)
        if _is_secondary({"code": node}):
            message = "a metastasis does not say which tumour it comes from"
            self._notebook.ignored.append(ignored(resource, "secondary_tumor", message, place))
            return True
        if _NOT_NOW.search(words):
            message = f"{words[:80]!r} is no tumour of now"
            self._notebook.ignored.append(ignored(resource, "not_a_tumor", message, place))
            return True
        return False

    def choose(self) -> tuple[Found, ...]:
        """Return the tumour types to match: one when all agree, the narrowest of a line of descent.

        A tumour in remission, and then the context of implications, count only when no other place
        names a tumour type.
        """
        strong = self._of("condition", "request", "observation")
        chosen = self._narrowest(strong or self._last_resort())
        if len(chosen) > 1:
            names = [f"{f.candidate.node} ({f.source})" for f in chosen]
            places = ", ".join(f.location for f in chosen)
            message = f"{len(chosen)} tumour types do not agree ({places}); each is matched"
            self._notebook.warn("ambiguous_tumor_type", message, chosen[0].location, *names)
        return chosen

    def _of(self, *sources: str) -> list[Found]:
        return [item for source in sources for item in self._found if item.source == source]

    def _last_resort(self) -> list[Found]:
        found = self._of("remission")
        if found:
            message = "the only tumour is in remission; it was matched all the same"
            self._notebook.warn("tumor_in_remission", message, found[0].location)
            return found
        found = self._of("context")
        if found:
            message = "the tumour type was taken from an implication, which names a context only"
            self._notebook.warn("tumor_type_from_context", message, found[0].location)
        return found

    def _narrowest(self, found: list[Found]) -> tuple[Found, ...]:
        tree = self._tools.vocabulary.rulebook.tumors
        kept: list[Found] = []
        for item in found:
            node = item.candidate.node
            if any(tree.is_under(other.candidate.node, node) for other in kept):
                continue
            above = [o for o in kept if tree.is_under(node, o.candidate.node)]
            if above:
                kept[kept.index(above[0])] = item
                kept = [o for o in kept if o not in above[1:]]
            else:
                kept.append(item)
        return tuple(kept)


def _codes(node: Json, key: str) -> set[str]:
    return {coding.code.lower() for coding in concept(node.get(key)).codings}


def _is_unsure(condition: Json) -> bool:
    """Tell whether an ICD-10-GM code is marked as excluded (A), suspected (V) or past (Z)."""
    return any(
        "diagnosesicherheit" in text(extension, "url").lower()
        and text(child(extension, "valueCoding"), "code") in ("A", "V", "Z")
        for coding, _ in objects(child(condition, "code"), "coding")
        for extension, _ in objects(coding, "extension")
    )


def _is_secondary(condition: Json) -> bool:
    profiles = child(condition, "meta").get("profile")
    named = (
        [name for name in profiles if isinstance(name, str)] if isinstance(profiles, list) else []
    )
    if any("secondary-cancer" in name for name in named):
        return True
    code = concept(condition.get("code"))
    histology = [
        concept(item.get("valueCodeableConcept"))
        for item, _ in objects(condition, "extension")
        if text(item, "url").endswith("histology-morphology-behavior")
    ]
    for coding in (c for one in (code, *histology) for c in one.codings):
        is_icd = "icd" in coding.system.lower()
        if coding.code in _SECONDARY_CODES or (is_icd and _SECONDARY_ICD.match(coding.code)):
            return True
    return any(_SECONDARY_WORDS.search(words) for words in code.words)
