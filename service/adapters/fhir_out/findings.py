"""A finding of the case as an Observation: a Variant, or a marker (IHC, ISH, score, status).

The text of the variation code or of the value is the finding's name, which the notation reads back
as the same finding; codes stand beside it where they say no more than was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.adapters.fhir_out import codes
from service.adapters.fhir_out.codes import Code, Release
from service.adapters.fhir_out.parts import categories, component, concept, identified, reference
from service.adapters.fhir_out.reported import CLASSES, Reported, reported_of
from service.engine.model import Finding, Gene
from service.engine.vocabulary import MarkerTest

Json = dict[str, Any]
_VARIANTS = ("sequence_variant", "fusion", "copy_number")


@dataclass(frozen=True, slots=True)
class Origin:
    """The resource of the request that a finding was read from.

    Args:
        reference: its address there (``urn:uuid:…``, ``Observation/1``); ``None``: it has none.
        place: where it stands in the request (``Bundle.entry[2].resource``).
    """

    reference: str | None
    place: str


class FindingWriter:
    """Writes findings of one release for one subject."""

    def __init__(
        self,
        genes: Mapping[str, Gene],
        records: Mapping[str, Json],
        release: Release,
        subject: Json | None,
        tests: Iterable[MarkerTest] = (),
    ) -> None:
        self._tests = {
            (test.genes[0], *test.written[:2]): (codes.LOINC, test.code, test.written[2])
            for test in tests
            if test.written is not None
        }
        self._genes = genes
        self._records = records
        self._release = release
        self._subject = subject

    def write(
        self,
        finding: Finding,
        origins: Iterable[Origin] = (),
        notes: Iterable[str] = (),
        reported: Reported | None = None,
    ) -> Json:
        """Return the Observation of a finding.

        Args:
            notes: what must be said about how it was read.
            reported: its bases as the request has them; without it what the reading shows.
        """
        is_variant = finding.kind in _VARIANTS
        profile = "variant" if is_variant else self._release.marker
        kinds = self._release.categories
        if profile is not None and not is_variant:
            kinds = (*kinds, codes.MOLECULAR_BIOMARKER)
        content = self._variant(finding, reported) if is_variant else self._marker(finding)
        resource: Json = {"resourceType": "Observation"}
        if profile is not None:
            resource["meta"] = {"profile": [self._release.profile(profile)]}
        supporting = [_supporting(each) for each in origins if each.reference or each.place]
        if supporting:
            resource["extension"] = supporting
        resource |= {"status": "final", "category": categories(kinds), "code": content.pop("code")}
        if self._subject is not None:
            resource["subject"] = self._subject
        remarks = [{"text": note} for note in notes]
        return identified(resource | content | ({"note": remarks} if remarks else {}))

    def _variant(self, finding: Finding, reported: Reported | None) -> Json:
        content: Json = {
            "code": concept(codes.VARIANT),
            "valueCodeableConcept": concept(codes.PRESENCE[finding.result], text=finding.name),
        }
        if finding.assay is not None:
            content["method"] = {"text": finding.assay}
        components = self._of_genes(finding)
        said = reported if reported is not None else reported_of(finding)
        for code, change in ((codes.CODING_HGVS, said.coding), (codes.GENOMIC_HGVS, said.genomic)):
            if change:
                value = concept((codes.HGVS, change, ""))
                components.append(component(code, valueCodeableConcept=value))
        refseq = self._records.get(finding.gene, {}).get("protein_refseq")
        if finding.hgvs_p is not None and refseq:
            hgvs = (codes.HGVS, f"{refseq}:{finding.hgvs_p}", "")
            components.append(component(codes.PROTEIN_HGVS, valueCodeableConcept=concept(hgvs)))
        kind = codes.DNA_CHANGES.get((finding.kind, finding.values[0] if finding.values else ""))
        if kind is not None:
            components.append(component(codes.DNA_CHANGE, valueCodeableConcept=concept(kind)))
        if finding.origin is not None:
            origin = concept(codes.ORIGINS[finding.origin])
            components.append(component(codes.SOURCE_CLASS, valueCodeableConcept=origin))
        if finding.copies is not None:
            number = _quantity(finding.copies, ("1", "1"))
            components.append(component(codes.COPY_NUMBER, valueQuantity=number))
        looked_for = finding.name.removesuffix(f" {finding.result.replace('_', ' ')}")
        components.append(component(codes.VARIATION, valueCodeableConcept={"text": looked_for}))
        return content | {"component": components}

    def write_class(self, called: str, address: str) -> Json:
        """Return what the laboratory calls a variant, as a DiagnosticImplication.

        Args:
            called: key of ``CLASSES``.
            address: of the Observation of the variant.

        Source: Genomics Reporting, profile DiagnosticImplication, clinical-significance.
        """
        code = CLASSES[called]
        resource: Json = {
            "resourceType": "Observation",
            "meta": {"profile": [self._release.profile("diagnostic-implication")]},
            "status": "final",
            "category": categories(self._release.categories),
            "code": concept(codes.DIAGNOSTIC),
        }
        if self._subject is not None:
            resource["subject"] = self._subject
        value = concept(*([code] if code else []), text=called)
        significance = component(codes.SIGNIFICANCE, valueCodeableConcept=value)
        return identified(
            resource | {"derivedFrom": [{"reference": address}], "component": [significance]}
        )

    def _of_genes(self, finding: Finding) -> list[Json]:
        """Return the genes: of a fusion both partners, in the order of its name (5' first)."""
        own = self._gene(finding.gene)
        if finding.partner is None:
            return own
        other = self._gene(finding.partner)
        return [*other, *own] if finding.name.startswith(finding.partner) else [*own, *other]

    def _gene(self, symbol: str) -> list[Json]:
        gene = self._genes.get(symbol)
        if gene is not None and gene.hgnc is None:
            return []  # a marker that is no gene
        named: tuple[Code, ...] = ()
        if gene is not None and gene.hgnc is not None:
            named = ((codes.HGNC, gene.hgnc, symbol),)
        value = concept(*named, text=None if named else symbol)
        return [component(codes.GENE, valueCodeableConcept=value)]

    def _marker(self, finding: Finding) -> Json:
        scale = finding.measure[0] if finding.measure else ""
        gene = self._genes.get(finding.gene)
        label = f"{gene.label if gene else finding.gene} {_aspect(finding)}"
        own = (codes.MARKERS, f"{finding.gene}-{_aspect(finding)}".replace(" ", "-"), label)
        test = self._tests.get((finding.gene, finding.kind, scale))
        content: Json = {
            "code": concept(*([test] if test else []), own, text=label),
            **_value(finding, _units_of(self._genes[finding.gene])),
        }
        if finding.assay is not None:
            content["method"] = {"text": finding.assay}
        genes = self._gene(finding.gene)
        return content | ({"component": genes} if genes else {})


def _aspect(finding: Finding) -> str:
    """Return what of the gene was looked at: an assay, the scale of a score, the status."""
    if finding.measure is not None and finding.measure[0] in codes.UNITS:
        scale = finding.measure[0]
        return scale if scale != "percent" else f"{finding.assay} percent"
    return finding.assay or "status"


def _units_of(gene: Gene) -> Mapping[str, tuple[str, str]]:
    """Return the unit of each scale of a gene or marker, and its UCUM code."""
    own = {scale.name: (scale.unit, scale.ucum) for scale in gene.grading.scales if scale.ucum}
    return {**codes.UNITS, **own}


def _value(finding: Finding, units: Mapping[str, tuple[str, str]]) -> Json:
    """Return the value: a score as a number or range, with the name in words; else the grade."""
    measure = finding.measure
    if measure is None or measure[0] not in units:
        grade = codes.GRADES.get(finding.values)
        return {"valueCodeableConcept": concept(*([grade] if grade else []), text=finding.name)}
    scale, low, high = measure
    unit = units[scale]
    value: Json = {"valueQuantity": _quantity(low, unit)}
    if low != high:
        value = {"valueRange": {"low": _quantity(low, unit), "high": _quantity(high, unit)}}
    return {**value, "interpretation": [{"text": finding.name}]}


def _quantity(value: float, unit: tuple[str, str]) -> Json:
    number = int(value) if value.is_integer() else value
    return {"value": number, "unit": unit[0], "system": codes.UCUM, "code": unit[1]}


def _supporting(origin: Origin) -> Json:
    """Return the reference to what the finding was read from; it need not be in the answer."""
    if origin.reference is None:
        return {"url": codes.SUPPORTING_INFO, "valueReference": {"display": origin.place}}
    linked = reference(origin.reference, origin.place)
    return {"url": codes.SUPPORTING_INFO, "valueReference": linked}
