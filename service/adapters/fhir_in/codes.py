"""The codes that the reader knows: components of a variant, results, origins, code systems.

A resource is recognised by its codes and never by ``meta.profile``. A code that stands under
another system, or a known display beside an unknown code, is read with a warning.
Sources: HL7 Genomics Reporting 1.0 to 4.0 (component codes; TBD is its code system
``tbd-codes-cs``), Medizininformatik-Initiative, Molekulares Tumorboard 2026.0.1 (code system
``mii-cs-mtb-molekulare-biomarker``: the sides of a fusion), LOINC answer lists LL1971-2 (present or
absent), LL378-1 (origin) and LL4034-6 (clinical significance), SNOMED CT qualifier values, HL7 v3
ObservationInterpretation, Sequence Ontology.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.fhir_in.elements import Coding, Concept, Value

VARIANT = "69548-6"
IMPLICATIONS = frozenset({"therapeutic-implication", "diagnostic-implication"})
CONSEQUENCE = "molecular-consequence"
#: Observations about genes that are no result about a biomarker -> what they are.
NO_RESULTS = {
    "53041-0": "it says which regions were studied, not what was found",
    "51969-4": "it groups other results",
    "84413-4": "a genotype is no alteration of a tumour here",
    "84414-2": "a haplotype is no alteration of a tumour here",
    "sequence-phase-relationship": "it says how variants lie to each other",
}
#: Code of a component -> its name here and the displays under which it is also recognised.
COMPONENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "48018-6": ("gene", ("gene studied [id]", "gene studied")),
    "48005-3": ("protein", ("amino acid change (phgvs)", "protein hgvs")),
    "48004-6": ("coding", ("dna change (c.hgvs)", "coding hgvs")),
    "81290-9": ("genomic", ("genomic dna change (ghgvs)", "genomic hgvs")),
    "81252-9": ("variation", ("discrete genetic variant",)),
    "48019-4": ("change_type", ("dna change type",)),
    "molecular-consequence": ("change_type", ("molecular consequence",)),
    "feature-consequence": ("change_type", ("feature consequence",)),
    "47999-8": ("region", ("dna region name [identifier]", "dna region name")),
    "51958-7": ("transcript", ("transcript reference sequence [id]",)),
    "protein-ref-seq": ("protein_reference", ()),
    "48002-0": ("origin", ("genomic source class [type]", "genomic source class")),
    "81258-6": ("allele_frequency", ("sample variant allelic frequency [nfr]",)),
    "82155-3": ("copy_number", ("genomic structural variant copy number",)),
    "95123-6": ("fusion", ()),
    "five-prime-gene": ("five_prime", ("five prime gene",)),
    "three-prime-gene": ("three_prime", ("three prime gene",)),
    "48013-7": ("reference", ("genomic reference sequence [id]",)),
    "48000-4": ("chromosome", ("chromosome [identifier]",)),
    "62374-4": ("assembly", ("human reference sequence assembly version",)),
    "81254-5": ("position", ("genomic allele start-end", "variant exact start-end")),
    "69547-8": ("ref", ("genomic ref allele [id]", "ref nucleotide")),
    "69551-0": ("alt", ("genomic alt allele [id]", "alt allele")),
    "92822-6": ("coordinates", ("genomic coordinate system [type]", "genomic coord system")),
    "53037-8": ("significance", ("genetic variation clinical significance [imp]",)),
    "81259-4": ("context", ("associated phenotype", "phenotypic treatment context")),
}
VARIANT_DISPLAYS = ("genetic variant assessment",)

#: Words of a result; the three values of a finding, and the grades of an assay.
Word = str
RESULTS: Mapping[str, Word] = {
    "LA9633-4": "present", "LA9634-2": "absent", "LA18198-4": "no call",
    "LA11884-6": "indeterminate", "LA6576-8": "positive", "LA6577-6": "negative",
    "LA11883-8": "detected", "LA11882-0": "not detected", "LA13538-6": "not tested",
    "10828004": "positive", "260385009": "negative", "260373001": "detected",
    "260415000": "not detected", "52101004": "present", "2667000": "absent",
    "82334004": "indeterminate", "42425007": "equivocal",
    "LA6111-4": "0", "LA11841-6": "1+", "LA11842-4": "2+", "LA11843-2": "3+",
    "1381317004": "low", "LA14122-8": "stable", "LA26203-2": "high", "LA26202-4": "low",
}  # fmt: skip
#: Letters that mean this only under HL7's system of interpretations (v3, or the v2 table 0078).
_INTERPRETATIONS: Mapping[str, Word] = {
    "POS": "positive", "NEG": "negative", "IND": "indeterminate", "E": "equivocal",
    "DET": "detected", "ND": "not detected", "INC": "indeterminate",
}  # fmt: skip
#: The same in words, for values without a code; longer texts are left to the notation.
RESULT_WORDS = frozenset(RESULTS.values()) | {"ultralow", "amplified", "not amplified"}
_SAME_WORDS = {
    "no-call": "no call", "nocall": "no call", "pos": "positive", "neg": "negative",
    "msi-h": "high", "msi-high": "high", "msi-l": "low", "msi-low": "low", "mss": "stable",
    "score 0": "0", "score 1+": "1+", "score 2+": "2+", "score 3+": "3+",
    "inconclusive": "indeterminate",
    "indeterminant": "indeterminate", "undetected": "not detected", "stable": "stable",
    "her2-low": "low", "her2 low": "low", "her2-ultralow": "ultralow", "unknown": "indeterminate",
    "mutation not detected": "not detected", "no mutation detected": "not detected",
}  # fmt: skip
FOUND = frozenset({"present", "positive", "detected"})
NOT_FOUND = frozenset({"absent", "negative", "not detected"})
OPEN = frozenset({"no call", "indeterminate", "equivocal", "not tested"})
_QUALIFIER = re.compile(r"\s*\((?:qualifier value|finding|disorder|observable entity)\)$", re.I)

#: Answers of LL378-1 -> the word of an origin. Likely somatic and unknown say none.
SOURCES = {
    "LA6683-2": "germline", "LA18194-3": "likely germline", "LA10429-1": "fetal",
    "LA6685-7": "fetal", "LA18196-8": "likely fetal", "LA6684-0": "somatic",
}  # fmt: skip
#: Of these the ones that say the variant is not of the tumour.
NOT_OF_TUMOR = frozenset({"germline", "likely germline", "fetal", "likely fetal"})
#: Answers of LL4034-6 -> what a laboratory calls the variant.
SIGNIFICANCES = {
    "LA6668-3": "pathogenic", "LA26332-9": "likely pathogenic", "LA26333-7": "VUS",
    "LA26334-5": "likely benign", "LA6675-8": "benign",
}  # fmt: skip
_SIGNIFICANCE_WORDS = {
    **{word.lower(): word for word in SIGNIFICANCES.values()},
    "uncertain significance": "VUS", "variant of uncertain significance": "VUS",
    "oncogenic": "oncogenic", "likely oncogenic": "likely oncogenic",
}  # fmt: skip
#: What is called so -> the side on which it stands.
SIDES = {
    "pathogenic": "harmful", "likely pathogenic": "harmful", "oncogenic": "harmful",
    "likely oncogenic": "harmful", "VUS": "open", "likely benign": "harmless", "benign": "harmless",
}  # fmt: skip
#: Sequence Ontology term -> what kind of change it is here.
CHANGE_TYPES = {
    "0001565": "fusion", "0002062": "fusion", "0000199": "fusion", "1000044": "fusion",
    "0001886": "fusion", "0001882": "fusion",
    "0001742": "gain", "1000035": "duplication", "0001743": "loss", "0001019": "copy_number",
    "0001563": "copy_number", "0001483": "substitution", "1000008": "substitution",
    "1000002": "substitution", "0000159": "deletion", "0000667": "insertion", "1000032": "delins",
    "0002007": "substitution",
}  # fmt: skip
_SO = re.compile(r"(?:SO[:_])?(\d{7})", re.I)
_LOINC = frozenset(
    {"", "http://loinc.org", "https://loinc.org", "urn:oid:2.16.840.1.113883.6.1", "loinc"}
)
_LOINC_SHAPE = re.compile(r"\d{2,6}-\d", re.ASCII)

#: Part of a code system's address, lower case, first match wins -> system of the v1 contract.
TUMOR_SYSTEMS = (
    ("oncotree", "oncotree"), ("snomed", "snomed"), ("icd-10-cm", "icd-10-cm"),
    ("icd-10", "icd-10"), ("icd-o", "icd-o-3"), ("2.16.840.1.113883.6.43", "icd-o-3"),
    ("2.16.840.1.113883.6.90", "icd-10-cm"), ("2.16.840.1.113883.6.96", "snomed"),
    ("disease-ontology", "doid"), ("doid", "doid"), ("mondo", "mondo"), ("ncit", "ncit"),
    ("thesaurus.owl", "ncit"), ("2.16.840.1.113883.3.26.1.1", "ncit"), ("umls", "umls"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """What a code means here, and a remark when it was not read from its proper code."""

    name: str
    code: str
    remark: str = ""


def component_name(code: Concept) -> Named | None:
    """Return which component of a variant a code is; ``None`` for every other one."""
    for coding in code.codings:
        known = COMPONENTS.get(coding.code)
        if known is not None:
            return Named(known[0], coding.code, _system_remark(coding.system, coding.code))
    for words in code.words:
        for known_code, (name, displays) in COMPONENTS.items():
            if words.lower() in displays:
                return Named(name, known_code, f"read by its display {words!r}")
    return None


def code_in(code: Concept, known: Mapping[str, object] | frozenset[str]) -> Named | None:
    """Return the first coding whose code is a known one."""
    for coding in code.codings:
        if coding.code in known:
            return Named(coding.code, coding.code, _system_remark(coding.system, coding.code))
    return None


def _system_remark(system: str, code: str) -> str:
    if _LOINC_SHAPE.fullmatch(code) is None or system.rstrip("/").lower() in _LOINC:
        return ""
    return f"{code} is a LOINC code and stands under {system[:80]}"


def result_word(value: Concept, words: str = "") -> Word | None:
    """Return the word of a result; ``None`` when it is none of the known ones.

    A code counts more than its display. Two codes that say different things give ``""``.
    """
    found = {word for word in map(_word_of_code, value.codings) if word}
    if not found:
        said = (_word_of(text) for text in (*value.words, words))
        found = {word for word in said if word}
    meanings = {next((k for k in (FOUND, NOT_FOUND) if word in k), word) for word in found}
    if len(meanings) > 1:
        return ""
    return sorted(found)[0] if found else None


def _word_of_code(coding: Coding) -> Word | None:
    system = coding.system.lower()
    if "interpretation" in system or "0078" in system:
        return _INTERPRETATIONS.get(coding.code) or RESULTS.get(coding.code)
    return RESULTS.get(coding.code)


def _word_of(text: str) -> str | None:
    bare = _QUALIFIER.sub("", text).strip().lower()
    bare = _SAME_WORDS.get(bare, bare)
    return bare if bare in RESULT_WORDS else None


def display_differs(value: Concept) -> str:
    """Return a display that says another result than its code; empty when there is none."""
    for coding in value.codings:
        said = _word_of(coding.display)
        meant = _word_of_code(coding)
        if said and meant and said != meant and not _same_meaning(said, meant):
            return coding.display
    return ""


def _same_meaning(first: Word, second: Word) -> bool:
    return any(first in words and second in words for words in (FOUND, NOT_FOUND))


def source_class(value: Value) -> str:
    """Return the word of an origin, by its code or its own words; empty when it says none."""
    coded = (SOURCES.get(coding.code) for coding in value.concept.codings)
    said = (words.lower() for words in value.strings)
    known = frozenset(SOURCES.values())
    return next((word for word in (*coded, *said) if word in known), "")


def significance(value: Value) -> str:
    """Return what a variant is called, by its code or its own words; empty when nothing known."""
    coded = (SIGNIFICANCES.get(coding.code) for coding in value.concept.codings)
    said = (_SIGNIFICANCE_WORDS.get(words.strip().lower()) for words in value.strings)
    return next((word for word in (*coded, *said) if word), "")


def change_type(value: Concept) -> str:
    """Return the kind of change of a Sequence Ontology term; empty when it is not known."""
    for coding in value.codings:
        found = _SO.fullmatch(coding.code)
        if found and found[1] in CHANGE_TYPES:
            return CHANGE_TYPES[found[1]]
    for words in value.words:
        if re.search(r"fusion|rearrange|transloc", words, re.I):
            return "fusion"
    return ""


def tumor_system(system: str, code: str) -> str:
    """Return the code system of the v1 contract for an address; by the prefix without one."""
    lower = (system or code.partition(":")[0] + ":").lower()
    if not system and ":" not in code:
        return ""
    return next((name for part, name in TUMOR_SYSTEMS if part in lower), "")
