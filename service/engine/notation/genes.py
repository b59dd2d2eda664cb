"""Which gene a text speaks about: symbols, aliases, reference sequences, in front or behind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from service.engine.model import Gene, Numbering
from service.engine.notation.faults import NotationError

_REFERENCE = re.compile(
    r"\s*((?:NM|NP|XM|XP|NR|LRG|ENST|ENSP)_?\d{1,12}(?:\.\d{1,3})?(?:[pt]\d)?|[OPQ]\d[A-Z0-9]{3}\d(?:-\d)?)\s*"
    r"(?:\(([^()]{1,20})\))?\s*(?::\s*|\s+(?=[pc]\.))",
    re.I,
)
_SEPARATORS = re.compile(r"[\s_\-/()]+")
_TOKEN = re.compile(r"[A-Za-z0-9\u03b1]+")
_GENE_WORD = re.compile(r"(?:gene|protein)(?=\W|$)[\s:,]*", re.I)
_GLUED = re.compile(
    r"([A-Z][A-Za-z0-9]{1,6}?)(\(?(?:[A-Z]\d{1,4}(?:[A-Z*]|fs|del|dup)|v(?:III|II|IV)[ab]?|m(?:ut)?\+?|ex\d{1,2})\)?)"
)
_JOINT_BEFORE = re.compile(r"(?:\s+-\s*|(?<=\w)-)$")
_LINKS = re.compile(r"\s(?:in|of|on|within)(?:\sthe)?\s*$|^\s*(?:gene|the)\b\s*", re.I)
#: The transcript in brackets behind the gene, with the change behind it: "EGFR (NM_005228.5) c.2573T>G".
_TRANSCRIPT = re.compile(
    r"\(?(?:NM|XM|ENST|LRG|NP|ENSP)_?\d{1,12}(?:\.\d{1,3})?(?:t\d)?\)[\s:,]{1,2}(?=\S)", re.I
)
_IN_BRACKETS = re.compile(r"\s?\(([A-Za-z0-9/ -]{1,20})\)")
_EDGE = r"(?![A-Za-z0-9])"
_MAX_WORDS = 8
#: Texts of which the names found are kept.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Taken:
    """A gene that was taken off a text, the rest, and how it was named.

    Args:
        reference: accession without version when the text had one (``NM_005228``).
    """

    gene: Gene | None
    rest: str
    step: str = ""
    reference: str | None = None


class GeneNames:
    """Finds gene names in text; longest name first, so that ``HER2/neu`` is not cut to ``HER2``."""

    def __init__(self, genes: Iterable[Gene]) -> None:
        self._by_name: dict[str, Gene] = {}
        self._by_reference: dict[str, Gene] = {}
        #: Accessions that number their gene otherwise -> what to add to reach our numbering.
        self._shifts: dict[str, int] = {}
        self._numberings: dict[str, tuple[Gene, Numbering]] = {}
        names: set[str] = set()
        for gene in genes:
            for name in (gene.symbol, *gene.aliases):
                self._by_name[_fold(name)] = gene
                names.add(flexible(name))
            for reference in gene.references:
                self._by_reference[_accession(reference)] = gene
            for numbering in gene.other_numberings:
                for reference in numbering.references:
                    self._by_reference[_accession(reference)] = gene
                    self._shifts[_accession(reference)] = numbering.offset
                    self._numberings[_accession(reference)] = gene, numbering
        joined = "|".join(sorted(names, key=lambda name: (-len(name), name))) or r"(?!)"
        self._anywhere = re.compile(rf"(?<![A-Za-z0-9.])({joined}){_EDGE}", re.I)
        # A reading asks the same of its parts several times.
        self.take = lru_cache(_REMEMBERED)(self._take)
        self.take_leading = lru_cache(_REMEMBERED)(self._take_leading)
        self._places = lru_cache(_REMEMBERED)(self._find_places)

    def lookup(self, name: str) -> Gene | None:
        """Return the gene of a name, whatever its case and separators."""
        return self._by_name.get(_fold(name))

    def numbering_of(self, reference: str) -> tuple[Gene, Numbering] | None:
        """Return the gene and numbering of an accession that numbers its gene otherwise."""
        return self._numberings.get(_accession(reference))

    def names(self) -> tuple[str, ...]:
        """Return every symbol, sorted; the choices for suggestions."""
        return tuple(sorted({g.symbol for g in self._by_name.values() if not g.members}))

    def group_of(self, members: Iterable[str]) -> Gene | None:
        """Return the group of exactly these genes; ``None`` when no word means them."""
        wanted = set(members)
        found = (gene for gene in self._by_name.values() if gene.members)
        return next((gene for gene in found if set(gene.members) == wanted), None)

    def _take(self, text: str) -> Taken:
        """Take a gene name off a text: a reference sequence, the first words, or anywhere else.

        Raises:
            NotationError: ``other_reference`` for a sequence that numbers the gene otherwise.
        """
        leading = self.take_leading(text)
        if leading is not None:
            return leading
        found = self._anywhere.search(text)
        if found is None:
            return Taken(None, text)
        before, after = text[: found.start()], text[found.end() :]
        # "L858R-EGFR", "L858R - EGFR": the dash joins; "T790M- EGFR" has the sign of a negative.
        before = _JOINT_BEFORE.sub("", before)
        # "HER2+" behind other words keeps its sign; "mutation in EGFR" loses its link.
        rest = f"{_LINKS.sub('', before)} {_LINKS.sub('', after)}".strip(" :")
        if not after.strip(" :"):
            rest = rest.removesuffix(" for")
        rest = " ".join(rest.split()).removesuffix("(").removesuffix("()").strip(" :")
        gene = self.lookup(found[1])
        return Taken(gene, rest.replace("( )", "").strip(), _named(found[1], gene))

    def _take_leading(self, text: str) -> Taken | None:
        """Take a gene name or a reference sequence off the front of a text."""
        reference = _REFERENCE.match(text)
        if reference is not None:
            return self._take_reference(reference, text)
        best: tuple[Gene, int] | None = None
        key = ""
        for count, token in enumerate(_TOKEN.finditer(text)):
            if (count == 0 and token.start() > 1) or count == _MAX_WORDS:
                break
            key = _fold(text[: token.end()])
            gene = self._by_name.get(key)
            if gene is not None:
                best = gene, token.end()
            if len(key) > 40:
                break
        if best is None:
            return self._take_glued(text)
        gene, end = best
        name = text[:end]
        if "(" in name and name.count("(") > name.count(")") and text[end : end + 1] == ")":
            end += 1
        rest = _after_name(self._without_repeat(text[end:], gene))
        inner = _REFERENCE.match(rest)
        if inner is not None:
            taken = self._take_reference(inner, rest)
            if taken is not None and taken.gene in (None, gene):
                return Taken(gene, taken.rest, taken.step, taken.reference)
        return Taken(gene, rest, _named(name.strip(" ("), gene))

    def _without_repeat(self, text: str, gene: Gene) -> str:
        """Take off another name of the same gene in brackets: ``Estrogen Receptor (ER)``."""
        found = _IN_BRACKETS.match(text)
        return text[found.end() :] if found and self.lookup(found[1]) is gene else text

    def _take_glued(self, text: str) -> Taken | None:
        """Take a name without a gap off a variant: ``BRAFV600E``, ``EGFRvIII``, ``BRAF(V600E)``."""
        head, gap, tail = text.partition(" ")
        glued = _GLUED.fullmatch(head)
        gene = self._by_name.get(_fold(glued[1])) if glued else None
        if glued is None or gene is None:
            return None
        core = glued[2].strip("()")
        rest = "mutation" if core.lower().startswith("m") and core[:2] not in ("M1",) else core
        return Taken(gene, f"{rest}{gap}{tail}".strip(), _named(glued[1], gene))

    def _take_reference(self, found: re.Match[str], text: str) -> Taken | None:
        accession = _accession(found[1])
        gene = self._by_reference.get(accession)
        named = self.lookup(found[2]) if found[2] else None
        if gene is None and named is None:
            return None
        if gene is not None and named is not None and gene is not named:
            raise NotationError("two_genes", f"{accession} is {gene.symbol}, not {named.symbol}")
        known = gene or named
        rest = text[found.end() :]
        offset = self._shifts.get(accession)
        if offset is not None:
            moved = re.sub(r"\d+", lambda n: str(int(n[0]) + offset), rest.removeprefix("p."))
            raise NotationError(
                "other_reference",
                f"{accession} numbers {known.symbol if known else ''} otherwise ({offset:+d})",
                (moved,) if not rest.startswith("c.") else (),
            )
        symbol = known.symbol if known else ""
        return Taken(known, rest, f"reference {accession} -> {symbol}", accession)

    def blanked(self, text: str) -> str:
        """Return a text with every gene name in it as a blank."""
        return self._anywhere.sub(" ", text)

    def renamed(self, text: str, gene: Gene, name: str) -> str:
        """Return a text with another name for every one of a gene or gene group."""
        return self._anywhere.sub(
            lambda found: name if self.lookup(found[1]) is gene else found[0], text
        )

    def all_in(self, text: str) -> tuple[Gene, ...]:
        """Return the genes named in a text, in order, without repeats."""
        return tuple({gene.symbol: gene for gene, _ in self._places(text)}.values())

    def places_in(self, text: str) -> tuple[tuple[Gene, int], ...]:
        """Return each gene name in a text with where it starts."""
        return self._places(text)

    def _find_places(self, text: str) -> tuple[tuple[Gene, int], ...]:
        found = ((self.lookup(match[1]), match.start()) for match in self._anywhere.finditer(text))
        return tuple((gene, start) for gene, start in found if gene is not None)


def _after_name(text: str) -> str:
    """Take off what joins a name to what follows; a sign that is the result itself stays."""
    rest = text.lstrip(" :,;|_")
    while rest[:1] == "-":
        behind = rest[1:].lstrip(" ")
        if not behind or not (behind[0].isalnum() or behind[0] in "(\"'?") or behind[:2] == "ve":
            break
        rest = behind
    transcript = _TRANSCRIPT.match(rest)
    if transcript is not None:
        rest = rest[transcript.end() :]
    word = _GENE_WORD.match(rest)
    return (rest[word.end() :] if word else rest).strip()


def _named(name: str, gene: Gene | None) -> str:
    if gene is None or name == gene.symbol:
        return f"gene {name}"
    return f"gene name {name} -> {gene.symbol}"


def _accession(reference: str) -> str:
    return re.sub(r"[pt]\d$", "", reference.split(".")[0].upper().split("-")[0])


def _fold(name: str) -> str:
    return _SEPARATORS.sub("", name).upper()


def flexible(name: str) -> str:
    """Return a pattern of a name, with other separators or none between its parts."""
    parts = (re.escape(part) for part in _SEPARATORS.split(name) if part)
    return r"[\s_\-/]?\(?".join(parts) + (r"\)?" if "(" in name else "")
