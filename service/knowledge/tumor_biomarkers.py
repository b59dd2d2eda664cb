"""The biomarkers in a tumour text: which words belong to each, so that none of a result is lost.

Only the span is found here: the gene or marker, what was seen, and every word of the result, of a
denial and of a doubt beside it. What it means is the biomarker reader's to say. A word that belongs
to no span stays in the text, which is then no known name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

FOUND = "\x01"
_FLAGS = re.IGNORECASE
_MAX_SPANS = 12
_CHANGE = (
    r"\(?[pc]\.\(?[\w*>=+\-?]{2,30}\)?(?:\))?"
    r"|[A-Z]{1,3}\d{1,4}(?:_[A-Z]{1,3}\d{1,4})?(?:fs\*?\d*|del[A-Z]*|dup|ins[A-Z]*|[A-Z*]{1,3}|/[A-Z]+)*"
)
#: Words of what was seen and of the result; denial, doubt and absence are among them.
_RESULTS = (
    r"mutation[\s-]+(?:positive|negative)|(?:gain|loss)[\s-]+of[\s-]+function"
    r"|mutations?|mutated|mutant|mutiert\w*|mut[ée]e?|mutad[oa]|mutat[oa]|mut"
    r"|wild[\s-]?typ[e]?|wt|wildtype|type\s+sauvage|tipo\s+salvaje"
    r"|rearranged|rearrangements?|translocated|translocations?|fusion[\s-]+(?:positive|negative)|fusions?"
    r"|amplified|amplifications?|amplifiziert\w*|overexpress\w+|express\w+|driven|activating|sensiti[sz]ing"
    r"|alterations?|altered|aberrations?|variants?|gene|protein|status|exon[\s-]*\d{1,2}|codon\s*\d{1,4}"
    r"|deletions?|insertions?|skipping|dele?|ins|dup|duplications?"
    r"|nicht[\s-]+(?:nachge|nachweis|mutier|amplif|rearr|auswert|unters|durchge)\w+|kein[\s-]+nachweis|nachgewiesen|non[\s-]+(?:mut|detect|amplifi|rearr)\w*|no[\s-]+(?:mutad|detectad)\w+"
    r"|detect\w+|not[\s-]+(?:detected|amplified|mutated|tested|performed|done|present|found|expressed|rearranged)"
    r"|non[\s-]+(?:mutated|amplified|rearranged|reactive)|undetected|detected|present|absent|unknown|pending|equivocal"
    r"|indeterminate|inconclusive|failed|benign|vus|uncertain|germline|somatic"
    r"|ultra-?low|low|high|strong|weak|moderate|positiv\w*|pos|negativ\w*|neg|negatif|positif"
    r"|ihc|fish|d?ish|tps|cps|tap|tc|ic|score|[0-3]\+|(?:[<>≥≤]=?\s*)?\d{1,3}\s*%"
)
_AFTER = re.compile(
    r"(?:\s?\+|-(?=\s*[/,;)&+]|\s+\w|\s*$)"
    rf"|[\s:=(-]*(?:{_RESULTS})(?![A-Za-z0-9])|[\s:(-]*(?:{_CHANGE})(?![A-Za-z0-9])"
    r"|(?:\s*[,+&]\s*|\s+(?:and|und|et|y|e)\s+)[A-Z]\d{1,4}(?:fs\*?\d*|del|dup|[A-Z*])(?![A-Za-z0-9])"
    r"|\s*[/,;]\s*(?:ihc|d?ish|fish|[sc]ish)\b[\s:(]*(?:[0-3]\+?|\w+|[+-])(?![\w+])|(?<=\+)\)|\s*\?)",
    _FLAGS,
)
_IHC_SCORE = re.compile(r"(?<=ihc)[\s:(]*[0-3]\+?(?![\w.])", _FLAGS)
_BEFORE = re.compile(
    r"(?:\b(?:no|not|without|non|lack(?:ing|s)?|absence\s+of|absent|negative\s+for|positive\s+for|suspected"
    r"|possible|probable|likely|unknown|pending|mutated|mutant|germline|ohne|kein[en]*|sans|sin|senza)[\s-]+"
    r"(?:evidence\s+of\s+|known\s+)?)+$",
    _FLAGS,
)
_LIST = r"(?:\s*(?:/|,|\band\b|\bor\b|&|\bund\b|\bet\b)\s*)"
_TOKEN = re.compile(r"(?<![\w.])[A-Za-z][A-Za-z0-9]{1,7}(?![A-Za-z0-9])")
_MARKERS = re.compile(
    r"\b(?P<triple>triple[\s-]+negative)\b"
    r"|\b(?P<aggregate>MSS|TMB-?H(?:igh)?|(?:microsatellite|mismatch)[\s-]+"
    r"(?:instability[\s-]+high|unstable|stable|repair[\s-]+(?:deficient|proficient)))(?![\w-])"
    r"|(?<![\w.])(?P<marker>(?:o?estrogen|progesterone|hormone)[\s-]+receptors?|TMB|RAS"
    r"|BRCA|NTRK|IDH|FGFR|HRR)(?![A-Za-z0-9])",
    _FLAGS,
)
_BLANKS = re.compile(r"[\s:(-]+")
_RESULT_WORD = re.compile(_RESULTS, _FLAGS)
#: Words of sentences that are gene symbols too; between other words they are no gene.
_PROSE = frozenset({
    "was", "set", "rest", "cat", "max", "impact", "can", "not", "has", "and", "the", "for", "are",
    "were", "is", "be", "of", "it", "all", "an", "as", "on", "or", "at", "ma", "ca", "un", "una",
    "mit", "bei", "con", "but", "her", "his", "type", "mice", "large", "cell", "best", "fast",
})  # fmt: skip
_PARTNER_BEFORE = re.compile(r"(?<![\w.])([A-Za-z][A-Za-z0-9]{1,8})(?:-|::|/)$")
_PARTNER_AFTER = re.compile(r"(?:-|::)([A-Za-z][A-Za-z0-9]{1,8})(?![A-Za-z0-9])")
_TRIPLE_NEGATIVE = ("ER negative", "PR negative", "HER2 negative")
#: How a simple result is told to the biomarker reader.
_SIMPLE = {
    "mutation": (" mutation", ""), "mutations": (" mutation", ""), "mutated": (" mutation", ""),
    "mutant": (" mutation", ""), "mut": (" mutation", ""), "driven": (" mutation", ""),
    "mutation positive": (" mutation", ""), "positive": (" positive", ""), "pos": (" positive", ""),
    "+": (" positive", ""), "detected": (" detected", ""), "present": (" detected", ""),
    "expressing": (" positive", None), "wild type": (" wild type", " wild type"),
    "wildtype": (" wild type", " wild type"), "wt": (" wild type", " wild type"),
    "rearranged": (" rearrangement", None), "rearrangement": (" rearrangement", None),
    "rearrangements": (" rearrangement", None), "translocated": (" rearrangement", None),
    "fusion": (" rearrangement", None), "fusions": (" rearrangement", None),
    "fusion positive": (" rearrangement", None), "amplified": (" amplification", None),
    "amplification": (" amplification", None), "low": (" low", None),
    "ultralow": (" ultralow", None), "ultra low": (" ultralow", None),
    "negative": (" negative", " not detected"),
    "neg": (" negative", " not detected"), "-": (" negative", " not detected"),
    "not detected": (" not detected", " not detected"),
    "absent": (" not detected", " not detected"),
}  # fmt: skip
_ONE_CHANGE = re.compile(rf"^[\s:(-]*(?P<change>{_CHANGE})\)?(?P<tail>.*)$", _FLAGS)


class BiomarkerWords:
    """Finds the spans of biomarkers in a text.

    Args:
        covered: every name of the covered genes.
        stated: statuses of markers that say all alone, without a result beside them.
        is_gene: whether a word is a name of another human gene; asked only where a result or a
            change stands beside the word.
        is_tumor: whether a word is a code or name of a tumour type ("ALL", "CML").
    """

    def __init__(
        self,
        covered: Iterable[str] = (),
        is_gene: Callable[[str], bool] = lambda _: False,
        is_tumor: Callable[[str], bool] = lambda _: False,
        stated: Iterable[str] = (),
    ) -> None:
        names = sorted({_flexible(name) for name in covered}, key=lambda n: (-len(n), n))
        self._covered = re.compile(
            rf"(?<![\w.])(?:{'|'.join(names) or '(?!)'})(?![A-Za-z0-9])", _FLAGS
        )
        words = "|".join(sorted({_flexible(w) for w in stated}, key=lambda w: (-len(w), w)))
        self._stated = re.compile(rf"(?<![\w.])(?:{words or '(?!)'})(?![\w-])", _FLAGS)
        self._is_gene = is_gene
        self._is_tumor = is_tumor

    def take(self, text: str) -> tuple[str, list[str]]:
        """Return a text with a mark in the place of each biomarker, and the biomarkers."""
        found: list[str] = []
        out, at = "", 0
        for _ in range(_MAX_SPANS):
            span = self._next(text, at)
            if span is None:
                break
            start, stop, biomarkers = span
            out += text[at:start] + FOUND
            at = stop
            found += biomarkers
        return out + text[at:], found

    def _next(self, text: str, at: int) -> tuple[int, int, tuple[str, ...]] | None:
        """Return the next biomarker: where it starts and stops, and how it reads."""
        place = at
        while (head := self._head(text, place)) is not None:
            start, stop, marked = head
            if marked:
                return start, stop, marked
            end = self._result(text, stop)
            before = _BEFORE.search(text, at, start)
            if end > stop or (before and not _is_plain(before.group())):
                first = before.start() if before else start
                return first, end, (_as_read(text[first:end], start - first, stop - first),)
            place = stop
        return None

    def _head(self, text: str, at: int) -> tuple[int, int, tuple[str, ...]] | None:
        """Return the next gene or marker, a list of several as one; markers that say all alone."""
        patterns = (self._stated, self._covered, _MARKERS)
        heads = [m for m in (pattern.search(text, at) for pattern in patterns) if m]
        first = min(heads, key=lambda m: (m.start(), -m.end()), default=None)
        stranger = self._stranger(text, at, first.start() if first else len(text))
        if stranger is not None:
            return stranger.start(), stranger.end(), ()
        if first is None:
            return None
        groups = first.groupdict()
        if groups.get("triple"):
            return first.start(), first.end(), _TRIPLE_NEGATIVE
        if groups.get("aggregate") or first.re is self._stated:
            return first.start(), first.end(), (first.group(),)
        return self._with_partner(text, at, first.start(), self._end_of_list(text, first.end()))

    def _with_partner(
        self, text: str, at: int, start: int, stop: int
    ) -> tuple[int, int, tuple[str, ...]]:
        """Return the gene with the partner that a hyphen joins to it ("EML4-ALK")."""
        before = _PARTNER_BEFORE.search(text[at:start])
        after = _PARTNER_AFTER.match(text, stop)
        if before is not None and self._is_partner(before[1]):
            start -= len(before.group())
        elif after is not None and self._is_partner(after[1]):
            stop = after.end()
        else:
            return start, stop, ()
        end = self._result(text, stop)
        return start, end, (re.sub(r"\s+", " ", text[start:end]).strip(),)

    def _is_partner(self, word: str) -> bool:
        if word.lower() in _PROSE or _RESULT_WORD.fullmatch(word) or self._is_tumor(word):
            return False
        return self._is_gene(word)

    def _end_of_list(self, text: str, stop: int) -> int:
        """Return where a list of genes ends: "ER/PR positive", "EGFR and ALK negative"."""
        while link := re.compile(_LIST, _FLAGS).match(text, stop):
            more = self._covered.match(text, link.end()) or _MARKERS.match(text, link.end())
            if more is None or not (more.groupdict().get("marker") or not more.groupdict()):
                break
            stop = more.end()
        return stop

    def _stranger(self, text: str, at: int, limit: int) -> re.Match[str] | None:
        for token in _TOKEN.finditer(text, at, limit):
            if _AFTER.match(text, token.end()) is None:
                continue
            word = token.group()
            if word.lower() in _PROSE or _RESULT_WORD.fullmatch(word):
                continue
            if self._is_gene(word) and not self._is_tumor(word):
                return token
        return None

    def _result(self, text: str, stop: int) -> int:
        """Return where the words of a result end; the next gene begins a biomarker of its own."""
        end = stop
        while (word := _AFTER.match(text, end) or _IHC_SCORE.match(text, end)) and word.end() > end:
            begins = _BLANKS.match(text, end)
            if (
                begins
                and begins.end() < word.end()
                and (self._covered.match(text, begins.end()) or _MARKERS.match(text, begins.end()))
            ):
                break
            end = word.end()
        if text.count("(", stop, end) > text.count(")", stop, end) and text[end : end + 1] == ")":
            end += 1
        return end


def _as_read(span: str, start: int, stop: int) -> str:
    """Return a biomarker as it is told to the reader; what is not simple stays as it stands."""
    head, tail = re.sub(r"\s+", " ", span[start:stop]).strip(), span[stop:]
    head = re.sub(r"^her-?2(?:/neu)?$", "HER2", head, flags=_FLAGS)
    whole = f"{span[:start]}{head} {tail.lstrip(' -:')}"
    if whole.count("(") != whole.count(")"):
        whole = re.sub(r"[()]", " ", whole)
    said = re.sub(r"\s+", " ", whole.replace(" +", "+") if "ihc" in tail.lower() else whole).strip()
    if span[:start].strip():
        return said
    change = _ONE_CHANGE.match(tail) if not _word(tail) else None
    if change is not None and _word(change["tail"]) is not None:
        ending = _SIMPLE[_word(change["tail"]) or ""][1]
        if ending is not None:
            return f"{_name(head)} {_letters(change['change'])}{ending}"
    if change is not None and not change["tail"].strip(" )"):
        return f"{_name(head)} {_letters(change['change'])}"
    simple = _word(tail)
    return _name(head) + _SIMPLE[simple][0] if simple else said


def _word(tail: str) -> str | None:
    """Return the result word that a tail is, as the table has it."""
    bare = tail.strip(" :()=") if tail.strip() != "-" else "-"
    words = re.sub(r"[\s-]+", " ", bare.lower()).strip() if bare != "-" else "-"
    return words if words in _SIMPLE else None


def _letters(change: str) -> str:
    bare = re.sub(r"[() ]", "", change)
    return bare if bare[:2].lower() in ("p.", "c.") else bare.upper().replace("DEL", "del").replace(
        "INS", "ins").replace("DUP", "dup").replace("FS", "fs")  # fmt: skip


def _name(head: str) -> str:
    return head.upper() if " " not in head and len(head) < 9 else head


def _is_plain(before: str) -> bool:
    """Tell whether what stands in front says no result on its own ("mutated BRAF" does)."""
    return re.match(
        r"(?:without|no|not|non|possible|likely|unknown)\b", before, _FLAGS
    ) is None and (re.match(r"(?:mutated|mutant|germline)\b", before, _FLAGS) is None)


def _flexible(name: str) -> str:
    return re.sub(r"(?:\\ |\\-|_|/)+", r"[\\s/-]?", re.escape(name))
