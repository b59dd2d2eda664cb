"""Laboratory tests of one marker: IHC, ISH, receptors, rearrangements, MSI, PD-L1.

Which test an Observation or component is, and of which gene; what its value says is in
``marker_results``. The ratio and copies of a dual probe of one specimen are handed back, to be read
together.
Source: LOINC; ASCO/CAP HER2 (Wolff 2018, affirmed 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import (
    Tools,
    leave_not_covered,
    put_apart,
)
from service.adapters.fhir_in.components import (
    components_of,
    ignored,
    interpretation_of,
)
from service.adapters.fhir_in.elements import (
    Concept,
    Json,
    concept,
    objects,
    value_of,
)
from service.adapters.fhir_in.marker_results import read_one_of, read_result, words_of
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.reading import Item
from service.engine.vocabulary import MarkerTest

_HYBRID = frozenset({"ish", "ish_ratio", "ish_copies"})
#: What of an Observation is not its components'.
_OWN = frozenset({"component", "interpretation", "hasMember", "note", "code", "dataAbsentReason"})


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
        read_one_of(tools, resource, test, notebook)
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
        read_result(tools, resource, test, gene, notebook)
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
        put_apart(notebook, resource, "no_gene", "no component names it", text=words_of(resource))
    return tuple(dict.fromkeys(found))


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
