"""The value of a test of one marker: a word, a score or a number to what the notation reads.

A number means something only with a scale; protein alone, where it is scored, is no score.
Source: LOINC answer lists; ASCO/CAP HER2 (Wolff 2018, affirmed 2023).
"""

from __future__ import annotations

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import (
    Attempt,
    Tools,
    attempt,
    keep,
    put_apart,
    put_apart_as_refused,
)
from service.adapters.fhir_in.components import interpretation_of, result_of
from service.adapters.fhir_in.elements import Value, concept, short, value_of
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.grading import Grading
from service.engine.vocabulary import MarkerTest

_ASSAYS = {"ihc": "IHC", "ish": "ISH", "ish_ratio": "ISH", "ish_copies": "ISH"}
_SCORES = frozenset({"0", "1+", "2+", "3+"})
_PRESENT = {
    "present": "positive",
    "detected": "positive",
    "absent": "negative",
    "not detected": "negative",
}


def read_result(
    tools: Tools, resource: Resource, test: MarkerTest, gene: str, notebook: Notebook
) -> None:
    """Read the result of a test of one gene into the notebook."""
    value = value_of(resource.body)
    word = result_of(resource, notebook)
    if word == "":
        message = "its codes give different results"
        put_apart(
            notebook, resource, "contradictory_result", message, gene=gene, text=words_of(resource)
        )
        return
    if word is None and (value.quantity is None or test.kind not in ("ihc", "tps", "score")):
        word = interpretation_of(resource.body) if not value.strings else None
    if word is None and value.is_missing:
        put_apart(notebook, resource, "no_result", "it has no value: no result", gene=gene)
        return
    tried: Attempt | None
    if word in ("no call", "not tested", "indeterminate"):
        tried = attempt(tools, gene, None, result="indeterminate", assay=_ASSAYS.get(test.kind))
    else:
        tried = _attempt(tools, test, gene, word, value, interpretation_of(resource.body))
    _keep(tools, resource, tried, test, notebook, gene=gene)


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
    grading = tools.grading(gene)
    if test.kind == "ihc" and grading.is_membrane_scored and word in ("present", "detected"):
        if said not in ("positive", "negative"):
            return None  # protein alone is no score
        word = said
    assay = _ASSAYS.get(test.kind)
    if grading.is_membrane_scored and test.kind == "status" and word in _SCORES:
        assay = "IHC"  # a score also where only an interpretation is asked for
    if _is_status_word(tools, test, gene, word):
        assay = None  # "positive" says the status, and not which score it was
    if word is not None:
        return attempt(tools, gene, _PRESENT.get(word, word), assay=assay)
    words = _number_words(test, value, grading)
    if words:
        return attempt(tools, gene, words, assay=assay)
    is_scored = test.kind == "status" and grading.is_membrane_scored
    assays = (assay, "IHC") if is_scored else (assay,)
    tries = [attempt(tools, gene, text, assay=a) for text in value.strings[:8] for a in assays]
    read = next((tried for tried in tries if tried.error is None), None)
    if read is None and _found(said) is not None and not value.strings:
        return attempt(tools, gene, _PRESENT.get(said or "", said), assay=assay)
    return read or next(iter(tries), None)


def _is_status_word(tools: Tools, test: MarkerTest, gene: str, word: str | None) -> bool:
    """Tell whether a word says a status that rests on a score which is not given."""
    return test.kind == "ihc" and tools.grading(gene).is_membrane_scored and _found(word) is True


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
    tries = [attempt(tools, gene, text) for text in value.strings[:8]]
    return next((tried for tried in tries if tried.error is None), next(iter(tries), None))


def read_one_of(tools: Tools, resource: Resource, test: MarkerTest, notebook: Notebook) -> None:
    """Read one test of several genes: negative for all, one of them, or a text that says which."""
    word = result_of(resource, notebook)
    if _found(word) is False:
        for gene in test.genes:
            tried = attempt(tools, gene, None, result="not_detected")
            _keep(tools, resource, tried, test, notebook)
    elif _found(word) is True:
        group = tools.vocabulary.reader.names.group_of(test.genes)
        if group is not None:
            tried = attempt(tools, group.symbol, "mutation")
            _keep(tools, resource, tried, test, notebook)
            return
        genes = " or ".join(test.genes)
        message = f"a mutation was found; the result does not say in which gene: {genes}"
        place, said = resource.at("value"), words_of(resource)
        put_apart(notebook, resource, "ambiguous_gene", message, place, text=said)
    else:
        texts = value_of(resource.body).strings[:8]
        tries = [attempt(tools, None, text) for text in texts]
        read = next((tried for tried in tries if tried.error is None), None)
        _keep(tools, resource, read or next(iter(tries), None), test, notebook)


def _number_words(test: MarkerTest, value: Value, grading: Grading) -> str:
    """Return a number in the words of its scale; empty when it has none."""
    quantity = value.quantity
    if quantity is None:
        return ""
    number = f"{quantity.comparator}{round(quantity.value, 2):g}"
    if test.kind == "tps":
        is_share = "%" not in quantity.unit and quantity.value <= 1  # 0.6 may be 60 %
        return "" if is_share else f"TPS {number}%"
    scale = next((s for s in grading.scales if s.name == test.alteration), None)
    if test.kind == "score" and scale is not None:  # a code of a scale says its unit, too
        units = {unit.lower() for unit in (scale.unit, *scale.unit_words, scale.ucum, "", "1")}
        return f"{number} {scale.unit}" if quantity.unit.lower() in units else ""
    if "%" in quantity.unit:
        return f"{number}%"
    if test.kind == "ihc" and grading.is_number_a_score and not quantity.comparator:
        unit = quantity.unit.strip("{}").lower()
        if quantity.value in (0, 1, 2, 3) and unit in ("", "1", "+", "score"):
            return "0" if quantity.value == 0 else f"{quantity.value:g}+"
    return ""


def words_of(resource: Resource) -> str:
    """Return the words of a test and its value."""
    label = concept(resource.body.get("code")).label
    return " ".join((label, *value_of(resource.body).strings)).strip()


def _keep(
    tools: Tools,
    resource: Resource,
    tried: Attempt | None,
    test: MarkerTest,
    notebook: Notebook,
    *,
    gene: str | None = None,
) -> None:
    place = resource.at("value")
    if tried is None:
        said = ", ".join(value_of(resource.body).strings) or "a number"
        message = f"{short(said)!r} is no score and no result of this test"
        text = words_of(resource)
        put_apart(
            notebook, resource, "number_without_cut_off", message, place, gene=gene, text=text
        )
    elif tried.error is None:
        is_unsure = any(f.kind == "status" for f in tried.findings) and test.kind == "ihc"
        more = {"confidence": "low"} if is_unsure else {}
        if is_unsure:
            names = ", ".join(finding.name for finding in tried.findings)
            message = f"the score is not given: read as {names}"
            notebook.warn("score_not_given", message, place)
        keep(notebook, resource, tried, location=place, read_from=test.kind, **more)
    else:
        put_apart_as_refused(notebook, resource, tried.error, place)
