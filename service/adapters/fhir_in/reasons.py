"""Why something of a document was not used: every reason that ``ignored`` may give."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "ambiguous_gene": "a mutation of one of several genes, and the result does not say of which",
    "assertion_not_finding": "an implication says what a result means; it is no result",
    "cancelled": "the result, its report or the request was cancelled",
    "contradictory_forms": "the forms of one variant are different changes",
    "contradictory_gene": "the test is of one gene, its component names another",
    "contradictory_result": "the codes of one value are different results",
    "deleted": "the entry of a transaction deletes it",
    "entered_in_error": "the resource, or the report that lists it, was entered in error",
    "expression_not_mutation": "protein expression of a gene that is matched by its mutations",
    "family_history": "it is about a relative",
    "gene_not_covered": "the gene or marker is not in this knowledge base",
    "germline": "the variant is of the germline",
    "modifier_extension": "a modifier extension that is not known here may change the meaning",
    "no_alteration": "a variant is present or absent, and nothing readable says which",
    "no_code": "the component has no code",
    "no_gene": "nothing names the gene",
    "no_resource": "the entry holds no resource",
    "no_result": "there is no value, or one that is no result",
    "not_a_result": "it says what was tested, or groups other results",
    "not_a_tumor": "the Condition or reason is no tumour, or none of now",
    "not_final": "the result is registered, preliminary or of unknown status",
    "not_linked": "no result or report is based on this request",
    "not_read": "resources of this type say nothing about biomarkers or tumour types",
    "number_without_cut_off": "a number, share or presence without what makes it a result",
    "reference_probe": "it counts the reference probe of an ISH only",
    "refuted": "the diagnosis was refuted, or is only one of several possible",
    "secondary_tumor": "a metastasis does not say which tumour it comes from",
    "serum_test": "serum says nothing about the tumour tissue",
    "tumor_not_active": "the Condition is inactive or resolved",
    "tumor_type_given": "the caller names the tumour type",
    "unknown_test": "the test is not known here",
    "unknown_tumor_type": "a tumour, but its type is not known here",
    "unresolved": "the notation refuses it; the message and a warning say why",
    "unresolved_reference": "what it refers to is not in the document, or of another subject",
}
