"""Results of laboratory tests of one marker: IHC, ISH, receptors, rearrangements, MSI, PD-L1.

A word or score goes to the notation with its gene and assay. A number means something only with a
scale: HER2 ratio and copies of one specimen are read together, any other bare number is set
apart.
Source: LOINC; ASCO/CAP HER2 (Wolff 2018, affirmed 2023).
"""

from __future__ import annotations

from dataclasses import dataclass

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import Attempt, Tools, attempt, keep, refuse
from service.adapters.fhir_in.components import (
    components_of,
    ignored,
    interpretation_of,
    result_of,
)
from service.adapters.fhir_in.elements import Value, concept, objects, short, value_of
from service.adapters.fhir_in.marker_tests import (
    DISPLAYS,
    EXPRESSION_IS_NO_FINDING,
    TESTS,
    MarkerTest,
)
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource

_ASSAYS = {"ihc": "IHC", "ish": "ISH"}
_PRESENT = {
    "present": "positive",
    "detected": "positive",
    "absent": "negative",
    "not detected": "negative",
}


@dataclass(frozen=True, slots=True)
class HybridNumber:
    """A HER2 ISH ratio or copy number, to be read together with the others of its specimen."""

    kind: str
    value: float
    resource: Resource
    location: str


def marker_test(resource: Resource, notebook: Notebook) -> MarkerTest | None:
    """Return which marker test an Observation is; ``None`` for every other one."""
    code = concept(resource.body.get("code"))
    named = codes.code_in(code, TESTS)
    if named is None:
        display = next((words for words in code.words if words.lower() in DISPLAYS), None)
        if display is None:
            return None
        message = f"read by its display {display[:80]!r}; its code is not known"
        notebook.warn("unexpected_code", message, resource.at("code"))
        return TESTS[DISPLAYS[display.lower()]]
    if named.remark:
        notebook.warn("unexpected_code", named.remark, resource.at("code"))
    return TESTS[named.code]


def read_marker(
    tools: Tools, resource: Resource, test: MarkerTest, notebook: Notebook
) -> list[HybridNumber]:
    """Read the result of a marker test; numbers of a HER2 ISH are handed back."""
    if test.kind == "none":
        notebook.ignored.append(ignored(resource, *test.reason))
        return []
    if test.kind.startswith("ish_"):
        return _hybrid_numbers(resource, test, notebook)
    for gene in _genes(tools, resource, test, notebook):
        no_finding = EXPRESSION_IS_NO_FINDING.get(gene) if test.kind == "ihc" else None
        if no_finding is not None:
            notebook.ignored.append(ignored(resource, *no_finding))
            continue
        _read_result(tools, resource, test, gene, notebook)
    return _hybrid_numbers(resource, test, notebook) if test.kind == "ish" else []


def _genes(
    tools: Tools, resource: Resource, test: MarkerTest, notebook: Notebook
) -> tuple[str, ...]:
    """Return the gene of a test; the one of the component for a generic test."""
    if test.gene:
        return (test.gene,)
    if test.kind == "mutations":
        return ("KRAS", "NRAS")
    parts = components_of(resource, notebook).get("gene", [])
    found = []
    for part in parts:
        gene = tools.genes.read(part.value)
        if gene.symbol:
            found.append(gene.symbol)
        else:
            message = f"{gene.label or 'the gene'} is no gene of this knowledge base"
            notebook.ignored.append(ignored(resource, "gene_not_covered", message, part.location))
    if not parts:
        notebook.ignored.append(ignored(resource, "no_gene", "no component names the gene"))
    return tuple(dict.fromkeys(found))


def _read_result(
    tools: Tools, resource: Resource, test: MarkerTest, gene: str, notebook: Notebook
) -> None:
    value = value_of(resource.body)
    word = result_of(resource, notebook)
    if word == "":
        refuse(notebook, resource, "contradictory_result", "its codes give different results")
        return
    if word is None and (value.quantity is None or test.kind not in ("ihc", "tps")):
        word = interpretation_of(resource.body) if not value.strings else None
    if word is None and value.is_missing:
        refuse(notebook, resource, "no_result", "it has no value: no result")
        return
    tried: Attempt | None
    if word in ("no call", "not tested", "indeterminate"):
        tried = attempt(tools, gene, None, result="indeterminate", assay=_ASSAYS.get(test.kind))
    else:
        tried = _attempt(tools, test, gene, word, value, interpretation_of(resource.body))
    _keep(tools, resource, tried, test, notebook)


def _attempt(
    tools: Tools, test: MarkerTest, gene: str, word: str | None, value: Value, said: str | None
) -> Attempt | None:
    """Try the result of a test; ``None`` when nothing readable stands there."""
    if test.kind == "variant_ihc" or test.kind == "rearrangement":
        found = _found(word)
        alteration = test.alteration or "fusion"
        result = None if found else "not_detected"
        return None if found is None else attempt(tools, gene, alteration, result=result)
    if test.kind == "mutations":
        return _mutations(tools, gene, word, value)
    if test.kind == "ihc" and gene == "ERBB2" and word in ("present", "detected"):
        return None  # protein is always present somewhere: it is a score that decides
    assay = _ASSAYS.get(test.kind)
    if word is not None:
        return attempt(tools, gene, _PRESENT.get(word, word), assay=assay)
    words = _number_words(test, gene, value)
    if words:
        return attempt(tools, gene, words, assay=assay)
    tries = [attempt(tools, gene, text, assay=assay) for text in value.strings]
    read = next((tried for tried in tries if tried.error is None), None)
    if read is None and _found(said) is not None and not value.strings:
        return attempt(tools, gene, _PRESENT.get(said or "", said), assay=assay)
    return read or next(iter(tries), None)


def _found(word: str | None) -> bool | None:
    if word in codes.FOUND:
        return True
    return False if word in codes.NOT_FOUND else None


def _mutations(tools: Tools, gene: str, word: str | None, value: Value) -> Attempt | None:
    """Read the mutations of a gene in words, or that there is none."""
    if _found(word) is not None:
        if word in codes.NOT_FOUND:
            return attempt(tools, gene, None, result="not_detected")
        return attempt(tools, gene, "mutation")
    tries = [attempt(tools, gene, text) for text in value.strings]
    return next((tried for tried in tries if tried.error is None), next(iter(tries), None))


def _number_words(test: MarkerTest, gene: str, value: Value) -> str:
    """Return a number in the words of its scale; empty when it has none."""
    quantity = value.quantity
    if quantity is None:
        return ""
    number = f"{quantity.comparator}{round(quantity.value, 2):g}"
    if test.kind == "tps":
        return f"TPS {number}%"
    if "%" in quantity.unit:
        return f"{number}%"
    if test.kind == "ihc" and gene in ("ERBB2", "ALK") and not quantity.comparator:
        is_score = quantity.value in (0, 1, 2, 3)
        unit = quantity.unit.strip("{}").lower()
        if is_score and unit in ("", "1", "+", "score"):
            return "0" if quantity.value == 0 else f"{quantity.value:g}+"
    return ""


def _keep(
    tools: Tools, resource: Resource, tried: Attempt | None, test: MarkerTest, notebook: Notebook
) -> None:
    place = resource.at("value")
    if tried is None:
        said = ", ".join(value_of(resource.body).strings) or "a number"
        message = f"{short(said)!r} is no score and no result of this test"
        refuse(notebook, resource, "number_without_cut_off", message, place)
    elif tried.error is None:
        keep(notebook, resource, tried, location=place, read_from=test.kind)
    else:
        error = tried.error
        refuse(
            notebook, resource, "unresolved", error.message, place, *error.suggestions,
            code=error.code,
        )  # fmt: skip


def _hybrid_numbers(resource: Resource, test: MarkerTest, notebook: Notebook) -> list[HybridNumber]:
    """Return the ratio and the copies of an Observation: its value and those of its components."""
    found = []
    own = value_of(resource.body).quantity
    if own is not None and test.kind in ("ish_ratio", "ish_copies"):
        found.append(HybridNumber(test.kind, own.value, resource, resource.at("value")))
    for node, step in objects(resource.body, "component"):
        named = codes.code_in(concept(node.get("code")), TESTS)
        kind = TESTS[named.code].kind if named else ""
        quantity = value_of(node).quantity
        if kind in ("ish_ratio", "ish_copies") and quantity is not None:
            found.append(HybridNumber(kind, quantity.value, resource, resource.at(step)))
    if not found and test.kind in ("ish_ratio", "ish_copies"):
        refuse(notebook, resource, "no_result", "it has no number")
    return found
