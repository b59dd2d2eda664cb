"""A Variant (LOINC 69548-6) to biomarkers: sequence variants, copy numbers, genes alone.

Present, absent, no call and indeterminate are the three values of a finding; a missing value
decides nothing. Fusions are in ``fusions``, the spelling of a change in ``forms``.
Source: HL7 Genomics Reporting, profile Variant; LOINC answer list LL1971-2.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import (
    Tools,
    attempt,
    keep,
    leave,
    put_apart,
    put_apart_as_refused,
)
from service.adapters.fhir_in.classification import Significances, origin_of, source_class_of
from service.adapters.fhir_in.components import Component, components_of, result_of
from service.adapters.fhir_in.elements import value_of
from service.adapters.fhir_in.forms import Judged, assembly_conflict, forms_of, read_forms
from service.adapters.fhir_in.fusions import is_fusion, read_fusion
from service.adapters.fhir_in.genes import ReadGene
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.adapters.fhir_in.variant import Variant
from service.engine.reading import Item

_RESULT = {"present": None, "absent": "not_detected", "open": "indeterminate"}
_OF_CONSEQUENCES = frozenset({"protein", "coding", "transcript", "protein_reference"})
_GENES = ("gene", "five_prime", "three_prime")
_DIRECTIONS = {"gain": "copy number gain", "loss": "copy number loss"}
#: Components that say what was looked for: without them a negative is about the whole gene.
_SCOPES = frozenset(
    {"protein", "coding", "genomic", "variation", "change_type", "region", "position", "ref", "alt"}
)
_EXON = re.compile(r"exon\s*(\d{1,2})", re.I)
_WORDS = {
    "deletion": "deletion", "insertion": "insertion", "duplication": "duplication",
    "delins": "delins", "substitution": "mutation",
}  # fmt: skip


def read_variant(
    tools: Tools,
    resource: Resource,
    consequences: list[Resource],
    significances: Significances,
    notebook: Notebook,
) -> None:
    """Read a Variant into the notebook of its subject.

    Args:
        consequences: MolecularConsequences that are derived from it.
        significances: what implications call it.
    """
    components = {**components_of(resource, notebook)}
    for other in consequences:
        for name, parts in components_of(other, notebook, soft=True).items():
            if name in _OF_CONSEQUENCES:
                components[name] = [*components.get(name, ()), *parts]
    parts = [part for name in _GENES for part in components.get(name, ())]
    genes = [(tools.genes.read(part.value), part) for part in parts]
    source = source_class_of(components)
    if source in codes.NOT_OF_TUMOR and not _counts_in_germline(tools, genes, source):
        variant = Variant(tools, resource, notebook, components, tuple(genes), None)
        symbol = next(iter(variant.symbols), None)
        message = f"its origin is {source}: it says nothing about the tumour"
        place = resource.location
        leave(notebook, resource, "germline", message, place, gene=symbol, text=variant.said)
        return
    result = _result(resource, notebook)
    if result is None:
        return
    for gene, part in genes:
        if gene.remark:
            more = (gene.suggestion,) if gene.suggestion else ()
            notebook.warn("code_display_mismatch", gene.remark, part.location, *more)
    called = significances.of(resource, components, notebook)
    told = replace(tools, origin=origin_of(source), called=called)
    _read(Variant(told, resource, notebook, components, tuple(genes), _RESULT[result]))


def _counts_in_germline(tools: Tools, genes: list[tuple[ReadGene, Component]], source: str) -> bool:
    """Tell whether what the patient was born with counts for one of the genes."""
    symbols = [gene.symbol for gene, _ in genes if gene.symbol]
    is_own = source in ("germline", "likely germline")  # of the patient, not of her child
    return is_own and any(tools.vocabulary.reader.has_origin(symbol) for symbol in symbols)


def _result(resource: Resource, notebook: Notebook) -> str | None:
    """Return ``present``, ``absent`` or ``open``; ``None`` when nothing can be said."""
    word = result_of(resource, notebook)
    if word == "":
        message = "its codes give different results"
        put_apart(notebook, resource, "contradictory_result", message, resource.at("value"))
        return None
    known = {codes.FOUND: "present", codes.NOT_FOUND: "absent", codes.OPEN: "open"}
    found = next((name for words, name in known.items() if word in words), None)
    if found is None:
        said = ", ".join(value_of(resource.body).strings)[:80]
        message = f"its value {said!r} is no result" if said else "it has no value: no result"
        put_apart(notebook, resource, "no_result", message)
    return found


def _read(variant: Variant) -> None:
    """Decide which kind of alteration it is, and read it."""
    torn = next((gene for gene, _ in variant.genes if gene.is_torn), None)
    if torn is not None and not variant.symbols:
        variant.refuse("contradictory_gene", torn.remark)
        return
    if variant.genes and not variant.symbols and not variant.shown:
        _leave_not_covered(variant)
        return
    if _is_never_read(variant):
        message = "no read shows the change, and the result says that it is present"
        variant.refuse("contradictory_result", message)
        return
    verdict = _best_verdict(variant)
    if verdict.contradiction:
        variant.refuse("contradictory_notation", verdict.contradiction)
    elif is_fusion(variant, verdict):
        read_fusion(variant)
    elif verdict.best is not None and verdict.best.tried.is_decided:
        _keep_form(variant, verdict)
    elif variant.is_copy_number:
        _read_copy_number(variant)
    elif verdict.best is not None:
        _keep_form(variant, verdict)
    elif verdict.refused is not None:
        _refuse_form(variant, verdict)
    else:
        _read_genes_alone(variant)


def _leave_not_covered(variant: Variant) -> None:
    """Set a Variant apart of which no gene is covered."""
    named = [(gene.label, part.location) for gene, part in variant.genes if gene.label]
    if not named and "fusion" in variant.components:
        part = variant.components["fusion"][0]
        named = [(part.value.concept.label, part.location)]
    texts = [form.text for form in forms_of(variant.components)]
    for label, place in named:
        variant.leave_not_covered(label, place, texts[0] if texts and len(named) == 1 else None)
    if not named:
        variant.refuse("no_gene", "the component that should name the gene is empty")


def _is_never_read(variant: Variant) -> bool:
    """Tell whether a change is called present and its fraction of reads is 0 %."""
    return variant.result is None and variant.allele_frequency == 0


def _best_verdict(variant: Variant) -> Judged:
    """Read the forms with the one gene they are of, or with each gene in turn, or with none."""
    symbols = variant.symbols
    if not symbols:
        return _verdict_without_code(variant)
    verdicts = [
        read_forms(variant.tools, symbol, variant.components, variant.result) for symbol in symbols
    ]
    decided = [v for v in verdicts if v.best is not None and v.best.tried.is_decided]
    if len(decided) > 1:
        names = " and ".join(symbols)
        return Judged(verdicts[0].forms, None, f"its change may be of {names}: it names both")
    return decided[0] if decided else verdicts[0]


def _verdict_without_code(variant: Variant) -> Judged:
    """Read forms that name their gene themselves; beside another gene's code they must agree."""
    verdict = read_forms(variant.tools, None, variant.components, variant.result)
    if not variant.genes or verdict.best is None:
        return verdict
    found = {finding.gene for finding in verdict.best.tried.findings}
    return verdict if found <= set(variant.shown) else Judged(verdict.forms, None)


def _keep_form(variant: Variant, verdict: Judged) -> None:
    best = verdict.best
    if best is None:
        return
    conflict = assembly_conflict(variant.components)
    if conflict is not None:
        message = f"{conflict.text[:60]!r} is of another assembly than the one named; it counts"
        variant.notebook.warn("assembly_mismatch", message, conflict.location)
    if best.remark:
        variant.notebook.warn("other_reference", best.remark, best.form.location)
    for item in verdict.forms:
        error = item.tried.error
        if error is not None and item.form.name in ("protein", "coding", "genomic"):
            message = f"{item.form.text[:60]!r} was not used: {error.message}"
            code = error.reason or ""
            variant.notebook.warn(code, message, item.form.location, *error.suggestions)
    if not best.form.location.startswith(variant.resource.location):
        variant.notebook.account(Item(variant.resource.location, "", "context"))
    same = best.tried.exact
    compared = [item.form.text for item in verdict.forms if same and item.tried.exact == same]
    keep(
        variant.notebook, variant.resource, best.tried, location=best.form.location,
        read_from=best.form.name, agreeing=compared, allele_frequency=variant.allele_frequency,
    )  # fmt: skip


def _refuse_form(variant: Variant, verdict: Judged) -> None:
    item = verdict.refused
    if item is None or item.tried.error is None:
        return
    error = item.tried.error
    if variant.shown:
        gene, part = next((gene, part) for gene, part in variant.genes if gene.shown)
        variant.leave_not_covered(gene.label, part.location, item.form.text)
        return
    if error.reason == "unknown_gene" and ":" not in item.form.text:
        message = f"{item.form.text[:60]!r} stands without its gene (notes are not read)"
        put_apart(
            variant.notebook, variant.resource, "no_gene", message, item.form.location,
            *error.suggestions, text=item.form.text,
        )  # fmt: skip
        return
    if error.reason == "unknown_gene":
        variant.leave_not_covered(item.form.text, item.form.location)
        return
    message = f"{item.form.text[:60]!r} is not understood: {error.message}"
    place = item.form.location
    put_apart_as_refused(variant.notebook, variant.resource, error, place, message)


def _read_copy_number(variant: Variant) -> None:
    """Read a copy number, else gain or loss in words."""
    part = next(iter(variant.components.get("copy_number", ())), None)
    words = _copies(part) if part and variant.result is None else ""
    if not words:
        words = _DIRECTIONS.get(variant.change_type, "")
        if variant.result == "not_detected" and words != "copy number loss":
            words = "amplification"
    if not words:
        variant.refuse("number_without_cut_off", "the copy number does not say gain or loss")
        return
    location = part.location if part else variant.resource.location
    variant.leave_other_genes()
    for gene, place in variant.covered:
        tried = attempt(variant.tools, gene, words, result=variant.result)
        at = location if len(variant.covered) == 1 else place
        variant.keep_or_refuse(tried, at, "copy_number")


def _copies(part: Component) -> str:
    """Return a copy number in words; a range must lie on one side of the cut-offs."""
    value = part.value
    if value.quantity is not None:
        is_open = value.quantity.comparator in ("<", "<=")
        return "" if is_open else f"copy number {round(value.quantity.value, 2):g}"
    if value.low is not None and value.low >= 6:
        return f"copy number {round(value.low, 2):g}"
    if value.high is not None and value.high <= 2:
        return f"copy number {round(value.high, 2):g}"
    return ""


def _read_genes_alone(variant: Variant) -> None:
    """Read a gene with a result and no alteration: a negative has a scope, a positive has none."""
    if not variant.covered:
        message = "no component names a gene or a change (notes and narrative are not read)"
        variant.refuse("no_gene", message)
        return
    words = _words_of(variant)
    if variant.result is None and not words:
        message = "a variant is present, but nothing says which: give HGVS"
        variant.refuse("missing_alteration", message)
        return
    if not words and _SCOPES & set(variant.components):
        message = "what was looked for is not understood; the result is not widened to the gene"
        variant.refuse("missing_alteration", message)
        return
    variant.leave_other_genes()
    for gene, place in variant.covered:
        # A variant is about the sequence, also of a gene whose protein is stained (KIT).
        grading = variant.tools.grading(gene)
        is_stained = grading.bare == "ambiguous" or bool(grading.asks_back)
        said = words or ("mutation" if is_stained else None)
        tried = attempt(variant.tools, gene, said, result=variant.result)
        variant.keep_or_refuse(tried, place, "gene")


def _words_of(variant: Variant) -> str:
    """Return the alteration in words: ``exon 19 deletion``, or any substitution that is present."""
    kind = _WORDS.get(variant.change_type, "")
    for part in variant.components.get("region", ()):
        for text in part.value.strings:
            found = _EXON.search(text)
            if found and (kind or variant.result is not None):
                return f"exon {found[1]} {kind or 'mutation'}"
    is_open = "region" in variant.components or variant.result is not None
    return kind if kind == "mutation" and not is_open else ""
