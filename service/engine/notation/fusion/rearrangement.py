"""Fusions and rearrangements: ``EML4-ALK``, ``EML4::ALK``, ``ALK rearrangement``, ``t(2;5)(p23;q35)``.

The gene that is known is what matters, and whether its part that acts is in the product
(``orientation``); the partner is kept. No letter's case changes what is read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene
from service.engine.notation.faults import Remark
from service.engine.notation.fusion.karyotypes import Karyotypes
from service.engine.notation.fusion.orientation import is_wrong_end, oriented, turned
from service.engine.notation.fusion.partners import Partner, Partners
from service.engine.notation.genes import GeneNames
from service.engine.notation.readings import ReadFusion, ReadGrade

MAX_FUSION = 120
#: What stands for a partner that was not named.
_UNNAMED = ("?", "v", "V")
_SYMBOL = r"([A-Za-z][A-Za-z0-9]{0,14}|\?)"
_EXON = r"(?:\s?\(?(?:e|ex|exon\s?|intron\s?|i)?(\d{1,2})\)?|\s?\((?:NM_|ENST)\d+(?:\.\d+)?\)|:e(\d{1,2})|:r\.[\d_+\-]+)?"
_JOINT = r"\s?(::|--|-|/|_|\u2013|;)\s?"
_HYPHENATED = re.compile(
    r"([A-Za-z][A-Za-z0-9.-]{0,19})\s?::\s?([A-Za-z][A-Za-z0-9.-]{0,19})(?:\s(?:gene\s)?fusion)?"
)
_NOUN = (
    r"(?:(?:gene\s)?(?:inversion|in-?frame\s)?\s?(?:fusions?|rearrange(?:ments?|d)|translocat(?:ions?|ed)|transcripts?"
    r"|fusion (?:gene|transcript|oncogene|protein)|oncogene|gene)(?:\s(?:positive|detected))?)"
)
_VARIANT = r"(?:[\s,]{0,2}\(?(?:variant\s?(\w{1,4}(?:/\w{1,2})?)|[vV]\.?\s?(\d[\w']?(?:/\w{1,2})?)|E\d{1,2}[ab]?(?:/b)?[;:,]\s?A\d{1,2}|(?:ex|e|exon\s?)\d{1,2}\s?[-;:,/]{1,2}\s?(?:ex|e|exon\s?)\d{1,2})\)?)?"
_PAIR = re.compile(
    rf"{_SYMBOL}{_EXON}{_JOINT}{_SYMBOL}{_EXON}{_VARIANT}(\s?{_NOUN})?{_VARIANT}"
    r"(?:[\s,]{0,2}(?:E\d{1,2}[ab]?(?:/b)?[;:,]\s?A\d{1,2}))?",
    re.I,
)
_ACCESSION = r"(?:NM_|NR_|ENST|XM_)\d{1,12}(?:\.\d{1,3})?"
_TRANSCRIPT = re.compile(rf"\(\s?{_ACCESSION}\s?\)|\{{\s?{_ACCESSION}\s?\}}", re.I)
_EXON_MARK = re.compile(r"\s?:\s?(?=(?:exon|intron|ex|e)\.?\s?\d)", re.I)
_EXON_DOT = re.compile(r"\be\.(?=\d)", re.I)
_COSMIC = re.compile(
    rf"([A-Z][A-Za-z0-9]{{1,14}})[{{(]{_ACCESSION}[}})]:[rc]\.[?\d+\-_]{{1,30}}(?:_|::)"
    rf"([A-Z][A-Za-z0-9]{{1,14}})[{{(]{_ACCESSION}[}})]:[rc]\.[?*\d+\-_]{{1,30}}(?:\sfusion)?",
    re.I,
)
_WORDS = re.compile(
    rf"(?:re-?arranged|fused|{_NOUN}|(?:positive\s)?break[\s-]?apart(?:\s(?:signals?|positive))?|split signals?|(?:3'|5')\sdeletion"
    r"|fusion[\s-]positive|rearrangement[\s-]positive|inversion|structural (?:rearrangement|variant))",
    re.I,
)
_WITH_PARTNER = re.compile(
    rf"(?:{_NOUN}|fusion)\s?(?:\(|with\s|partner:?\s)+(?:partner\s)?{_SYMBOL}(?:\s(?:gene|partner))?\)?|{_SYMBOL}\s{_NOUN}",
    re.I,
)
#: "ALK fusion detected (EML4-ALK)": the fusion by name in brackets behind the words.
_IN_BRACKETS = re.compile(
    rf"(?:([A-Z0-9]{{2,8}})[\s:,-]{{1,2}})?{_NOUN}[\s:]{{0,2}}\(([A-Z][A-Za-z0-9]{{1,14}}\s?(?:::|-|/)\s?[A-Z][A-Za-z0-9]{{1,14}}[^()]{{0,30}})\)",
    re.I,
)


class FusionReader:
    """Reads fusions with the genes, partners and karyotypes of one knowledge base."""

    def __init__(self, names: GeneNames, partners: Partners, karyotypes: Karyotypes) -> None:
        self._names = names
        self._partners = partners
        self._karyotypes = karyotypes

    def read(self, text: str, gene: Gene | None) -> ReadFusion | None:
        """Read a fusion; ``gene`` is the gene that was named beside the text, if any.

        Returns:
            The fusion seen from the gene that the knowledge base knows (when it knows both, the
            one that stands where its fusions carry it), or ``None`` when the text is no fusion or
            names no known gene.
        """
        bare = _plain(text.strip())
        if not bare or len(bare) > MAX_FUSION:
            return None
        karyotype = self._karyotypes.read_fusion(bare, gene)
        if karyotype is not None:
            return karyotype
        inner = _IN_BRACKETS.fullmatch(bare)
        if inner is not None and (inner[1] is None or self._names.lookup(inner[1]) is not None):
            return self.read(inner[2], gene)
        if gene is not None and _WORDS.fullmatch(bare):
            return ReadFusion(gene, None, steps=("rearrangement in words",))
        hyphenated = _HYPHENATED.fullmatch(bare)
        if hyphenated is not None and "-" in f"{hyphenated[1]}{hyphenated[2]}":
            return self._read_hyphenated(hyphenated[1], hyphenated[2])
        pair = _PAIR.fullmatch(bare)
        if pair is not None:
            return self._read_pair(pair)
        return self._read_partner(bare, gene) if gene is not None else None

    def read_copies(self, text: str, gene: Gene | None) -> tuple[Gene, ReadGrade] | None:
        """Read a karyotype that stands for a change of copies; ``None`` for every other text."""
        return self._karyotypes.read_copies(text, gene)

    def _read_partner(self, text: str, gene: Gene) -> ReadFusion | None:
        """Read a fusion whose other gene was named: ``fusion with EML4``, ``EML4 fusion``, ``EML4``."""
        found = _WITH_PARTNER.fullmatch(text)
        name = (found[1] or found[2]) if found else text
        if name.upper() in {own.upper() for own in (gene.symbol, *gene.aliases)}:
            # "X fusion" beside the gene X repeats the gene and names no partner; without the word
            # for a fusion it is another name of the gene.
            return ReadFusion(gene, None, steps=("rearrangement in words",)) if found else None
        if found is None:
            recurrent = self._partners.recurrent(name)
            partner = Partner(recurrent) if recurrent else None
        else:
            partner = self._partners.find(name, stated=True)
        if partner is None or (found is not None and partner.symbol is None):
            return None
        if found is not None and found[2] and self._is_subject(partner):
            return None  # "EGFR, ALK fusion": the second gene is fused, the first has no result
        is_first = gene.fusion_end == "5prime"
        steps = ("fusion with a named partner",)
        return ReadFusion(gene, partner.symbol, steps=steps, is_first=is_first)

    def _is_subject(self, partner: Partner) -> bool:
        """Tell whether a partner is a gene of the knowledge that is no recurrent partner of others."""
        is_covered = partner.symbol is not None and self._names.lookup(partner.symbol) is not None
        return is_covered and not partner.is_recurrent

    def _read_hyphenated(self, first: str, second: str) -> ReadFusion | None:
        """Read ``NKX2-1::ALK``: symbols with hyphens, which only ``::`` can part."""
        own = self._own_index(self._names.lookup(first), self._names.lookup(second), True)
        if own is None:
            return None
        index, gene = own
        partner = self._partners.find(first if index else second, stated=True)
        if partner is None or partner.symbol is None:
            return None
        return oriented(gene, partner.symbol, None, is_last=index == 1)

    def _read_pair(self, pair: re.Match[str]) -> ReadFusion | None:
        joint, exons = pair[4], (_number(pair[2], pair[3]), _number(pair[6], pair[7]))
        noun = pair[10] is not None or joint in ("::", "--") or bool(pair[8] or pair[9])
        own = self._own_index(self._names.lookup(pair[1]), self._names.lookup(pair[5]), noun)
        if own is None:
            return None
        index, gene = own
        is_last, is_loose = index == 1, joint in ("/", "_", ";") and not noun
        stated = noun or (is_last and exons[1] is not None)
        partner = self._partners.find(pair[1] if is_last else pair[5], stated=stated)
        if partner is None or (is_loose and not (is_last and partner.is_recurrent)):
            return None
        if joint in ("/", "_", ";") and self._is_subject(partner):
            return None  # "EGFR; ALK fusion": two results
        is_unordered = joint != "::" and exons == (None, None)
        if partner.is_recurrent and is_unordered and is_wrong_end(gene, is_last=is_last):
            return turned(ReadFusion(gene, partner.symbol))
        read = oriented(gene, partner.symbol, exons[index], is_last=is_last)
        name = pair[1] if is_last else pair[5]
        if partner.symbol is None and name not in _UNNAMED:
            note = f"{name} is no gene by this name: the partner of {gene.symbol} stays open"
            return replace(read, remarks=(*read.remarks, Remark("fusion_partner_unknown", note)))
        return read

    @staticmethod
    def _own_index(first: Gene | None, second: Gene | None, noun: bool) -> tuple[int, Gene] | None:
        """Return which gene of a pair the finding is about; two known ones need a word for a fusion."""
        if first is not None and second is not None:
            if not noun:
                return None
            is_first_right = first.fusion_end == "5prime"
            return (0, first) if is_first_right and second.fusion_end != "3prime" else (1, second)
        if second is not None:
            return 1, second
        return (0, first) if first is not None else None


def _plain(text: str) -> str:
    """Return a fusion without transcripts and with its exons behind a blank.

    ``EML4:exon13-ALK:exon20`` and ``EML4{ENST00000318522}:r.1_1751_ALK{ENST00000389048}:r.4080_6220``
    (COSMIC) name the genes in order; the bases of the latter count from the transcript's start.
    """
    if ":" not in text and "{" not in text and "_" not in text:
        return text
    cosmic = _COSMIC.fullmatch(text)
    if cosmic is not None:
        return f"{cosmic[1]}::{cosmic[2]} fusion"
    return _EXON_DOT.sub("e", _EXON_MARK.sub(" ", _TRANSCRIPT.sub("", text)))


def is_rearrangement(text: str) -> bool:
    """Tell whether a text is nothing but a word for a rearrangement."""
    return len(text) <= MAX_FUSION and _WORDS.fullmatch(text) is not None


def _number(*texts: str | None) -> int | None:
    return next((int(text) for text in texts if text), None)
