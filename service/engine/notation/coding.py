"""Coding and genomic forms in a text: ``c.2573T>G``, ``g.55259515T>G``, ``7-55259515-T-G``, SPDI.

They are found, brought to the keys of ``hotspots`` and looked up; what is not in the table is
refused with the codon it lies in. Source: HGVS v21 (DNA), VCF 4.4, SPDI (Holmes et al. 2020).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.engine.notation.faults import NotationError
from service.engine.notation.hotspots import SAME_CODING, Hotspots, trimmed

_BASES = r"[ACGTacgt]"
_OPERATION = (
    rf"(?:{_BASES}{{0,60}}\d{{0,2}}?(?:>|->|/){_BASES}{{1,60}}|(?:del|dup|ins|inv)(?:{_BASES}{{0,60}}|\d{{1,3}}(?:bp|nt)?)"
    rf"(?:ins{_BASES}{{1,60}}|>{_BASES}{{1,60}})?|=)"
)
_C = re.compile(
    rf"(?:(?P<ref>(?:NM|XM|LRG|ENST)_?\d{{1,12}})(?:\.\d{{1,3}})?(?:t\d)?(?:\([A-Za-z0-9]{{1,12}}\))?\s?:\s?)?\bc\.\(?(?P<body>[*-]?\d{{1,5}}(?:[+-]\d{{1,5}})?(?:[_-][*]?\d{{1,5}}(?:[+-]\d{{1,5}})?)?\s?{_OPERATION})\)?",
    re.I,
)
_BARE_C = re.compile(r"(?P<body>\d{1,5}[ACGT]>[ACGT])")
_G = re.compile(
    rf"(?:(?P<acc>NC_0000\d\d)\.(?P<version>\d{{1,2}})|(?P<asm>GRCh3[78]|hg19|hg38|b37)?[\s:(]{{0,2}}(?:chr(?:omosome)?)?\s?(?P<chrom>[1-9]|1\d|2[0-2]|X|Y))\)?\s?:\s?g\.(?P<start>\d{{4,9}})(?:_(?P<end>\d{{4,9}}))?(?P<op>{_OPERATION})",
    re.I,
)
_VCF = re.compile(
    r"(?:(?P<asm>GRCh3[78]|hg19|hg38|b37)[\s:)\-]{0,2})?\b(?:chr)?(?P<chrom>[1-9]|1\d|2[0-2]|X|Y)[\s:\-_]{1,2}(?P<start>\d{4,9})(?:\s?-\s?\d{4,9})?[\s:\-_]{0,2}(?P<ref>[ACGT]{1,60}|-)\s?(?:>|/|:|-|_|\s)\s?(?P<alt>[ACGT]{1,60}|-)(?![A-Za-z0-9*])(?:[\s,(]{0,2}(?P<asm_>GRCh3[78]|hg19|hg38|b37)\)?)?",
    re.I,
)
_SPDI = re.compile(
    r"(?P<acc>NC_0000\d\d)\.(?P<version>\d{1,2}):(?P<start>\d{4,9}):(?P<ref>[ACGT]{0,60}|\d{1,2}):(?P<alt>[ACGT]{0,60})(?![A-Za-z0-9])",
    re.I,
)
_ANY_DNA = re.compile(
    r"\b[cgn]\.[*(\[\d-]|\bNC_0000\d\d|\bchr[\dXY]{1,2}[:\s]|\b(?:GRCh3[78]|hg19|hg38)\b", re.I
)
_RNA = re.compile(r"\br\.\(?\d+", re.I)
#: Version of NC_0000nn for GRCh37 -> what must be added for GRCh38; both differ by chromosome.
_GRCH37_VERSIONS = {
    1: 10, 2: 11, 3: 11, 4: 11, 5: 9, 6: 11, 7: 13, 8: 10, 9: 11, 10: 10, 11: 9, 12: 11, 13: 10, 14: 8,
    15: 9, 16: 9, 17: 10, 18: 9, 19: 9, 20: 10, 21: 8, 22: 10, 23: 10, 24: 9,
}  # fmt: skip
_ASSEMBLY_OF = {
    "grch37": "GRCh37",
    "hg19": "GRCh37",
    "b37": "GRCh37",
    "grch38": "GRCh38",
    "hg38": "GRCh38",
}
_LARGE = re.compile(r"^(\d+)(?:[+-]\d+)?(?:_(\d+))?")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A coding or genomic form that was looked up.

    Args:
        text: the form as it was found.
        hit: (gene symbol, protein change) of the table, ``None`` when it has no such row.
        codons: the codons of a coding form, when it lies inside the coding sequence.
    """

    text: str
    hit: tuple[str, str] | None
    codons: tuple[int, int] | None = None
    step: str = ""


def may_hold_dna(text: str) -> bool:
    """Tell quickly whether a text can hold a coding or genomic form."""
    return (
        "." in text
        or ":" in text
        or ">" in text
        or text[:3].lower() in ("chr", "grc", "hg1", "hg3")
        or text[:1].isdigit()
    )


def take_dna(
    text: str, gene: str | None, hotspots: Hotspots, reference: str | None = None
) -> tuple[str, tuple[Resolved, ...]]:
    """Take every coding and genomic form off a text and look each up.

    Args:
        gene: symbol of the gene that was named, if any.
        reference: accession that stood before the text, without version.

    Raises:
        NotationError: ``unresolved_coding_change`` for a form that cannot be read.
    """
    found: list[Resolved] = []
    for pattern, look_up in (
        (_SPDI, _from_spdi),
        (_G, _from_genomic),
        (_C, _from_coding),
        (_VCF, _from_vcf),
    ):
        while (match := pattern.search(text)) is not None:
            found.append(look_up(match, gene, hotspots, reference))
            text = f"{text[: match.start()]} {text[match.end() :]}"
    bare = _BARE_C.fullmatch(text.strip())
    if bare is not None and gene is not None:
        found.append(_from_coding(bare, gene, hotspots, reference))
        text = ""
    if _ANY_DNA.search(text) or _RNA.search(text):
        raise unresolved(text.strip(), None)
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    return " ".join(rest.split()).strip(" ,;:/"), tuple(found)


def unresolved(text: str, codons: tuple[int, int] | None) -> NotationError:
    """Return the error for a form that is not in the table."""
    place = (
        ""
        if codons is None
        else (
            f" (it lies in codon {codons[0]})"
            if codons[0] == codons[1]
            else f" (codons {codons[0]} to {codons[1]})"
        )
    )
    return NotationError(
        "unresolved_coding_change",
        f"{text} is not in the table of known coding and genomic changes{place}; give the protein change",
    )


def _from_coding(
    found: re.Match[str], gene: str | None, hotspots: Hotspots, reference: str | None
) -> Resolved:
    groups = found.groupdict()
    accession = (groups.get("ref") or reference or "").upper() or None
    body = _normal_coding(found["body"])
    owner = SAME_CODING.get(accession, accession) if accession else gene
    hit = hotspots.get(f"{owner}:c.{body}") if owner else None
    step = f"coding change c.{body} by the curated table ({owner})"
    return Resolved(found[0].strip(), hit, _codons(body), step)


def _normal_coding(body: str) -> str:
    """Return a coding change without what it repeats: ``2236_2250del15`` -> ``2236_2250del``."""
    text = body.replace(" ", "").replace("->", ">")
    match = re.fullmatch(r"([*\d_+\-]+)(.*)", text)
    place, change = (match[1], match[2]) if match else (text, "")
    if re.fullmatch(r"\d+-\d+", place):
        place = place.replace("-", "_")
    return place + _normal_operation(change, is_range="_" in place)


def _normal_operation(change: str, *, is_range: bool) -> str:
    lowered = change.lower()
    delins = re.fullmatch(r"del([acgt]*|\d+(?:bp|nt)?)(?:ins|>)([acgt]+)", lowered)
    if delins is not None:
        return f"delins{delins[2].upper()}"
    simple = re.fullmatch(r"(del|dup)(?:[acgt]*|\d+(?:bp|nt)?)", lowered)
    if simple is not None:
        return simple[1]
    swap = re.fullmatch(r"([acgt]*)(?:>|/)([acgt]+)", lowered)
    if swap is not None:
        if len(swap[1]) == 1 and len(swap[2]) == 1 and not is_range:
            return f"{swap[1].upper()}>{swap[2].upper()}"
        return f"delins{swap[2].upper()}"
    inserted = re.fullmatch(r"ins([acgt]+)", lowered)
    return f"ins{inserted[1].upper()}" if inserted is not None else change


def _codons(body: str) -> tuple[int, int] | None:
    found = _LARGE.match(body)
    if found is None:
        return None
    start = (int(found[1]) + 2) // 3
    return start, (int(found[2]) + 2) // 3 if found[2] else start


def _from_genomic(
    found: re.Match[str], _gene: str | None, hotspots: Hotspots, _reference: str | None
) -> Resolved:
    chromosome, assembly = _where(found)
    start = int(found["start"])
    operation = _normal_operation(found["op"].replace("->", ">"), is_range=found["end"] is not None)
    keys = []
    for name in [assembly] if assembly else ["GRCh37", "GRCh38"]:
        if operation in ("del", "dup"):
            end = found["end"] or start
            keys.append(f"{name}:{chromosome}:{start}_{end}{operation}")
            continue
        ref, alt = _alleles(operation, found)
        if ref is None:
            return _any_delins(hotspots, name, chromosome, found, alt)
        position = start + 1 if operation.startswith("ins") else start
        keys.append(trimmed(chromosome, position, ref, alt).key(name))
    return _look_up(found[0].strip(), keys, hotspots)


def _alleles(operation: str, found: re.Match[str]) -> tuple[str | None, str]:
    if ">" in operation:
        ref, alt = operation.split(">")
        return ref, alt
    if operation.startswith("delins"):
        named = re.match(r"(?:del)?([ACGT]+)(?:ins|>)", found["op"], re.I)
        return (named[1].upper() if named else None), operation[6:]
    return "", operation.removeprefix("ins")


def _any_delins(
    hotspots: Hotspots, assembly: str, chromosome: str, found: re.Match[str], alt: str
) -> Resolved:
    """Find a deletion-insertion whose deleted bases are not named, by its place and its size."""
    start, end = int(found["start"]), int(found["end"] or found["start"])
    prefix = f"{assembly}:{chromosome}:{start}:"
    size = end - start + 1
    hits = {
        hotspots[key] for key in hotspots
        if key.startswith(prefix) and key.endswith(f">{alt}") and len(key) - len(prefix) - len(alt) - 1 == size
    }  # fmt: skip
    hit = hits.pop() if len(hits) == 1 else None
    return Resolved(
        found[0].strip(), hit, None, f"{assembly} {found[0].strip()} by the curated table"
    )


def _from_vcf(
    found: re.Match[str], _gene: str | None, hotspots: Hotspots, _reference: str | None
) -> Resolved:
    stated = found["asm"] or found["asm_"]
    assembly = _ASSEMBLY_OF[stated.lower()] if stated else None
    ref, alt = (found[name].upper().replace("-", "") for name in ("ref", "alt"))
    place = trimmed(found["chrom"].upper(), int(found["start"]), ref, alt)
    names = [assembly] if assembly else ["GRCh37", "GRCh38"]
    keys = [place.key(name) for name in names]
    if found["ref"] == "-":  # MAF writes an insertion at the base before it
        keys += [trimmed(place.chromosome, place.position + 1, "", alt).key(name) for name in names]
    return _look_up(found[0].strip(), keys, hotspots)


def _from_spdi(
    found: re.Match[str], _gene: str | None, hotspots: Hotspots, _reference: str | None
) -> Resolved:
    chromosome, assembly = _where(found)
    ref, alt = found["ref"].upper(), found["alt"].upper()
    if ref.isdigit() or assembly is None:
        return Resolved(found[0], None)
    return _look_up(
        found[0], [trimmed(chromosome, int(found["start"]) + 1, ref, alt).key(assembly)], hotspots
    )


def _where(found: re.Match[str]) -> tuple[str, str | None]:
    """Return the chromosome and the assembly; an accession's version tells the assembly."""
    groups = found.groupdict()
    if groups["acc"]:
        number, version = int(groups["acc"][-2:]), int(groups["version"])
        chromosome = {23: "X", 24: "Y"}.get(number, str(number))
        first = _GRCH37_VERSIONS.get(number, 0)
        return chromosome, {first: "GRCh37", first + 1: "GRCh38"}.get(
            version, "an unknown assembly"
        )
    stated = groups.get("asm")
    return groups["chrom"].upper(), _ASSEMBLY_OF[stated.lower()] if stated else None


def _look_up(text: str, keys: list[str], hotspots: Hotspots) -> Resolved:
    hits = [(key, hotspots[key]) for key in keys if key in hotspots]
    values = {value for _, value in hits}
    if len(values) > 1:
        raise NotationError(
            "ambiguous_assembly", f"{text} is something else in GRCh37 and in GRCh38: say which",
            tuple(f"{key.split(':')[0]} {text}" for key, _ in hits),
        )  # fmt: skip
    if not hits:
        return Resolved(text, None)
    key, value = hits[0]
    return Resolved(text, value, None, f"{key.split(':')[0]} {text} by the curated table")
