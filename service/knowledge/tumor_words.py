"""The words around a tumour type: stage, course and biomarkers, told apart from the name.

``set_apart`` finds them; which node the rest names is decided in ``tumor_terms``. What a stage word
means depends on the organ, so the fact is drawn (``read_context``) when the node is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FLAGS = re.IGNORECASE
#: Abbreviations that hold a context or biomarker word.
_WRITTEN_OUT = {
    "mcrc": "metastatic crc", "mcrpc": "metastatic crpc", "mnsclc": "metastatic nsclc",
    "mtnbc": "metastatic triple-negative breast cancer", "mrcc": "metastatic rcc",
    "mpdac": "metastatic pdac", "mgist": "metastatic gist", "tnbc": "triple-negative breast cancer",
    "es-sclc": "extensive-stage sclc", "ls-sclc": "limited-stage sclc",
}  # fmt: skip
_NUMERAL = r"(?:iv|i{1,3}|[0-4])[abcd]?[1-3]?"
_WORD = re.compile(r"[\w-]+")
_CONTEXT = re.compile(
    rf"\bstage\s*{_NUMERAL}(?:\s*(?:-|/|to|or)\s*{_NUMERAL})?\b"
    r"|\bmetastatic\s+to\s+(?:the\s+)?(?:brain|bones?|liver|lungs?|cns|lymph nodes?|peritoneum)"
    r"(?:\s+and\s+(?:the\s+)?(?:brain|bones?|liver|lungs?|cns|lymph nodes?|peritoneum))?\b"
    r"|\b(?:brain|bone|liver|hepatic|lung|pulmonary|cns|visceral|peritoneal|lymph node)\s+"
    r"metast(?:asis|ases)(?:\s+(?:of|from))?\b"
    r"|\b(?:non-?\s?metastatic|(?:oligo|de novo )?metastatic|disseminated)\b"
    r"|\b(?:metastases|metastasi[sz]ed)\b"
    r"|\blocally[\s-]+(?:advanced|recurrent)\b|\badvanced(?:[\s-]+stage)?\b"
    r"|\b(?:unresectable|inoperable|non-?resectable|resectable|resected|unresected)\b"
    r"|\b(?:recurrent|relapsed|refractory|early(?:[\s-]+stage)?|limited[\s-]+stage"
    r"|extensive[\s-]+stage|high[\s-]+risk|newly[\s-]+diagnosed|node[\s-]+(?:positive|negative)"
    r"|(?:previously[\s-]+|pre)treated|previously[\s-]+untreated|treatment[\s-]+na[iï]ve"
    r"|neoadjuvant|adjuvant|second[\s-]+line|first[\s-]+line)\b",
    _FLAGS,
)
_FILLER = re.compile(
    r"\b(?:n\.?o\.?s\b\.?|not otherwise specified|primary|known|histologically confirmed"
    r"|biopsy[\s-]+proven|diagnosis of|diagnosed with|patient with|history of|disease)\b\.?",
    _FLAGS,
)
_READ_GENE = r"EGFR|ALK|BRAF|[KNH]RAS|HER-?2(?:/neu)?|ERBB2|ER|PR|HR|hormone[\s-]receptor|PD-?L1"
_OTHER_GENE = (
    r"ROS1|RET|MET|NTRK[1-3]?|IDH[12]?|FGFR[1-4]?|BRCA[12]?|PIK3CA|TP53|STK11|RAS|NRG1|KIT"
)
_STATE = (
    r"(?P<change>[\s:-]*(?:p\.)?[A-Z]\d{1,4}(?:[A-Z*]|del|dup|_[A-Z]\d{1,4}(?:del|ins|dup)[A-Z]*)?\b)"
    r"?(?P<exon>\s+exon[\s-]*\d+(?:\s*(?:deletion|insertion|mutation|del|ins)s?)?\b)?"
    r"(?P<ihc>\s+IHC\s*[0-3]\+?)?"
    r"(?P<state>[\s-]*(?:ultra-?low|low|positive|negative|mutation[\s-]+positive|mutant|mutated"
    r"|mutations?|wild[\s-]?type|rearranged|rearrangements?|translocated|fusion(?:[\s-]+positive)?"
    r"|fusions|amplified|amplification|driven|expressing)\b|\s?\+|-(?=\s*[/,;)]|\s|$))?"
)
_BIOMARKER = re.compile(
    rf"\b(?P<gene>{_READ_GENE}|{_OTHER_GENE})(?![A-Z0-9]){_STATE}"
    r"|\b(?P<triple>triple[\s-]+negative)\b"
    r"|\b(?P<aggregate>MSI-?H(?:igh)?|dMMR|MSS|pMMR|TMB-?H(?:igh)?|(?:microsatellite|mismatch)[\s-]+"
    r"(?:instability[\s-]+high|unstable|stable|repair[\s-]+(?:deficient|proficient)))\b",
    _FLAGS,
)
#: The state as the biomarker reader knows it.
_STATES = (
    (re.compile(r"mut|driven", _FLAGS), " mutation"),
    (re.compile(r"wild", _FLAGS), " wild type"),
    (re.compile(r"rearr|transloc|fusion", _FLAGS), " rearrangement"),
    (re.compile(r"amplif", _FLAGS), " amplification"),
    (re.compile(r"ultra", _FLAGS), " ultralow"),
    (re.compile(r"low", _FLAGS), " low"),
    (re.compile(r"positive|\+|express", _FLAGS), " positive"),
    (re.compile(r"negative|-\s*$", _FLAGS), " negative"),
)
_TRIPLE_NEGATIVE = ("ER negative", "PR negative", "HER2 negative")
_EDGE = r"(?:with|and|or|of|from|in|to|the|harbou?ring|a|an)"
_EDGES = re.compile(
    rf"^(?:[\s,;:/()+-]|{_EDGE}(?=\s))+|(?:[\s,;:/()+-]|(?<=\s){_EDGE}(?=[\s,;:/()+-]*$))+$", _FLAGS
)
#: Organs in which every stage IV has distant metastases. Source: AJCC Cancer Staging Manual, 8th
#: edition; elsewhere (head and neck, thyroid, kidney, cervix …) some stage IV is M0.
_STAGE_IV_IS_METASTATIC = frozenset({"LUNG", "BOWEL", "BREAST", "SKIN", "PANCREAS", "OVARY"})
_STAGE_WORDS = (
    (re.compile(r"^(?:brain|bone|liver|hepatic|lung|pulmonary|cns|visceral|peritoneal)\s+metast"
                r"|^(?:oligo|de novo )?metasta(?!tic to (?:the )?lymph)"
                r"|^disseminated"), "metastatic"),
    (re.compile(r"^(?:unresectable|inoperable|non-?resectable)"), "unresectable"),
    (re.compile(r"^locally[\s-]+advanced"), "locally_advanced"),
    (re.compile(r"^(?:recurrent|relapsed|locally[\s-]+recurrent)"), "recurrent"),
    (re.compile(r"^(?:resected|resectable|early)"), "early"),
)  # fmt: skip
_FURTHEST_FIRST = ("metastatic", "unresectable", "locally_advanced", "recurrent", "early")
#: Words that need no remark when another word decides the stage.
_OPEN = re.compile(
    r"^(?:stage|non-?\s?metastatic|advanced|limited|extensive|unresected|lymph"
    r"|metastatic to (?:the )?lymph)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a text holds beside a name.

    Args:
        context: words of stage and course, lower case, in the order of the text.
        biomarkers: as the biomarker reader knows them, in the order of the text.
        joined_by_or: whether the text says "unresectable or metastatic" and the like.
    """

    context: tuple[str, ...]
    biomarkers: tuple[str, ...]
    joined_by_or: bool


@dataclass(frozen=True, slots=True)
class Context:
    """Facts that the context words state; ``open`` are those that state none for this organ."""

    disease_stage: str | None = None
    treatment_setting: str | None = None
    open: tuple[str, ...] = ()


def write_out(text: str) -> str:
    """Write out an abbreviation of a context word and a name (``mCRC``)."""
    out = text.replace("\u2010", "-").replace("\u2011", "-").replace("\u2013", "-")
    return _WORD.sub(lambda found: _WRITTEN_OUT.get(found[0].lower(), found[0]), out)


def set_apart(text: str) -> Words:
    """Find the context and biomarker words of a text."""
    context = tuple(_squeeze(m.group()) for m in _CONTEXT.finditer(text))
    read = [text for found in _BIOMARKER.finditer(text) for text in _as_read(found)]
    joined = re.sub(r"\s+", " ", _CONTEXT.sub("~", text))
    return Words(context, tuple(dict.fromkeys(read)), "~ or ~" in joined or "~/~" in joined)


def rest_of(text: str, *, context: bool, biomarkers: bool, filler: bool) -> str:
    """Return a text without the kinds of words that are asked for."""
    if biomarkers:
        text = _BIOMARKER.sub(lambda found: " " if _as_read(found) else found.group(), text)
    if context:
        text = _CONTEXT.sub(" ", text)
    if filler:
        text = _FILLER.sub(" ", text)
    return _EDGES.sub("", re.sub(r"\(\s*[,;/]*\s*\)", " ", text))


def read_context(words: Words, organ: str, *, is_solid: bool) -> Context:
    """Return the facts that context words state about a tumour of an organ.

    Stage I and II are early; III alone may be resected or not, and states nothing. Stage numbers
    of blood cancers state nothing. Of several words the furthest counts, unless "or" joins them.
    """
    stages = {stage for word in words.context for stage in [_stage(word, organ, is_solid)] if stage}
    setting = next((w for w in words.context if w in ("neoadjuvant", "adjuvant")), None)
    if len(stages) > 1 and words.joined_by_or:
        return Context(None, setting, words.context)
    stage = next((stage for stage in _FURTHEST_FIRST if stage in stages), None)
    left = tuple(
        word
        for word in words.context
        if word != setting
        and _stage(word, organ, is_solid) is None
        and not (stage and _OPEN.match(word))
    )
    return Context(stage, setting, left)


def _stage(word: str, organ: str, is_solid: bool) -> str | None:
    numerals = re.findall(rf"\b{_NUMERAL}\b", word) if word.startswith("stage") else []
    if numerals:
        if not is_solid:
            return None
        bare = {re.sub(r"[abcd]?[1-3]?$", "", n) if not n.isdigit() else n for n in numerals}
        if bare <= {"0", "i", "ii", "1", "2"}:
            return "early"
        is_iv = bare <= {"iv", "4"}
        return "metastatic" if is_iv and organ in _STAGE_IV_IS_METASTATIC else None
    return next((stage for pattern, stage in _STAGE_WORDS if pattern.match(word)), None)


def _as_read(found: re.Match[str]) -> tuple[str, ...]:
    """Return the biomarker as the reader knows it; empty when the words state nothing."""
    if found["triple"]:
        return _TRIPLE_NEGATIVE
    if found["aggregate"]:
        return (found["aggregate"],)
    gene = re.sub(r"\bher-?2(?:/neu)?$", "HER2", found["gene"], flags=_FLAGS)
    gene = gene.upper() if " " not in gene and "hormone" not in gene.lower() else "HR"
    change, exon, ihc, state = (found[k] or "" for k in ("change", "exon", "ihc", "state"))
    if not (change or exon or ihc or state):
        return ()
    if ihc:
        return (f"{gene}{ihc}",)
    if change:
        return (f"{gene} {change.strip(' :-').upper().replace('P.', 'p.')}",)
    if exon:
        return (f"{gene}{exon}",)
    return (gene + next(word for pattern, word in _STATES if pattern.search(state)),)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().lower())
