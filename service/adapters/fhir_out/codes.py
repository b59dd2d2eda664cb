"""Code systems, profiles and code tables of what is written as FHIR; values only.

Sources: HL7 Genomics Reporting IG 2.0.0 (STU2) and 3.0.0 (STU3) for profiles and component codes;
LOINC for observations and answers; Sequence Ontology for kinds of change. SNOMED CT codes stand
without their terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FHIR_JSON = "application/fhir+json"

IG = "http://hl7.org/fhir/uv/genomics-reporting"
LOINC = "http://loinc.org"
TBD = f"{IG}/CodeSystem/tbd-codes-cs"
HGNC = "http://www.genenames.org"
HGVS = "http://varnomen.hgvs.org"
SEQUENCE_ONTOLOGY = "http://www.sequenceontology.org"
SNOMED = "http://snomed.info/sct"
#: As FHIR servers of tumour boards write it (MII, molecular tumour board module).
ONCOTREE = "http://data.mskcc.org/ontologies/oncotree"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
UCUM = "http://unitsofmeasure.org"

#: What no public code system has; each is described in ``docs/integrations/fhir.md``.
OWN = "urn:therapy-match"
TIERS = f"{OWN}:code-system:amp-asco-cap-2017"
ESCAT = f"{OWN}:code-system:escat"
#: The two nodes above the tissues that OncoTree does not have (solid, blood).
TUMOR_GROUPS = f"{OWN}:code-system:oncotree-group"
MARKERS = f"{OWN}:code-system:marker"
USES = f"{OWN}:code-system:intended-use"
CODES = f"{OWN}:code-system:error-and-warning"
ASSERTIONS = f"{OWN}:assertion"
REGIMENS = f"{OWN}:regimen"
RESULTS = f"{OWN}:result"
KNOWLEDGE = f"{OWN}:knowledge-base"

RELATED_ARTIFACT = "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact"
SUPPORTING_INFO = "http://hl7.org/fhir/StructureDefinition/workflow-supportingInfo"

Code = tuple[str, str, str]
LABORATORY: Code = (
    "http://terminology.hl7.org/CodeSystem/observation-category",
    "laboratory",
    "Laboratory",
)
GENETICS: Code = ("http://terminology.hl7.org/CodeSystem/v2-0074", "GE", "Genetics")
MOLECULAR_BIOMARKER: Code = (TBD, "biomarker-category", "")


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the Genomics Reporting IG: what differs between two of them.

    Args:
        effect: code of the component that says what the implication is.
        marker: name of the profile of IHC, ISH and statuses; ``None``: there is none.
    """

    name: str
    version: str
    categories: tuple[Code, ...]
    effect: str
    effect_display: str
    report: str
    marker: str | None

    def profile(self, name: str) -> str:
        """Return the canonical address of a profile in this release."""
        return f"{IG}/StructureDefinition/{name}|{self.version}"


STU2 = Release(
    name="stu2",
    version="2.0.0",
    categories=(LABORATORY,),
    effect="predicted-therapeutic-implication",
    effect_display="Predicted Therapeutic Implication",
    report="genomics-report",
    marker=None,
)
STU3 = Release(
    name="stu3",
    version="3.0.0",
    categories=(LABORATORY, GENETICS),
    effect="therapeutic-implication",
    effect_display="Therapeutic Implication",
    report="genomic-report",
    marker="molecular-biomarker",
)
RELEASES = {release.name: release for release in (STU3, STU2)}

VARIANT: Code = (LOINC, "69548-6", "Genetic variant assessment")
GENE: Code = (LOINC, "48018-6", "Gene studied [ID]")
CODING_HGVS: Code = (LOINC, "48004-6", "DNA change (c.HGVS)")
GENOMIC_HGVS: Code = (LOINC, "81290-9", "Genomic DNA change (gHGVS)")
PROTEIN_HGVS: Code = (LOINC, "48005-3", "Amino acid change (pHGVS)")
DNA_CHANGE: Code = (LOINC, "48019-4", "DNA change type")
SOURCE_CLASS: Code = (LOINC, "48002-0", "Genomic source class [Type]")
#: Origin of a variant -> answer of LOINC list LL378-1.
ORIGINS: Mapping[str, Code] = {
    "germline": (LOINC, "LA6683-2", "Germline"),
    "somatic": (LOINC, "LA6684-0", "Somatic"),
}
COPY_NUMBER: Code = (LOINC, "82155-3", "Genomic structural variant copy number")
VARIATION: Code = (LOINC, "81252-9", "Discrete genetic variant")
IMPLICATION: Code = (TBD, "therapeutic-implication", "Therapeutic Implication")
DIAGNOSTIC: Code = (TBD, "diagnostic-implication", "Diagnostic Implication")
SIGNIFICANCE: Code = (LOINC, "53037-8", "Genetic variation clinical significance [Imp]")
MEDICATION: Code = (LOINC, "51963-7", "Medication assessed [ID]")
CONTEXT: Code = (LOINC, "81259-4", "Associated phenotype")
EVIDENCE: Code = (LOINC, "93044-6", "Level of evidence")
CONCLUSION: Code = (TBD, "conclusion-string", "Conclusion Text")
REPORT: Code = (LOINC, "51969-4", "Genetic analysis report")
TUMOR: Code = (MARKERS, "tumour-type", "Tumour type")

#: Result of a finding -> answer of LOINC list LL1971-2.
PRESENCE: dict[str, Code] = {
    "detected": (LOINC, "LA9633-4", "Present"),
    "not_detected": (LOINC, "LA9634-2", "Absent"),
    "indeterminate": (LOINC, "LA11884-6", "Indeterminate"),
}
#: (effect, presumed) -> value of the IG's set of therapeutic implications. The set has no plain
#: "not responsive", so no benefit is presumed in both columns.
EFFECTS: dict[tuple[str, bool], Code] = {
    ("sensitivity", False): (LOINC, "LA6677-4", "Responsive"),
    ("sensitivity", True): (LOINC, "LA9661-5", "Presumed responsive"),
    ("resistance", False): (LOINC, "LA6676-6", "Resistant"),
    ("resistance", True): (LOINC, "LA9660-7", "Presumed resistant"),
    ("no_benefit", False): (LOINC, "LA9662-3", "Presumed non-responsive"),
    ("no_benefit", True): (LOINC, "LA9662-3", "Presumed non-responsive"),
}
#: (kind, value) of a finding -> kind of DNA change.
DNA_CHANGES: dict[tuple[str, str], Code] = {
    ("fusion", ""): (SEQUENCE_ONTOLOGY, "SO:0001565", "gene_fusion"),
    ("copy_number", "amplification"): (SEQUENCE_ONTOLOGY, "SO:0001742", "copy_number_gain"),
    ("copy_number", "loss"): (SEQUENCE_ONTOLOGY, "SO:0001743", "copy_number_loss"),
}
#: A single graded value -> LOINC answer. A HER2 score of 0 is one whether or not staining is said.
GRADES: dict[tuple[str, ...], Code] = {
    ("null",): (LOINC, "LA6111-4", "0"),
    ("ultralow",): (LOINC, "LA6111-4", "0"),
    ("null", "ultralow"): (LOINC, "LA6111-4", "0"),
    ("1+",): (LOINC, "LA11841-6", "1+"),
    ("2+",): (LOINC, "LA11842-4", "2+"),
    ("3+",): (LOINC, "LA11843-2", "3+"),
    ("positive",): (LOINC, "LA6576-8", "Positive"),
    ("negative",): (LOINC, "LA6577-6", "Negative"),
}
#: Scale of a score -> unit and its UCUM code.
UNITS: dict[str, tuple[str, str]] = {
    "TPS": ("%", "%"),
    "IC": ("%", "%"),
    "percent": ("%", "%"),
    "CPS": ("CPS", "{score}"),
    "H-score": ("H-score", "{score}"),
}
