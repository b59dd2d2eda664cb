"""Words that mean one of several genes: RAS, BRCA, NTRK, IDH (``gene_groups.yaml``).

A text about a group is read once for each of its genes. What was not found was not found in any of
them; what was found is one finding that is one of those of the single genes (rule M28). A change that
only one of the genes can have ("IDH R132H") is a finding of that gene.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from service.engine.model import Finding, Gene
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.findings import joined
from service.engine.notation.genes import GeneNames
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.text.context import Context
from service.engine.notation.text.texts import polarity_of

#: What says that a change is not of this gene, so that it is of another of the group.
_NOT_OF_THIS_GENE = frozenset({"impossible_reference", "position_out_of_range", "unknown_exon"})
_WITH_BRACKETS = re.compile(
    r"(?P<group>[^()]{2,40}?\s(?:mut(?:ation|ated|ant)?|positive|variant|alteration|fusion)"
    r"(?:\s(?:detected|found|identified|present|positive))?)"
    r"(?:\s?\((?P<what>[^()]{3,80})\)|[\s:]{1,2}(?P<pair>[A-Z0-9]{2,10}(?:-|::|/)[A-Z0-9]{2,10}))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class GeneGroup:
    """A word for several genes.

    Args:
        name: the word of the answers, no gene's name.
        members: HGNC symbols, covered or not.
        words: other ways to write it (``BRCA1/2``).
        protein_name: a word that means the proteins as often as the genes (``TRK``): a result
            alone does not say which was looked at.
    """

    name: str
    members: tuple[str, ...]
    words: tuple[str, ...] = ()
    protein_name: str | None = None

    def as_gene(self) -> Gene:
        """Return what the readers of names see: a gene with members."""
        names = (self.protein_name,) if self.protein_name else ()
        return Gene(
            self.name,
            None,
            aliases=(*self.words, *names),
            members=self.members,
            protein_name=self.protein_name,
        )


def group_in(text: str, context: Context, names: GeneNames) -> Gene | None:
    """Return the group that a text is about; ``None`` when it names none, or a gene beside it."""
    about = names.all_in(text) or ((context.gene,) if context.gene else ())
    return about[0] if len(about) == 1 and about[0].members else None


def said_better(text: str, names: GeneNames) -> str | None:
    """Return what stands behind a group and says more: "RAS mutation (KRAS G12D)"."""
    found = _WITH_BRACKETS.fullmatch(text)
    if found is None:
        return None
    what = found["what"] or found["pair"]
    outside, inside = names.all_in(found["group"]), names.all_in(what)
    if len(outside) != 1 or not inside:
        return None
    return what if {one.symbol for one in inside} <= set(outside[0].members) else None


def read_group(
    group: Gene,
    text: str,
    context: Context,
    names: GeneNames,
    read_one: Callable[[str, Context], ReadBiomarker],
) -> ReadBiomarker:
    """Read a text about a group of genes.

    Args:
        read_one: reads a text about one gene.

    Raises:
        NotationError: it is not understood of any gene, or not in the same way of all.
    """
    _check_protein_word(group, text, context)
    is_named = bool(names.all_in(text))
    reads: list[ReadBiomarker] = []
    refused: NotationError | None = None
    for member in group.members:
        gene = names.lookup(member)
        said = names.renamed(text, group, member)
        if not is_named and gene is None:
            said = f"{member} {text}"
        about = gene if context.gene is group else context.gene
        try:
            reads.append(_read_member(said, member, gene, replace(context, gene=about), read_one))
        except NotationError as error:
            if error.code not in _NOT_OF_THIS_GENE:
                raise _of_group(error, member, group) from error
            refused = refused or error
    if not reads and refused is not None:
        raise refused
    if len(reads) == 1:
        return reads[0]
    return _together(group, text, reads, names)


def _read_member(
    said: str,
    member: str,
    gene: Gene | None,
    context: Context,
    read_one: Callable[[str, Context], ReadBiomarker],
) -> ReadBiomarker:
    """Read a text about one gene of the group; a group is sequenced, where its gene may be stained."""
    try:
        return read_one(said, context)
    except NotationError as error:
        if error.code != "ambiguous_result" or gene is None or not gene.grading.asks_back:
            raise
        return read_one(said.replace(member, f"{member} mutation", 1), context)


def _check_protein_word(group: Gene, text: str, context: Context) -> None:
    """Refuse a result alone behind the name of the proteins: "TRK positive".

    A stain of the proteins only screens: a fusion is found in the genes.
    """
    name = group.protein_name
    words = re.split(r"[\s-]", polarity_of(text).bare.strip(" :,-"))
    if name is not None and context.assay is None and words[-1].lower() == name.lower():
        raise NotationError(
            "ambiguous_result",
            f"{text!r}: the protein or the gene? Say which was looked at",
            (f"{name} IHC positive", f"{group.symbol} fusion"),
        )


def _together(
    group: Gene, text: str, reads: list[ReadBiomarker], names: GeneNames
) -> ReadBiomarker:
    rows = [(*read.findings, *read.strangers) for read in reads]
    found = {finding.result for row in rows for finding in row}
    if "detected" not in found:
        return joined(reads)
    is_same = len({tuple((f.kind, f.result) for f in row) for row in rows}) == 1
    if not is_same:
        choices = " or ".join(dict.fromkeys(row[0].gene for row in rows if row))
        raise NotationError("ambiguous_gene", f"{text!r} does not say which gene: {choices}")
    findings = tuple(
        _one_of(group, possible, names)
        for possible in zip(*rows, strict=True)
        if possible[0].result == "detected"
    )
    rest = [
        replace(
            read,
            findings=tuple(f for f in read.findings if f.result != "detected"),
            strangers=tuple(f for f in read.strangers if f.result != "detected"),
        )
        for read in reads
    ]
    plain = replace(joined(rest), remarks=_remarks(group, reads))
    if not any(read.findings for read in reads):
        return replace(plain, findings=(), strangers=findings)
    return replace(plain, findings=(*findings, *plain.findings))


def _of_group(error: NotationError, member: str, group: Gene) -> NotationError:
    """Return a fault of one gene as one of its group."""
    suggestions = tuple(_named(text, {member}, group.symbol) for text in error.suggestions)
    return NotationError(error.code, _named(error.message, {member}, group.symbol), suggestions)


def _remarks(group: Gene, reads: list[ReadBiomarker]) -> tuple[Remark, ...]:
    """Return what must be said about how the genes were read, once of the group."""
    said = (
        replace(remark, message=_named(remark.message, group.members, group.symbol))
        for read in reads
        for remark in read.remarks
    )
    return tuple(dict.fromkeys(said))


def _one_of(group: Gene, possible: tuple[Finding, ...], names: GeneNames) -> Finding:
    """Return the finding that is one of those of single genes, with what they all have in common."""
    first = possible[0]
    own = {f"gene {one.gene}" for one in possible}
    which = " or ".join(one.gene for one in possible)
    step = f"gene group {group.symbol}: {which}, not said which"
    gene = names.lookup(first.gene)
    label = gene.label if gene is not None else first.gene
    return replace(
        first,
        gene=group.symbol,
        hgnc_id=None,
        name=_named(first.name, {first.gene, label}, group.symbol),
        change=None,
        hgvs_p=None,
        hgvs_p_short=None,
        coding=None,
        oncogenicity=_common(one.oncogenicity for one in possible),
        understood_by=(step, *(said for said in first.understood_by if said not in own)),
        one_of=tuple(replace(one, understood_by=()) for one in possible),
    )


def _named(name: str, symbols: Iterable[str], group: str) -> str:
    """Return the name of a finding of one gene with the name of the group instead."""
    joined_names = "|".join(sorted(map(re.escape, symbols), key=lambda s: (-len(s), s)))
    return re.sub(rf"(?<![A-Za-z0-9])(?:{joined_names})(?![A-Za-z0-9])", group, name, count=1)


def _common(words: Iterable[str | None]) -> str | None:
    said = set(words)
    return said.pop() if len(said) == 1 else None
