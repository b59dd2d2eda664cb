"""A checker of FHIR resources: profiles of the Genomics Reporting IG, and facts of R4 around them.

What the libraries do not see: categories and components of a profile (how many, which code, which
type of value), the code of an Observation, and what holds together a Bundle. Data: profiles.yaml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
_STRUCTURE = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
_TABLE = Path(__file__).with_name("profiles.yaml")
#: R4 value set observation-status, required; diagnostic-report-status holds these too.
STATUSES = {
    "registered",
    "preliminary",
    "final",
    "amended",
    "corrected",
    "cancelled",
    "entered-in-error",
    "unknown",
}
#: LOINC answer list LL1971-2.
PRESENCES = {"LA9633-4", "LA9634-2", "LA18198-4", "LA11884-6"}
_ISSUE_TYPES = """
    invalid structure required value invariant security login unknown expired forbidden
    suppressed processing not-supported duplicate multiple-matches not-found deleted too-long
    code-invalid extension too-costly business-rule conflict transient lock-error no-store exception
    timeout incomplete throttled informational
"""
#: R4 value set issue-type, required.
ISSUE_TYPES = frozenset(_ISSUE_TYPES.split())


@lru_cache(maxsize=1)
def _table() -> Json:
    table: Json = yaml.safe_load(_TABLE.read_text("utf-8"))
    return table


def bundle_faults(bundle: Json) -> list[str]:
    """Return what is wrong with a collection Bundle and with every resource in it."""
    return list(_bundle_faults(bundle))


def _bundle_faults(bundle: Json) -> Iterator[str]:
    if bundle.get("type") != "collection":
        yield "Bundle.type: collection"
    urls = Counter(entry.get("fullUrl") for entry in bundle["entry"])
    for url, count in urls.items():
        if count > 1 or not url:  # invariants bdl-7 and bdl-8
            yield f"Bundle.entry.fullUrl: {url!r} stands {count} times"
    for index, entry in enumerate(bundle["entry"]):
        where = f"Bundle.entry[{index}]"
        if set(entry) - {"fullUrl", "resource"}:  # bdl-2 to bdl-4: nothing of searches or requests
            yield f"{where}: {sorted(entry)}"
        resource = entry["resource"]
        if entry.get("fullUrl") != f"urn:uuid:{resource.get('id')}":
            yield f"{where}: fullUrl and id do not agree"
        for fault in resource_faults(resource):
            yield f"{where} {resource['resourceType']}: {fault}"
        for reference in references(resource):
            if reference not in urls:
                yield f"{where}: {reference} is not in the Bundle"


def references(resource: Json) -> list[str]:
    """Return what a resource derives from or lists."""
    linked = [*resource.get("derivedFrom", ()), *resource.get("result", ())]
    return [item["reference"] for item in linked]


def resource_faults(resource: Json) -> list[str]:
    """Return what is wrong with one resource, by its kind and the profiles that it claims."""
    faults = []
    if resource["resourceType"] == "OperationOutcome":
        faults += _outcome_faults(resource)
    elif resource.get("status") not in STATUSES:
        faults.append(f"status: {resource.get('status')!r}")
    for profile in resource.get("meta", {}).get("profile", ()):
        faults += profile_faults(resource, profile.removeprefix(_STRUCTURE))
    return faults


def _outcome_faults(resource: Json) -> Iterator[str]:
    for issue in resource.get("issue") or [{}]:
        if issue.get("severity") not in ("fatal", "error", "warning", "information"):
            yield f"issue.severity: {issue.get('severity')!r}"
        if issue.get("code") not in ISSUE_TYPES:
            yield f"issue.code: {issue.get('code')!r}"


def profile_faults(resource: Json, name: str) -> list[str]:
    """Return what is wrong with a resource under a profile (``variant|3.0.0``).

    Raises:
        KeyError: there is no such profile; a resource that claims one would never be checked.
    """
    profile = _table()["profiles"][name]
    faults = [*_element_faults(resource, profile), *_category_faults(resource, profile)]
    components = resource.get("component", [])
    for part, rule in profile.get("components", {}).items():
        faults += _component_faults(components, part, rule)
    if name.startswith("variant|") and not _presence_is_known(resource):
        faults.append("value: not of LL1971-2")
    return faults


def _element_faults(resource: Json, profile: Json) -> Iterator[str]:
    if resource["resourceType"] != profile["type"]:
        yield f"resourceType: {profile['type']}"
    if "code" in profile and not _has(resource.get("code"), *profile["code"]):
        yield f"code: {profile['code'][1]} is missing"
    values = [key for key in resource if key.startswith("value")]
    if len(values) > 1:
        yield f"value: {values}"
    for element, cardinality in profile["elements"].items():
        found = resource.get(element)
        count = len(found) if isinstance(found, list) else int(found is not None)
        yield from _count_faults(element, len(values) if element == "value" else count, cardinality)


def _category_faults(resource: Json, profile: Json) -> Iterator[str]:
    given = resource.get("category", [])
    for system, code, cardinality in profile["categories"]:
        count = sum(_has(concept, system, code) for concept in given)
        yield from _count_faults(f"category {code}", count, cardinality)


def _component_faults(components: list[Json], part: str, rule: list[str]) -> Iterator[str]:
    system, code, cardinality, *types = rule
    found = [item for item in components if _has(item.get("code"), system, code)]
    yield from _count_faults(f"component {part}", len(found), cardinality)
    allowed = {f"value{name[0].upper()}{name[1:]}" for name in types if name != "?"}
    for item in found:
        values = {key for key in item if key.startswith("value")}
        if values - allowed or len(values) > 1 or (not values and "?" not in types):
            yield f"component {part}: {sorted(values)}, not {sorted(allowed)}"


def _count_faults(what: str, count: int, cardinality: str) -> Iterator[str]:
    low, high = cardinality.split("..")
    if count < int(low) or (high != "*" and count > int(high)):
        yield f"{what}: {count}, not {cardinality}"


def _presence_is_known(resource: Json) -> bool:
    codings = resource.get("valueCodeableConcept", {}).get("coding", ())
    return any(item.get("code") in PRESENCES for item in codings)


def _has(concept: Json | None, system: str, code: str) -> bool:
    wanted = (_table()["systems"][system], code)
    codings = (concept or {}).get("coding", ())
    return any((item.get("system"), item.get("code")) == wanted for item in codings)
