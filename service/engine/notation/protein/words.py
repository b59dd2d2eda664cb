"""Sequence variants in words: ``exon 19 deletion``, ``ex20ins``, ``del19``, ``codon 12``, ``mutation``.

A description is a pattern, never one variant. The words around a change that do not alter it
("missense", "somatic", "hotspot") are taken off here too.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.protein.changes import codon_pattern
from service.engine.notation.protein.reference import check_position
from service.engine.notation.readings import ReadChange

MAX_WORDS = 120
_WHAT = (
    r"(?P<what>delins|indels?|del(?:etions?|eted)?|ins(?:ertions?)?|dup(?:lications?)?|skipping"
    r"|splice(?:\ssite)?|frameshifts?|nonsense|missense|mutations?|mutated|mut|variants?"
    r"|alterations?|substitutions?|point mutations?)"
)
_EXON = re.compile(
    rf"(?:exon|ex|e)[\s.\-]{{0,3}}(?P<exon>\d{{1,2}})[\s\-]{{0,3}}(?:in[\s-]?frame[\s\-]{{0,3}})?{_WHAT}?",
    re.I,
)
_EXON_BEHIND = re.compile(
    rf"{_WHAT}\s?(?:in|of|at|within|,)?\s?(?:the\s)?(?:exon|ex|e)[\s.\-]{{0,3}}(?P<exon>\d{{1,2}})",
    re.I,
)
_SHORT_EXON = re.compile(
    r"(?P<what>del|ins|dup)[\s\-]?(?P<exon>\d{1,2})|(?P<exon_>\d{1,2})[\s\-]?(?P<what_>del|ins|dup)",
    re.I,
)
_CODON = re.compile(
    r"(?:codons?|residues?)\s?(\d{1,4})(?:\s?(?:/|,|-|or|and|to)\s?(\d{1,4}))?", re.I
)
_PAIR_OF_CODONS = re.compile(r"([A-Z])(\d{1,4})\s?(?:/|or|and)\s?([A-Z])?(\d{1,4})X?", re.I)
_SEVERAL = re.compile(
    r"(?:mutations?\s(?:in|of)\s)?\(?(?P<unit>exons?|codons?)\s?(?P<list>\d{1,3}(?:\s?(?:,|/|and|&|-|to|through|,\sand)\s?(?:exon\s|codon\s)?\d{1,3}){1,9})\)?"
    r"(?:\s(?:mutations?|variants?))?",
    re.I,
)
_CODON_WORDS = re.compile(r"codons (\d{1,4})-(\d{1,4}) (\w+(?:-\w+)?)", re.I)
_CODON_CHANGE = re.compile(r"codon (\d{1,4}) change", re.I)
_KINASE = re.compile(r"(?:tkd|tk domain|tyrosine[\s-]kinase domain|kinase[\s-]domain)", re.I)
_ANY = re.compile(
    r"(?:gene\s)?(?:mut|mutations?|mutated|mutant|variants?|alterations?|m\+?"
    r"|mutation\(s\)|sequence (?:variants?|mutations?|alterations?)|snvs?|point mutations?)",
    re.I,
)
_CONSEQUENCE_WORDS = re.compile(
    r"(missense|frameshift|nonsense|splice|synonymous|in[\s-]?frame deletion"
    r"|in[\s-]?frame insertion|extension|deletion-insertion)",
    re.I,
)
_NOUN = (
    r"(?:mutations?|variants?|substitutions?|alterations?|alleles?|changes?|mutants?|mutated|mut)"
)
_LEADING = re.compile(
    r"(?:any|an?|the|some|somatic|acquired|novel|common|classic(?:al)?|canonical|known|single|two|sole"
    r"|homozygous|heterozygous|hotspot|recurrent|(?:in[\s-]?frame)(?=\s)|point|gene|missense(?=\s)"
    rf"|gatekeeper|secondary|primary|specific|{_NOUN}:?)\s(?:of\s|in\s)?(?=.)",
    re.I,
)
_TRAILING = re.compile(
    rf"(?:[\s,(]{{1,2}}(?:{_NOUN}|missense|point|hotspot|somatic|heterozygous|homozygous|nos"
    r"|unspecified|in-?frame|gene)\)?)$",
    re.I,
)
#: What a report says about an unnamed variant -> our word for it; ``None`` says nothing of the kind.
_SIGNIFICANCE: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile(r"\b(?:likely[\s-](?:pathogenic|oncogenic)|pathogenic|oncogenic|activating|driver"
                r"|gain[\s-]of[\s-]function|sensiti[sz]ing|tier (?:i{1,2}|1|2)[\s-]?[a-d]?)(?=$|[\s,)])", re.I),
     "oncogenic"),
    (re.compile(r"\b(?:vus|(?:variants? )?of (?:un(?:certain|known)|undetermined) (?:clinical )?significance"
                r"|tier (?:iii|3))(?=$|[\s,)])", re.I), "inconclusive"),
    (re.compile(r"\b(?:likely[\s-])?benign\b|\bpolymorphism\b|\btier (?:iv|4)(?=$|[\s,)])", re.I),
     "likely_neutral"),
    (re.compile(r"\b(?:actionable|clinically relevant|targetable|clinically significant)\b", re.I), None),
)  # fmt: skip
_KINDS = {
    "del": "inframe_deletion", "ins": "inframe_insertion", "dup": "inframe_insertion",
    "ski": "splice", "spl": "splice", "fra": "frameshift", "non": "nonsense", "mis": "missense",
    "sub": "missense", "poi": "missense", "syn": "synonymous", "ext": "extension",
}  # fmt: skip


def take_significance(text: str) -> tuple[str, tuple[str, ...]]:
    """Take the laboratory's word on significance off a text.

    Returns:
        The rest, and what was said (``oncogenic``, ``inconclusive``, ``likely_neutral``); a word
        that says nothing of the kind ("actionable") is taken off only.
    """
    said: list[str] = []
    for pattern, word in _SIGNIFICANCE:
        rest = pattern.sub(" ", text)
        if rest != text:
            text = " ".join(rest.replace("( )", " ").replace("()", " ").split()).strip(" ,;:-")
            said += [word] if word else []
            if not text:
                text = "mutation"
    return text, tuple(said)


def without_decoration(text: str) -> str:
    """Return the text without words that do not alter what was found: ``V600E mutation``."""
    bare, before = text.strip(), ""
    while bare != before:
        before = bare
        bare = _TRAILING.sub("", _LEADING.sub("", bare, count=1) if _LEADING.match(bare) else bare)
        bare = bare.strip(" ,:")
    return bare


def read_sequence_words(text: str, gene: Gene) -> ReadChange | None:
    """Read a description of sequence variants that is no HGVS.

    Returns:
        A pattern (no exact variant), with the remark ``imprecise_alteration``; ``None`` when the
        text is none of these forms.

    Raises:
        NotationError: ``unknown_exon`` or ``position_out_of_range``.
    """
    bare = text.strip()
    if not bare or len(bare) > MAX_WORDS:
        return None
    stripped = without_decoration(bare)
    for candidate in (bare, stripped, stripped.strip("()")):
        for reader in _READERS:
            read = reader(candidate, gene)
            if read is not None:
                return replace(read, steps=("description in words", *read.steps))
    return None


def several_exons(text: str, gene: Gene) -> tuple[ReadChange, ...] | None:
    """Read a list or range of exons or codons that were looked at: ``exons 2, 3 and 4``, ``exons 2-4``.

    It means something for a negative only: each of them is without a mutation.

    Raises:
        NotationError: ``unknown_exon`` or ``position_out_of_range``.
    """
    found = _SEVERAL.fullmatch(text)
    if found is None:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", found["list"])]
    is_exon = found["unit"].lower().startswith("e")
    if re.search(r"-|to|through", found["list"]) is not None:
        if len(numbers) != 2 or not is_exon or numbers[1] <= numbers[0]:
            return None
        numbers = list(range(numbers[0], numbers[1] + 1))
    if is_exon:
        return tuple(_exon_change(gene, number, "") for number in numbers)
    for number in numbers:
        check_position(gene, number)
    return tuple(codon_pattern(gene, number) for number in numbers)


def _read_exon(text: str, gene: Gene) -> ReadChange | None:
    found = _EXON.fullmatch(text) or _EXON_BEHIND.fullmatch(text)
    if found is not None:
        return _exon_change(gene, int(found["exon"]), found["what"] or "")
    short = _SHORT_EXON.fullmatch(text)
    if short is None:
        return None
    return _exon_change(gene, int(short["exon"] or short["exon_"]), short["what"] or short["what_"])


def _exon_change(gene: Gene, exon: int, word: str) -> ReadChange:
    if gene.exons and exon not in gene.exons:
        raise NotationError("unknown_exon", f"{gene.symbol} has no coding exon {exon} here")
    lowered = word.strip().lower()
    is_either = lowered.startswith(("indel", "delins"))
    consequence = None if is_either else _KINDS.get(lowered[:3])
    change = ProteinChange(consequence=consequence, exon=exon)  # type: ignore[arg-type]
    return _pattern(gene, change, f"{word or 'change'} in exon {exon}".strip())


def _read_codon(text: str, gene: Gene) -> ReadChange | None:
    pair = _PAIR_OF_CODONS.fullmatch(text)
    found = _CODON.fullmatch(text)
    if pair is not None and gene.protein:
        start, end = int(pair[2]), int(pair[4])
        if start > len(gene.protein) or gene.protein[start - 1] != pair[1].upper():
            return None
    elif found is not None:
        start, end = int(found[1]), int(found[2] or found[1])
    else:
        return None
    check_position(gene, start)
    check_position(gene, end)
    if start == end:
        return codon_pattern(gene, start)
    if end != start + 1:
        raise NotationError(
            "ambiguous_alteration", f"{text!r} names two codons that are no neighbours: give one"
        )
    change = ProteinChange(consequence="missense", start=start, end=end)
    return _pattern(gene, change, f"codon {start} or {end}")


def _read_codon_words(text: str, gene: Gene) -> ReadChange | None:
    """Read our own names of regions: ``codons 729-761 deletion``."""
    found = _CODON_WORDS.fullmatch(text)
    if found is None:
        return None
    start, end = int(found[1]), int(found[2])
    if end < start:
        raise NotationError("reversed_range", f"the range {start} to {end} runs backwards")
    check_position(gene, start)
    check_position(gene, end)
    word = found[3].lower()
    consequence = "delins" if word == "deletion-insertion" else _KINDS.get(word[:3])
    if consequence is None and not _ANY.fullmatch(word):
        return None
    change = ProteinChange(consequence=consequence, start=start, end=end)  # type: ignore[arg-type]
    return _pattern(gene, change, f"codons {start} to {end}")


def _read_codon_change(text: str, gene: Gene) -> ReadChange | None:
    """Read our own name of "anything at this codon": ``codon 108 change``."""
    found = _CODON_CHANGE.fullmatch(text)
    if found is None:
        return None
    position = int(found[1])
    check_position(gene, position)
    return _pattern(gene, ProteinChange(start=position, end=position), f"codon {position}")


def _read_kinase(text: str, gene: Gene) -> ReadChange | None:
    if gene.kinase_domain is None or not _KINASE.fullmatch(text):
        return None
    start, end = gene.kinase_domain
    return _pattern(gene, ProteinChange(start=start, end=end), "the kinase domain")


def _read_any(text: str, gene: Gene) -> ReadChange | None:
    if _ANY.fullmatch(text):
        return _pattern(gene, ProteinChange(), "some mutation")
    word = _CONSEQUENCE_WORDS.fullmatch(text)
    if word is None:
        return None
    key = word[1].lower().replace("in-frame ", "").replace("inframe ", "").replace("in frame ", "")
    kind = "delins" if key == "deletion-insertion" else _KINDS[key[:3]]
    return _pattern(gene, ProteinChange(consequence=kind), f"some {word[1].lower()}")  # type: ignore[arg-type]


_READERS = (_read_exon, _read_codon_change, _read_codon, _read_codon_words, _read_kinase, _read_any)


def _pattern(gene: Gene, change: ProteinChange, what: str) -> ReadChange:
    remark = Remark("imprecise_alteration", f"{gene.symbol}: {what} does not name one variant")
    return ReadChange(change, None, (remark,))
