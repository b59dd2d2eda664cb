"""The ways in which one variant is written down: HGVS, alleles of a chromosome, words.

All of them are read and held against each other. Two that are different changes, or one that the
reference sequence refuses beside another, are a contradiction: the variant is then set apart,
never decided by picking one. Source: HL7 Genomics Reporting (Variant, MolecularConsequence); HGVS
21.0; SPDI (Holmes 2020) for 0-based alleles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.adapters.fhir_in.attempts import Attempt, Tools, attempt
from service.adapters.fhir_in.components import Component, Components
from service.adapters.fhir_in.elements import number
from service.engine.notation.dna.dna_forms import GENOMIC, where

#: Codings and words of one component that are tried.
MAX_TEXTS = 6
#: Component -> shape of a text that is worth trying.
_HGVS = {
    "protein": re.compile(r"[A-Za-z*]\d"),
    "coding": re.compile(r"[cnr]\.[\d*\-]"),
    "genomic": re.compile(r"[gcm]\.\d"),
    "variation": re.compile(r"[A-Za-z]"),
}
_UNKNOWN_CHANGE = re.compile(r"(?:.*:)?p\.\(?[?=]\)?|(?:.*:)?p\.0\??")
#: Identifiers of databases: they name a variant but do not say what it is.
_IDENTIFIER = re.compile(
    r"(?:rs|COSM|COSV|VCV|RCV|CA|COSF|SO:|LA)?\d+(?:-\d)?(?:\.\d+)?|(?:clinvar|dbsnp|cosmic|civic|caid)\b.*",
    re.I,
)
_CHROMOSOME = re.compile(r"(?:chr(?:omosome)?\s?)?(\d{1,2}|X|Y)", re.I | re.ASCII)
_ALLELE = re.compile(r"[ACGT]{1,200}|-", re.I | re.ASCII)
_ASSEMBLIES = {"LA14029-5": "GRCh37", "LA26806-2": "GRCh38"}
_ZERO_BASED = frozenset({"LA30100-4", "LA30101-2"})
_ONE_BASED = frozenset({"LA30102-0"})
#: What the notation says when a form cannot be this gene's change, whatever the transcript.
_DENIALS = frozenset({
    "impossible_reference", "position_out_of_range", "two_genes", "contradictory_notation",
    "exon_mismatch", "no_change", "reversed_range",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a variant is written.

    Args:
        name: component that it stands in, or ``alleles`` for reference, position and bases.
        texts: the same in other words, the first that is understood counts.
        soft: it may be refused without a contradiction (other transcripts, chromosomes, words).
    """

    name: str
    texts: tuple[str, ...]
    location: str
    soft: bool

    @property
    def text(self) -> str:
        """Return it as it is written first."""
        return self.texts[0]


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form and what it reads as."""

    form: Form
    tried: Attempt
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the forms of a variant say together.

    Args:
        best: the most telling form that was understood; ``None`` when none was.
        contradiction: why no form was taken; empty when they agree.
    """

    forms: tuple[ReadForm, ...]
    best: ReadForm | None
    contradiction: str = ""

    @property
    def refused(self) -> ReadForm | None:
        """Return the first form that was refused."""
        return next((item for item in self.forms if item.tried.error), None)


def forms_of(components: Components) -> Iterator[Form]:
    """Yield the forms of a variant, the most telling first."""
    for name in ("protein", "coding", "genomic", "variation"):
        for part in components.get(name, ()):
            soft = part.soft or name in ("genomic", "variation")
            texts = tuple(words for words in part.value.strings if _is_form(name, words))
            if texts:
                yield Form(name, texts[:MAX_TEXTS], part.location, soft)
    yield from _allele_forms(components)


def _is_form(name: str, words: str) -> bool:
    if len(words) > 500 or not _HGVS[name].search(words) or _UNKNOWN_CHANGE.fullmatch(words):
        return False
    return not (name == "variation" and _IDENTIFIER.fullmatch(words))


def _allele_forms(components: Components) -> Iterator[Form]:
    """Yield reference, position and bases as text; both countings when none is named."""
    ref, alt = (_first(components, name) for name in ("ref", "alt"))
    position = next(iter(components.get("position", ())), None)
    if not (_ALLELE.fullmatch(ref) and _ALLELE.fullmatch(alt)) or position is None:
        return
    value = position.value
    low = value.low if value.low is not None else value.quantity and value.quantity.value
    low = low if low is not None else number(value.text)
    if not low or low != int(low) or not 0 < low < 1e9:
        return
    start, place = int(low), _chromosome(components)
    counting = {
        c.code for part in components.get("coordinates", ()) for c in part.value.concept.codings
    }
    starts = [start + 1] if counting & _ZERO_BASED else [start]
    if not counting & (_ZERO_BASED | _ONE_BASED):
        starts = [start, start + 1]
    for first in starts if place else ():
        start = first - 1 if place.startswith("NC_") else first  # SPDI is 0-based, VCF 1-based
        yield Form("alleles", (f"{place}:{start}:{ref}:{alt}",), position.location, True)


def _chromosome(components: Components) -> str:
    """Return the reference sequence; else the chromosome, with its assembly when one is named."""
    accession = _first(components, "reference")
    if accession.upper().startswith("NC_"):
        return accession
    named = _CHROMOSOME.fullmatch(_first(components, "chromosome"))
    return f"{assembly_of(components)} chr{named[1]}".strip() if named else ""


def assembly_of(components: Components) -> str:
    """Return the assembly that a component names: ``GRCh37``, ``GRCh38`` or nothing."""
    for part in components.get("assembly", ()):
        for words in part.value.strings:
            if words in _ASSEMBLIES:
                return _ASSEMBLIES[words]
            found = re.search(r"(?:GRCh|hg|b)\s?(37|38|19)", words, re.I)
            if found:
                return "GRCh38" if found[1] == "38" else "GRCh37"
    return ""


def assembly_conflict(components: Components) -> Form | None:
    """Return the genomic form whose accession is of another assembly than the one that is named."""
    stated = assembly_of(components)
    for form in forms_of(components):
        found = GENOMIC.search(form.text) if form.name == "genomic" else None
        if stated and found is not None and found["acc"] and where(found)[1] not in (None, stated):
            return form
    return None


def _first(components: Components, name: str) -> str:
    """Return the text of the first component of a name; displays go before LOINC answers."""
    part = next(iter(components.get(name, ())), None)
    if part is None:
        return ""
    words = [text for text in part.value.strings if not text.startswith("LA")]
    return words[0] if words else ""


def read_forms(
    tools: Tools, gene: str | None, components: Components, result: str | None
) -> Judged:
    """Read every form of a variant and hold them against each other.

    Args:
        result: ``not_detected`` or ``indeterminate``; ``None`` for a variant that is present.
    """
    transcripts = _transcripts(components)
    read: list[ReadForm] = []
    for form in forms_of(components):
        item = _read(tools, gene, form, transcripts, result)
        if form.name != "alleles" or item.tried.error is None or not any(
            other.tried.is_decided for other in read
        ):  # fmt: skip
            read.append(item)
    return _with_bases(tools, gene, judge(tuple(read)), result)


def _with_bases(tools: Tools, gene: str | None, judged: Judged, result: str | None) -> Judged:
    """Read a protein change together with the bases beside it, where a class asks for them."""
    best = judged.best
    if best is None or not best.tried.exact or best.tried.has_bases:
        return judged
    beside = (item for item in judged.forms if item.form.name == "coding" and item.tried.has_bases)
    for item in beside:
        change = next(finding.hgvs_p for finding in best.tried.findings)
        both = attempt(tools, gene, f"{item.form.text} {change}", result=result)
        if both.error is None and both.exact == best.tried.exact and both.has_bases:
            return replace(judged, best=replace(best, tried=both))
    return judged


def judge(read: tuple[ReadForm, ...]) -> Judged:
    """Return what forms say together."""
    decided = [item for item in read if item.tried.is_decided]
    exact = list(dict.fromkeys(item.tried.exact for item in decided if item.tried.exact))
    if len(exact) > 1:
        names = " and ".join(
            ", ".join(f"{gene} {change}" for gene, change in pairs) for pairs in exact
        )
        return Judged(read, None, f"its forms are different changes: {names}")
    denied = next((item for item in read if _is_denied(item)), None)
    if decided and denied is not None and denied.tried.error is not None:
        said = denied.tried.error.message
        return Judged(read, None, f"{denied.form.text[:60]!r} cannot be: {said}")
    best = (
        next((item for item in decided if item.tried.exact and item.tried.has_bases), None)
        or next((item for item in decided if item.tried.exact), None)
        or next(iter(decided), None)
    )
    return Judged(read, best or next((item for item in read if item.tried.findings), None))


def _is_denied(item: ReadForm) -> bool:
    error = item.tried.error
    if error is None or item.form.soft or error.reason not in _DENIALS:
        return False
    return not (error.reason == "impossible_reference" and error.suggestions)  # another numbering


def _is_refused(tried: Attempt) -> bool:
    return tried.error is not None and tried.error.reason == "impossible_reference"


def _transcripts(components: Components) -> list[str]:
    parts: list[Component] = [
        *components.get("transcript", ()),
        *components.get("protein_reference", ()),
    ]
    return [text for part in parts for text in part.value.strings if re.match(r"[NXE][A-Z]", text)]


def _read(
    tools: Tools, gene: str | None, form: Form, transcripts: list[str], result: str | None
) -> ReadForm:
    """Read a form in the first of its words that is understood."""
    tries = [_read_text(tools, gene, form, text, transcripts, result) for text in form.texts]
    return next((item for item in tries if item.tried.error is None), tries[0])


def _read_text(
    tools: Tools,
    gene: str | None,
    form: Form,
    text: str,
    transcripts: list[str],
    result: str | None,
) -> ReadForm:
    """Read one text; one without a reference sequence is read on the transcript that is named."""
    is_bare = ":" not in text
    if transcripts and is_bare and (form.name == "coding" or (form.name == "protein" and not gene)):
        text = f"{transcripts[0]}:{text}"
    tried = attempt(tools, gene, text, result=result)
    if form.name == "protein" and transcripts and ":" not in text and _is_refused(tried):
        bare = text if text.startswith("p.") else f"p.{text}"
        tried = attempt(tools, gene, f"{transcripts[0]}:{bare}", result=result)
    error = tried.error
    if error is not None and error.reason == "other_reference" and len(error.suggestions) == 1:
        moved = attempt(tools, gene, error.suggestions[0], result=result)
        if moved.error is None:
            return ReadForm(form, moved, f"{error.message}; read as {error.suggestions[0]}")
    renumbered = (
        remark.message
        for item in tried.items
        for remark in item.remarks
        if remark.code == "other_reference"
    )
    return ReadForm(form, tried, next(renumbered, ""))
