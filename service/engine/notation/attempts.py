"""The attempts at one text: read in one piece, or in the parts of the first splitting that is understood.

Not here: where a text falls apart (``text.splitting``) and what one part says (``clauses``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from service.engine.model import Finding, ProteinChange
from service.engine.notation.clauses import ClauseReader
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.findings import joined
from service.engine.notation.fusion.partners import Partners
from service.engine.notation.gene_groups import group_in, read_group, said_better
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.phrases import Phrases
from service.engine.notation.grades.stained_proteins import StainedMarkers, plain
from service.engine.notation.grades.status_words import is_unscoped_negative
from service.engine.notation.readings import Apart, ReadBiomarker
from service.engine.notation.renumbering import REFUSED, moved_texts
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.conservation import (
    check_turning_words,
    unread_words,
)
from service.engine.notation.text.context import Context
from service.engine.notation.text.origins import Origins, with_origin
from service.engine.notation.text.signs import ends_in_empty_cell
from service.engine.notation.text.splitting import Splitter
from service.engine.notation.text.texts import (
    LEVELS,
    expand_alleles,
    polarity_of,
    split_level,
)
from service.engine.notation.text.together import share_result
from service.engine.reading import REASONS

#: Errors that another way of splitting may mend; every other error is about what stands there.
_OPEN_ERRORS = frozenset({"unknown_alteration", "unknown_gene", "missing_alteration", "two_genes"})

_MAX_PARTS = 24

#: Attempts at one text; a text of sense needs a few, so that nonsense is refused in linear time.
_MAX_ATTEMPTS = 120


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads the parts of a text, made once for a knowledge base."""

    names: GeneNames
    strangers: Strangers
    splitter: Splitter
    clauses: ClauseReader
    oncogenicity: Mapping[tuple[str, str], str]
    partners: Partners
    phrases: Phrases
    origins: Origins
    graded_words: frozenset[str]
    stained: StainedMarkers


class Attempts:
    """The reading of one text: what is tried, and how often."""

    def __init__(self, readers: Readers) -> None:
        self._names = readers.names
        self._strangers = readers.strangers
        self._splitter = readers.splitter
        self._clauses = readers.clauses
        self._oncogenicity = readers.oncogenicity
        self._partners = readers.partners
        self._phrases = readers.phrases
        self._origins = readers.origins
        self._graded_words = readers.graded_words
        self._stained = readers.stained
        self._left = _MAX_ATTEMPTS

    def read_any(self, text: str, context: Context, level: int) -> ReadBiomarker:
        """Read a text in one piece, or in the parts of the first splitting that is understood."""
        self._left -= 1
        if self._left < 0:
            raise NotationError("too_many_parts", "too many ways to read the text: send its parts")
        special = self._read_special(text, context)
        if special is not None:
            return special
        stated = self._splitter.statements(text) if level == 0 else None
        if stated is not None:
            return self._read_parts(stated, context, 1)
        try:
            return self._read_clause(text, context)
        except NotationError as error:
            if error.code not in _OPEN_ERRORS:
                raise
            refused = error
        for deeper in range(level, LEVELS):
            parts = split_level(text, deeper)
            if parts is None:
                continue
            try:
                return self._read_parts(parts, context, deeper + 1)
            except NotationError as error:
                if error.code not in _OPEN_ERRORS:
                    raise
                refused = _better(refused, error)
        parts = self._splitter.at_genes(text)
        if parts is not None:
            return self._read_parts(parts, context, LEVELS)
        raise refused

    def _read_clause(self, text: str, context: Context) -> ReadBiomarker:
        """Read one part, and hold what was understood against its words."""
        stained = self._stained.read(text, context)
        if stained:
            return joined([self._clauses.read(s.text, plain(context, s.step)) for s in stained])
        better = said_better(text, self._names)
        if better is not None:
            return self._read_clause(better, context)
        group = group_in(text, context, self._names)
        if group is not None:
            return read_group(group, text, context, self._names, self._read_clause)
        about = self._names.all_in(text) or ((context.gene,) if context.gene else ())
        if about and ends_in_empty_cell(text):
            text = _without_empty_cell(text, context)
        text, origin = self._origins.take(text, about)
        read = with_origin(self._read_numbered(text, context), origin)
        if read.findings:
            check_turning_words(f"{text} {context.word.replace('_', ' ')}", read.findings)
            partners = {finding.partner for finding in read.findings} - {None}
            unread = unread_words(
                self._names.blanked(text),
                lambda word: self._is_name(word) or self._is_partner(word, partners),
            )
            if unread:
                raise NotationError(
                    "unknown_alteration", f"not understood in {text!r}: {', '.join(unread)}"
                )
        return read

    def _read_numbered(self, text: str, context: Context) -> ReadBiomarker:
        """Read one part, in another numbering of its gene where only that one fits."""
        try:
            return self._clauses.read(text, context)
        except NotationError as error:
            if error.code not in REFUSED:
                raise
            found = [
                (moved, read)
                for moved in moved_texts(text, self._names, context.gene)
                if self._is_refused(moved.as_written, context)
                and (read := self._try(moved.text, context)) is not None
                and (moved.is_named or all(map(self._is_curated, read.findings)))
            ]
            if len(found) != 1:
                raise
            ((moved, read),) = found
            names = ", ".join(finding.name for finding in read.findings)
            note = f"{text!r} is {names} here; it is written in {moved.numbering.name}"
            return replace(read, remarks=(*read.remarks, Remark("other_reference", note)))

    def _try(self, text: str, context: Context) -> ReadBiomarker | None:
        try:
            return self._clauses.read(text, context)
        except NotationError:
            return None

    def _is_curated(self, finding: Finding) -> bool:
        short = finding.change.short if finding.change is not None else None
        return (finding.gene, short or "") in self._oncogenicity

    def _is_refused(self, text: str, context: Context) -> bool:
        try:
            self._clauses.read(text, context)
        except NotationError as error:
            return error.code in REFUSED
        return False

    def _is_name(self, word: str) -> bool:
        if word.lower() in self._graded_words or self._strangers.is_name(word):
            return True
        return self._names.take_leading(word) is not None

    def _is_partner(self, word: str, partners: set[str | None]) -> bool:
        """Tell whether a word, whatever its case, is what a fusion of this part was read with."""
        found = self._partners.find(word, stated=True) if partners else None
        return found is not None and found.symbol in partners

    def _read_special(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read alleles, and words that speak about several genes or none."""
        alleles = expand_alleles(text)
        if alleles is not None:
            return joined([self.read_any(part, context, 0) for part in alleles[:_MAX_PARTS]])
        if context.gene is not None:
            return None
        aggregate = self._phrases.read(text)
        if aggregate is not None:
            step = f"'{text}' is: {', '.join(aggregate)}"
            inner = replace(context, steps=(*context.steps, step))
            return joined([self._read_clause(part, inner) for part in aggregate])
        if (
            is_unscoped_negative(text)
            and not self._names.all_in(text)
            and not any(self._strangers.places_in(text))
        ):
            raise NotationError(
                "unscoped_negative", f"{text!r} does not say which genes were tested"
            )
        return None

    def _read_parts(
        self, parts: list[tuple[str, str]], context: Context, level: int
    ) -> ReadBiomarker:
        """Read each part; a gene that was named stays in force, a shared result is shared out."""
        if len(parts) > _MAX_PARTS:
            raise NotationError("too_many_parts", f"more than {_MAX_PARTS} findings in one text")
        found: list[ReadBiomarker] = []
        is_fixed = context.gene is not None and not context.is_carried
        whole = self._splitter.at_results(parts)
        for part in share_result(whole, self._names, self._strangers, context.gene):
            if not is_fixed and (self._splitter.names_gene(part) or self._phrases.read(part)):
                # A gene of its own, or a phrase about others (MSS), ends what was carried.
                context = replace(context, gene=None, stranger="", is_carried=False)
            inner = self._read_part(part, context, level)
            found.append(inner)
            if not is_fixed:
                context = self._carried(inner, context)
        return joined([read for read in found if not _is_said_better(read, found)])

    def _read_part(self, text: str, context: Context, level: int) -> ReadBiomarker:
        """Read one of several parts; one that decides nothing does not take the others with it."""
        try:
            return self.read_any(text, context, level)
        except NotationError as error:
            if REASONS.get(error.code) != "decides_nothing":
                raise
            return ReadBiomarker((), apart=(Apart(text, error.code, error.message),))

    def _carried(self, read: ReadBiomarker, context: Context) -> Context:
        """Return the context of the next part: the one gene of this one, covered or not."""
        symbols = {finding.gene for finding in read.findings}
        strangers = {finding.gene for finding in read.strangers}
        if len(symbols) == 1 and not strangers:
            gene = self._names.lookup(next(iter(symbols)))
            return replace(context, gene=gene, stranger="", is_carried=True)
        if len(strangers) == 1 and not symbols:
            return replace(context, gene=None, stranger=next(iter(strangers)), is_carried=True)
        return context


def _without_empty_cell(text: str, context: Context) -> str:
    """Return a part without the dash behind its result in words: ``NRAS not detected -``.

    Raises:
        NotationError: ``ambiguous_result`` when the dash would be the result.
    """
    bare = text[:-1].rstrip(" :=")
    polarity = polarity_of(bare)
    if context.forced is not None or (polarity.result is not None and polarity.word[-1:].isalpha()):
        return bare
    raise NotationError(
        "ambiguous_result",
        f"{text!r}: the dash can be an empty cell, or say that nothing was found",
        (f"{bare} not detected", f"{bare} not tested"),
    )


def _better(first: NotationError, second: NotationError) -> NotationError:
    """Return the error that says more: about a part, unless the part lost its gene by splitting."""
    return second if second.code == "unknown_gene" and first.code != "unknown_gene" else first


def _is_said_better(read: ReadBiomarker, found: Iterable[ReadBiomarker]) -> bool:
    """Tell whether a part says "mutation detected" and another one of the text says which."""
    if len(read.findings) != 1 or read.strangers or read.apart:
        return False
    (general,) = read.findings
    said = {one.change for one in general.one_of or (general,)}
    if general.result != "detected" or said != {ProteinChange()}:
        return False
    return any(
        finding.gene in general.genes
        and finding.result == "detected"
        and finding.change is not None
        and finding.change.is_exact
        for other in found
        for finding in other.findings
    )
