"""What a client sent along, sorted: given, empty, failed or absent; and nothing of other patients.

``null`` means that the client asked and there was nothing; a missing key that it did not ask, or
that asking failed: where no key of results holds any, a missing one is a loss. An OperationOutcome,
alone or as all that a search gave, or anything that is no resource (the page of a proxy) means that
asking failed. What older clients wrap with its HTTP response is unwrapped. Of paged results the
first page is read, and that is said.

Source: CDS Hooks 2.0, "Providing FHIR Resources to a CDS Service" (prefetch) and its status 412;
CDS Hooks 1.0 drafts, prefetch as ``{"response": {"status"}, "resource"}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
State = Literal["given", "empty", "failed", "absent"]

#: Either of them says something about biomarkers; the tumour type may also stand elsewhere.
BIOMARKER_KEYS = ("variants", "markers")
TUMOR_KEY = "conditions"
KEYS = ("patient", TUMOR_KEY, *BIOMARKER_KEYS)
#: How a resource names its patient.
_SUBJECTS = ("subject", "patient")
_FAILED: Json = {"resourceType": "OperationOutcome"}
_WORDS = {"failed": "the client reports an error", "absent": "not sent"}


@dataclass(frozen=True, slots=True)
class Prefetch:
    """The usable part of a prefetch.

    Args:
        states: key -> how it came.
        bundle: the patient's resources as one collection, each once.
        remarks: what a reader of the cards must know about it; one sentence each.
        is_partial: a part that may hold results failed, was cut, or was not sent where no other
            part holds any.
    """

    states: Mapping[str, State]
    bundle: Json
    remarks: tuple[str, ...]
    is_partial: bool = False

    @property
    def has_biomarkers(self) -> bool:
        """Tell whether the client could say what biomarkers are on file, be it none."""
        return any(self.is_usable(key) for key in BIOMARKER_KEYS)

    def is_usable(self, key: str) -> bool:
        """Tell whether a key was answered, be it with nothing."""
        return self.states[key] in ("given", "empty")

    def missing(self) -> str:
        """Return the keys that are not usable and how each came, in words."""
        lost = [key for key in KEYS if not self.is_usable(key)]
        return "; ".join(f"{key}: {_WORDS[self.states[key]]}" for key in lost)


def read_prefetch(prefetch: Mapping[str, Any], patient_id: str) -> Prefetch:
    """Sort a prefetch; keys beyond those of discovery are read for what they hold.

    Args:
        prefetch: key -> resource, Bundle, ``null`` or OperationOutcome.
        patient_id: of the context; resources of anybody else, or of nobody, are left out.
    """
    states: dict[str, State] = dict.fromkeys(KEYS, "absent")
    remarks: list[str] = []
    entries: dict[tuple[str, str], Json] = {}
    others, is_partial = 0, False
    for key, sent in prefetch.items():
        value = _unwrapped(sent)
        states[key] = _state(value)
        losses = [*_losses(states[key], value)]
        is_partial = is_partial or bool(losses and key != "patient")
        remarks += [words.format(_named(key)) for words in losses]
        for number, entry in enumerate(_entries(value)):
            resource = entry["resource"]
            if not is_of_patient(resource, patient_id):
                others += 1
                continue
            identity = (str(resource.get("resourceType")), str(resource.get("id", (key, number))))
            entries.setdefault(identity, entry)
    silent = [key for key in BIOMARKER_KEYS if states[key] == "absent"]
    if silent and "given" not in [states[key] for key in BIOMARKER_KEYS]:
        is_partial = True
        remarks += [f"The client did not send {key}." for key in silent]
    if others:
        noun = "resource" if others == 1 else "resources"
        remarks.append(f"{others} {noun} of no patient or of another one were not read.")
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": list(entries.values())}
    return Prefetch(states, bundle, tuple(remarks), is_partial)


def _losses(state: State, value: Any) -> Iterator[str]:
    """Yield what is lost of a part, as a sentence with a place for its name."""
    if state == "failed":
        yield "The client could not fetch {}."
    if state == "given" and _has_next_page(value):
        yield "Only the first page of {} was sent."
    if state == "given" and _holds_error(value):
        yield "The server reported an error beside {}."


def is_of_patient(resource: Json, patient_id: str) -> bool:
    """Tell whether a resource is the patient or names the patient as its subject."""
    if resource.get("resourceType") == "Patient":
        return resource.get("id") == patient_id
    for name in _SUBJECTS:
        subject = resource.get(name)
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if isinstance(reference, str):
            steps = reference.partition("/_history/")[0].split("/")
            return steps[-2:] == ["Patient", patient_id]
    return False


def _named(key: str) -> str:
    return key if key in KEYS else "a further part of the prefetch"


def _unwrapped(value: Any) -> Any:
    """Return the resource of a 1.0 wrapper; what says that asking failed when it holds none."""
    is_wrapper = isinstance(value, dict) and isinstance(value.get("response"), dict)
    if not is_wrapper or "resourceType" in value:
        return value
    is_fine = str(value["response"].get("status", "")).startswith("2")
    return value["resource"] if is_fine and isinstance(value.get("resource"), dict) else _FAILED


def _state(value: Any) -> State:
    if value is None:
        return "empty"
    is_resource = isinstance(value, dict) and isinstance(value.get("resourceType"), str)
    if not is_resource or value["resourceType"] == "OperationOutcome" or _is_error(value):
        return "failed"
    return "given"


def _is_error(bundle: Json) -> bool:
    """Tell whether an error is all that a search gave."""
    return _holds_error(bundle) and not any(True for _ in _entries(bundle))


def _holds_error(bundle: Json) -> bool:
    """Tell whether a search gave an error, be it beside its matches."""
    resources = [item.get("resource") for item in _list(bundle.get("entry")) if _is_object(item)]
    outcomes = [
        item
        for item in resources
        if _is_object(item) and item.get("resourceType") == "OperationOutcome"
    ]
    issues = [issue for item in outcomes for issue in _list(item.get("issue"))]
    return any(_is_object(i) and i.get("severity") in ("error", "fatal") for i in issues)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _entries(value: Any) -> Iterator[Json]:
    """Yield the resources of a Bundle, or the resource itself, as entries."""
    if not isinstance(value, dict):
        return
    if value.get("resourceType") != "Bundle":
        if value.get("resourceType") != "OperationOutcome":
            yield {"resource": value}
        return
    entries = value.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        # A search may hold an OperationOutcome beside its matches; it is about no patient.
        if isinstance(resource, dict) and resource.get("resourceType") != "OperationOutcome":
            kept = {"fullUrl": entry["fullUrl"]} if isinstance(entry.get("fullUrl"), str) else {}
            yield {**kept, "resource": resource}


def _has_next_page(bundle: Json) -> bool:
    links = bundle.get("link")
    return any(
        isinstance(link, dict) and link.get("relation") == "next"
        for link in (links if isinstance(links, list) else ())
    )
