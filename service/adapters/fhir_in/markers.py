"""Results of laboratory tests of one marker: IHC, ISH, receptors, rearrangements, MSI, PD-L1.

A word or score goes to the notation with its gene and assay. A number means something only with a
scale: the ratio and copies of a dual probe of one specimen are read together, any other bare
number is set apart.
Source: LOINC; ASCO/CAP HER2 (Wolff 2018, affirmed 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import (
    Attempt,
    Tools,
    attempt,
    keep,
    leave_not_covered,
    put_apart,
    put_apart_as_refused,
)
from service.adapters.fhir_in.components import (
    components_of,
    ignored,
    interpretation_of,
    result_of,
)
from service.adapters.fhir_in.elements import (
    Concept,
    Json,
    Value,
    concept,
    objects,
    short,
    value_of,
)
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.grading import Grading
from service.engine.reading import Item
from service.engine.vocabulary import MarkerTest

_ASSAYS = {"ihc": "IHC", "ish": "ISH", "ish_ratio": "ISH", "ish_copies": "ISH"}
_HYBRID = frozenset({"ish", "ish_ratio", "ish_copies"})
_SCORES = frozenset({"0", "1+", "2+", "3+"})
#: What of an Observation is not its components'.
_OWN = frozenset({"component", "interpretation", "hasMember", "note", "code", "dataAbsentReason"})
_PRESENT = {
    "present": "positive",
    "detected": "positive",
    "absent": "negative",
    "not detected": "negative",
}


@dataclass(frozen=True, slots=True)
class HybridNumber:
    """The ratio or copy number of a dual probe, to be read with the others of its specimen.

    Args:
        said: ``positive`` or ``negative`` when the laboratory interprets it.
    """

    kind: str
    value: float
    resource: Resource
    location: str
    gene: str
    said: str = ""


def marker_test(tools: Tools, resource: Resource, notebook: Notebook) -> MarkerTest | None:
    """Return which marker test an Observation is; ``None`` for every other one."""
    code = concept(resource.body.get("code"))
    named = codes.code_in(code, tools.tests.by_code)
    if named is None:
        shown = ((words, tools.tests.named(words)) for words in code.words)
        display, test = next(((words, test) for words, test in shown if test), ("", None))
        if test is not None:
            message = f"read by its display {display[:80]!r}; its code is not known"
            notebook.warn("unexpected_code", message, resource.at("code"))
        return test
    if named.remark:
        notebook.warn("unexpected_code", named.remark, resource.at("code"))
    test = tools.tests.by_code[named.code]
    _hold_against_display(tools, resource, test, code, notebook)
    return test


def _hold_against_display(
    tools: Tools, resource: Resource, test: MarkerTest, code: Concept, notebook: Notebook
) -> None:
    """Warn of words beside a code that name the test of another gene; the code counts."""
    for words in code.words if test.genes else ():
        genes = tools.genes.named_in_text(words)
        if genes and not genes & set(test.genes):
            shown = ", ".join(sorted(genes))
            message = f"{test.code} is a test of {test.genes[0]}, its display names {shown}"
            notebook.warn("code_display_mismatch", message, resource.at("code"))
            return


def marker_parts(
    tools: Tools, resource: Resource, notebook: Notebook
) -> list[tuple[Resource, MarkerTest]]:
    """Return the components that are marker tests themselves, each as an Observation of its own.

    A component has the subject, specimen and day of its Observation, and never its value. Where the
    Observation names its gene, a component with the code of another gene's test is none.
    """
    found = []
    named = components_of(resource, Notebook()).get("gene", [])
    genes = {tools.genes.read(part.value).symbol for part in named}
    kept = {k: v for k, v in resource.body.items() if not k.startswith("value") and k not in _OWN}
    for node, step in objects(resource.body, "component"):
        part = replace(resource, body={**kept, **node}, location=resource.at(step))
        test = marker_test(tools, part, notebook)
        is_of_another = bool(genes) and test is not None and not genes & set(test.genes)
        if test is not None and not is_of_another:
            found.append((part, test))
    return found


def read_marker(
    tools: Tools,
    resource: Resource,
    test: MarkerTest,
    notebook: Notebook,
    *,
    is_panel: bool = False,
) -> list[HybridNumber]:
    """Read the result of a marker test; numbers of a dual probe are handed back.

    Args:
        is_panel: components of it are tests themselves, so that it may have no value.
    """
    if is_panel and value_of(resource.body).is_missing and test.kind not in _HYBRID:
        notebook.account(Item(resource.location, "", "context"))
        return []
    if test.kind == "none":
        if test.reason[0] == "gene_not_covered":
            label = concept(resource.body.get("code")).label or test.code
            leave_not_covered(tools, notebook, resource, label, resource.location)
            return []
        notebook.ignored.append(ignored(resource, *test.reason))
        return []
    if test.kind == "mutations" and len(test.genes) > 1:
        _read_one_of(tools, resource, test, notebook)
        return []
    genes = _genes(tools, resource, test, notebook)
    has_probe = len(genes) == 1 and tools.grading(genes[0]).probe.ratio is not None
    if has_probe and test.kind in _HYBRID:
        numbers = _hybrid_numbers(tools, resource, test, genes[0])
        if numbers or (test.kind == "ish" and "hasMember" in resource.body):
            return numbers
    for gene in genes:
        if test.kind == "ihc" and not tools.grading(gene).expression_decides:
            message = f"{gene} protein expression is no {gene} mutation"
            notebook.ignored.append(ignored(resource, "expression_not_mutation", message))
            continue
        _read_result(tools, resource, test, gene, notebook)
    return []


def _genes(
    tools: Tools, resource: Resource, test: MarkerTest, notebook: Notebook
) -> tuple[str, ...]:
    """Return the gene of a test; those of the components for a generic test."""
    parts = components_of(resource, notebook).get("gene", [])
    named = [tools.genes.read(part.value) for part in parts]
    if test.genes:
        own = test.genes[0]
        others = [gene.label for gene in named if gene.symbol != own and gene.label]
        if others and test.kind != "status":
            message = f"the test is of {own}, its component names {', '.join(others)[:60]}"
            put_apart(notebook, resource, "contradictory_gene", message, gene=own)
            return ()
        return (own,)
    found = []
    for gene, part in zip(named, parts, strict=True):
        if gene.symbol:
            found.append(gene.symbol)
        else:
            said = " ".join(value_of(resource.body).strings)
            name = gene.label or "a gene without a name"
            leave_not_covered(tools, notebook, resource, name, part.location, alteration=said)
    if not parts:
        put_apart(notebook, resource, "no_gene", "no component names it", text=_said(resource))
    return tuple(dict.fromkeys(found))


def _read_result(
    tools: Tools, resource: Resource, test: MarkerTest, gene: str, notebook: Notebook
) -> None:
    value = value_of(resource.body)
    word = result_of(resource, notebook)
    if word == "":
        message = "its codes give different results"
        put_apart(
            notebook, resource, "contradictory_result", message, gene=gene, text=_said(resource)
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


def _read_one_of(tools: Tools, resource: Resource, test: MarkerTest, notebook: Notebook) -> None:
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
        place, said = resource.at("value"), _said(resource)
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


def _said(resource: Resource) -> str:
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
        text = _said(resource)
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


def _hybrid_numbers(
    tools: Tools, resource: Resource, test: MarkerTest, gene: str
) -> list[HybridNumber]:
    """Return the ratio and the copies of an Observation: its value and those of its components.

    A number below which the value lies (``<2``) decides nothing and is left to the refusal.
    """
    said = interpretation_of(resource.body) or ""
    places: list[tuple[Json, str, str]] = [(resource.body, test.kind, resource.at("value"))]
    for node, step in objects(resource.body, "component"):
        named = codes.code_in(concept(node.get("code")), tools.tests.by_code)
        part = tools.tests.by_code[named.code] if named else None
        places.append((node, part.kind if part else "", resource.at(step)))
    found = []
    for node, kind, location in places:
        quantity = value_of(node).quantity
        if kind not in ("ish_ratio", "ish_copies") or quantity is None:
            continue
        if quantity.comparator not in ("<", "<="):
            found.append(HybridNumber(kind, quantity.value, resource, location, gene, said))
    return found
