"""Fusions and rearrangements: ``EML4-ALK``, ``EML4::ALK``, ``ALK rearrangement``, ``t(2;5)(p23;q35)``.

The kinase is what matters, and whether its domain is in the product; the partner is kept.
Sources: HGNC recommends ``5'::3'`` (Bruford et al. 2021, Leukemia 35:3040); a hyphen fixes no order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from service.engine.model import Gene
from service.engine.notation.faults import Remark
from service.engine.notation.genes import GeneNames
from service.engine.notation.readings import ReadFusion

MAX_FUSION = 120
#: Kinases that their recurrent fusions carry on the 3' side; others keep theirs on either side.
KINASE_LAST = frozenset({"ALK", "BRAF"})
#: Recurrent partners, by the names that reports use for them.
_PARTNERS = {
    name: name
    for name in ["EML4", "NPM1", "KIF5B", "TFG", "KLC1", "STRN", "HIP1", "TPR", "CLTC", "TPM3", "TPM4", "TPM1", "ATIC", "RANBP2", "MSN", "MYH9", "SQSTM1", "DCTN1", "SEC31A", "FN1", "PPFIBP1", "CARS1", "VCL", "TRAF1", "RNF213", "PTPN3", "GCC2", "LMO7", "PHACTR1", "CUX1", "BIRC6", "PICALM", "GTF2IRD1", "WDCP", "EEF1G", "KIAA1549", "AGK", "FAM131B", "SND1", "AKAP9", "TRIM24", "FXR1", "MKRN1", "SLC45A3", "RAF1", "PPFIBP2", "CCDC6", "GNAI1", "CLCN6", "QKI", "MACF1", "RAD51", "SEPTIN14", "SEP14", "SEPT14", "ERC1", "ARMC10", "BCAS1", "TAX1BP1", "GIT2", "ZKSCAN1", "CDK5RAP2", "LMNA"]
} | {"NPM": "NPM1", "CARS": "CARS1", "C2ORF44": "WDCP", "SEPT14": "SEPTIN14", "SEP14": "SEPTIN14",
     "KIAA-1549": "KIAA1549"}  # fmt: skip
_SYMBOL = r"([A-Za-z][A-Za-z0-9]{0,14}|\?)"
_EXON = r"(?:\s?\(?(?:[eE]|[eE]x|[eE]xon\s?|[iI]ntron\s?|i)?(\d{1,2})\)?|\s?\((?:NM_|ENST)\d+(?:\.\d+)?\)|:e(\d{1,2})|:r\.[\d_+\-]+)?"
_JOINT = r"\s?(::|--|-|/|_|\u2013|;)\s?"
_NOUN = (
    r"(?:(?:gene\s)?(?:inversion|in-?frame\s)?\s?(?:fusions?|rearrange(?:ments?|d)|translocat(?:ions?|ed)|transcripts?"
    r"|fusion (?:gene|transcript|oncogene|protein)|oncogene|gene)(?:\s(?:positive|detected))?)"
)
_VARIANT = r"(?:[\s,]{0,2}\(?(?:variant\s?(\w{1,4}(?:/\w{1,2})?)|[vV]\.?\s?(\d[\w']?(?:/\w{1,2})?)|E\d{1,2}[ab]?(?:/b)?[;:,]\s?A\d{1,2}|(?:ex|e|exon\s?)\d{1,2}\s?[-;:,/]{1,2}\s?(?:ex|e|exon\s?)\d{1,2})\)?)?"
_PAIR = re.compile(
    rf"{_SYMBOL}{_EXON}{_JOINT}{_SYMBOL}{_EXON}{_VARIANT}(\s?{_NOUN})?{_VARIANT}"
    r"(?:[\s,]{0,2}(?:E\d{1,2}[ab]?(?:/b)?[;:,]\s?A\d{1,2}))?",
)
_ACCESSION = r"(?:NM_|NR_|ENST|XM_)\d{1,12}(?:\.\d{1,3})?"
_TRANSCRIPT = re.compile(rf"\(\s?{_ACCESSION}\s?\)|\{{\s?{_ACCESSION}\s?\}}", re.I)
_EXON_MARK = re.compile(r"\s?:\s?(?=(?:exon|intron|ex|e)\.?\s?\d)", re.I)
_EXON_DOT = re.compile(r"\be\.(?=\d)", re.I)
_COSMIC = re.compile(
    rf"([A-Z][A-Za-z0-9]{{1,14}})[{{(]{_ACCESSION}[}})]:[rc]\.[?\d+\-_]{{1,30}}(?:_|::)"
    rf"([A-Z][A-Za-z0-9]{{1,14}})[{{(]{_ACCESSION}[}})]:[rc]\.[?*\d+\-_]{{1,30}}(?:\sfusion)?"
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
_CYTOGENETIC = {
    "t(2;5)(p23;q35)": "NPM1", "t(2;5)": "NPM1", "inv(2)(p21p23)": "EML4", "inv(2)(p21;p23)": "EML4",
    "inv(2)(p23p21)": "EML4", "inv(2)": "EML4", "t(1;2)(q25;p23)": "TPM3", "t(1;2)(q21;p23)": "TPM3",
    "t(2;3)(p23;q21)": "TFG", "t(2;3)(p23;q12)": "TFG", "t(2;17)(p23;q23)": "CLTC", "inv(2)(p23q35)": "ATIC",
    "t(2;10)(p23;p11)": "KIF5B", "t(2;19)(p23;p13)": "TPM4", "t(2;19)(p23;p13.1)": "TPM4",
}  # fmt: skip
_BANDS = re.compile(r"(?<=\d)\.\d+(?=[;)pq])")
_NOT_A_PARTNER = frozenset({
    "NGS", "FISH", "IHC", "PCR", "DNA", "RNA", "TKD", "TKI", "MUT", "WT", "EXON", "EX", "DEL", "INS",
    "KDD", "GENE", "NOT", "AMP", "CNV", "CN", "POS", "NEG", "LOW", "HIGH", "POSITIVE", "NEGATIVE", "MUTANT",
    "IHC3", "D5F3", "CODON", "INTRON", "NO", "OR", "AND", "VUS", "V", "VIII", "KINASE", "FUSION",
    "NON", "POSSIBLE", "SUSPECTED", "PROBABLE", "EXCLUDED", "SOMATIC", "GERMLINE", "PARTIAL", "COMPLEX",
    "NSCLC", "LUAD", "CRC", "LUNG", "TUMOR", "TUMOUR", "ANTI", "PAN", "CDNA", "CTDNA", "PRE", "POST",
})  # fmt: skip


#: Genes of usual panels that the knowledge base says nothing about.
OTHER_DRIVERS = frozenset({
    "ROS1", "RET", "MET", "NTRK", "NTRK1", "NTRK2", "NTRK3", "NRG1", "FGFR1", "FGFR2", "FGFR3", "PIK3CA", "TP53", "STK11",
    "KEAP1", "PTEN", "IDH1", "IDH2", "BRCA1", "BRCA2", "MAP2K1", "CDKN2A", "APC", "SMAD4", "KIT", "PDGFRA", "TMB", "AKT1",
    "ARAF", "NF1", "RB1", "ATM", "PALB2", "POLE", "CTNNB1", "ERBB3", "ERBB4", "FGFR", "TERT", "ARID1A",
})  # fmt: skip


def read_fusion(text: str, gene: Gene | None, names: GeneNames) -> ReadFusion | None:
    """Read a fusion; ``gene`` is the gene that was named beside the text, if any.

    Returns:
        The fusion seen from the gene that the knowledge base knows (the 3' partner when it knows
        both), or ``None`` when the text is no fusion or names no known gene.
    """
    bare = _plain(text.strip())
    if not bare or len(bare) > MAX_FUSION:
        return None
    if "(" in bare and (bare[:2].lower() == "t(" or bare[:4].lower() == "inv("):
        return _read_cytogenetic(bare, gene, names)
    inner = _IN_BRACKETS.fullmatch(bare)
    if inner is not None and (inner[1] is None or names.lookup(inner[1]) is not None):
        return read_fusion(inner[2], gene, names)
    if gene is not None and _WORDS.fullmatch(bare):
        return ReadFusion(gene, None, steps=("rearrangement in words",))
    pair = _PAIR.fullmatch(bare)
    if pair is not None:
        return _read_pair(pair, names)
    return _read_partner(bare, gene) if gene is not None else None


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


def _read_cytogenetic(text: str, gene: Gene | None, names: GeneNames) -> ReadFusion | None:
    key = _BANDS.sub("", text.lower().replace(" ", ""))
    key = re.sub(r"(?:translocation|rearrangement|fusion)$", "", key)
    partner = _CYTOGENETIC.get(key)
    known = names.lookup("ALK")
    if partner is None or known is None or gene not in (None, known):
        return None
    if "p" not in key and gene is None:
        return None  # "t(2;5)" alone names no band: the gene must stand beside it
    return ReadFusion(known, partner, steps=(f"karyotype {key} -> {partner}::ALK",))


def _read_partner(text: str, gene: Gene) -> ReadFusion | None:
    """Read a fusion whose other gene was named: ``fusion with EML4``, ``EML4 fusion``, ``EML4``."""
    found = _WITH_PARTNER.fullmatch(text)
    name = (found[1] or found[2]) if found else text
    upper = name.upper()
    if upper in {own.upper() for own in (gene.symbol, *gene.aliases)}:
        # "ALK fusion" beside the gene ALK repeats the gene; it names no partner.
        return ReadFusion(gene, None, steps=("rearrangement in words",))
    if found is None and upper not in _PARTNERS:
        return None
    if upper not in _PARTNERS and (upper in _NOT_A_PARTNER or not name[:2].isupper()):
        return None
    return ReadFusion(gene, _PARTNERS.get(upper, upper), steps=("fusion with a named partner",))


def _read_pair(pair: re.Match[str], names: GeneNames) -> ReadFusion | None:
    first_name, joint, second_name = pair[1], pair[4], pair[5]
    noun = pair[10] is not None or joint in ("::", "--") or bool(pair[8] or pair[9])
    first, second = names.lookup(first_name), names.lookup(second_name)
    first_exon, second_exon = _number(pair[2], pair[3]), _number(pair[6], pair[7])
    if second is not None and (first is None or noun):
        partner = _partner_of(first_name, stated=noun or second_exon is not None)
        is_loose = joint in ("/", "_", ";") and not noun and partner not in _PARTNERS.values()
        if partner is False or is_loose:
            return None
        return oriented(second, partner or None, second_exon, is_last=True)
    if first is not None and second is None:
        partner = _partner_of(second_name, stated=noun)
        if partner is False or (joint in ("/", "_", ";") and not noun):
            return None
        is_loose = joint != "::" and first_exon is None and second_exon is None
        if partner in _PARTNERS.values() and is_loose and first.symbol in KINASE_LAST:
            return turned(ReadFusion(first, partner))
        return oriented(first, partner or None, first_exon, is_last=False)
    return None


def _number(*texts: str | None) -> int | None:
    return next((int(text) for text in texts if text), None)


def _partner_of(name: str, *, stated: bool) -> str | Literal[False] | None:
    """Return the partner's symbol, ``None`` when it is not known, ``False`` when it is no gene."""
    upper = name.upper()
    if upper in OTHER_DRIVERS and not stated:
        return False  # "EGFR-ALK-ROS1 negative" is a list
    if upper in ("V", "?"):
        return None if stated else False
    if upper in _PARTNERS:
        return _PARTNERS[upper]
    is_symbol = (
        re.fullmatch(r"[A-Z][A-Z0-9]*(?:orf\d+)?[A-Z0-9]*", name) is not None and len(name) > 1
    )
    if upper in _NOT_A_PARTNER or not (is_symbol or (stated and name[0].isupper())):
        return False
    if not stated and re.fullmatch(r"[A-Z]\d{1,4}[A-Z]?|(?:EX|E)\d+\w*", upper):
        return False  # "BRAF-V600E" is a variant, "EGFR-EX19DEL" words: neither is a fusion
    return upper


def turned(fusion: ReadFusion) -> ReadFusion:
    """Return a fusion that was written with the kinase first, by a joint that fixes no order."""
    symbol, partner = fusion.gene.symbol, fusion.partner or "v"
    note = f"{symbol}-{partner} is read as {partner}::{symbol}: a hyphen fixes no order"
    remark = Remark("orientation_assumed", note)
    return replace(
        fusion, remarks=(*fusion.remarks, remark), steps=(*fusion.steps, "fusion pair, turned")
    )


def oriented(gene: Gene, partner: str | None, own_exon: int | None, *, is_last: bool) -> ReadFusion:
    """Return the fusion with what its orientation and exon say about the kinase domain.

    Args:
        own_exon: first exon of the gene in the product when it is the 3' part, else the last one.
    """
    other = partner or "v"
    written = f"{other}::{gene.symbol}" if is_last else f"{gene.symbol}::{other}"
    steps = (f"fusion pair {written}",)
    if own_exon is not None and gene.kinase_domain is not None and gene.exons:
        if _keeps_kinase(gene, own_exon, is_last=is_last):
            return ReadFusion(gene, partner, steps=(*steps, "the exons keep the kinase domain"))
        note = f"{written} with exon {own_exon} of {gene.symbol} is without its kinase domain"
        remark = Remark("kinase_domain_lost", note)
        return ReadFusion(gene, partner, False, (remark,), steps)
    if not is_last and gene.symbol in KINASE_LAST:
        note = (
            f"in {written} the {gene.symbol} kinase domain may be lost; its 5' side is what is kept"
        )
        remark = Remark("kinase_domain_may_be_lost", note, (f"{other}::{gene.symbol}",))
        return ReadFusion(gene, partner, False, (remark,), steps)
    return ReadFusion(gene, partner, steps=steps)


def _keeps_kinase(gene: Gene, exon: int, *, is_last: bool) -> bool:
    start, end = gene.kinase_domain or (0, 0)
    span = gene.exons.get(exon)
    if span is None:
        return False
    # The exon that holds the last residues of the domain may be cut: three quarters must be kept.
    needed = start + (end - start) * (1 if is_last else 3) // 4
    return span[0] <= needed if is_last else span[1] >= needed
