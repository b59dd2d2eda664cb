"""One biomarker of a request (text or object) to its findings: the only entry to notation.

A text may hold several findings (``IHC 2+/ISH+``, ``L858R + T790M``): it is split, or refused, and
never cut to its first part. Every finding says by which steps it was understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from service.engine.model import Finding, Gene, Kind, ProteinChange, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.genes import GeneNames
from service.engine.notation.graded import (
    ReadGrade,
    read_copy_number,
    read_ihc,
    read_ish,
    read_status,
)
from service.engine.notation.naming import name_change, name_pattern
from service.engine.notation.protein import ReadChange, read_protein_change
from service.engine.notation.rearrangement import ReadFusion, read_fusion
from service.engine.notation.sequence_words import read_sequence_words, without_tail_word
from service.engine.notation.structural import read_structural

MAX_LENGTH = 500

_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2192": ">",
        "\u00d7": "x",
    }
)
_CLAUSES = re.compile(r"\s*;\s*|\s*,\s+|\s+\+\s+|\s+(?:and|&|with|plus)\s+|\s+/\s+", re.I)
_ALLELES = re.compile(r"(p\.)?\(?\[([^\[\]]{1,200})\]\)?", re.I)
_ASSAY = re.compile(
    r"\b(IHC|immunohistochemistry|immunostain(?:ing)?|D5F3|5A4|22C3|SP263|SP142|28-8|4B5|HercepTest"
    r"|FISH|D-?ISH|CISH|SISH|ISH|in[\s-]situ hybridi[sz]ation|break[\s-]?apart)(?=$|[\s:+\-/(,=]|\d)",
    re.I,
)
_ISH_ASSAY = re.compile(r"f?ish|d-?ish|cish|sish|in[\s-]situ|break", re.I)
_VAF = re.compile(
    r"[\s,;(\[]*(?:VAF|AF|allele fraction|allele frequency)\s?[:=]?\s?\d{1,3}(?:\.\d+)?\s?%?[)\]]?",
    re.I,
)
_CODING = re.compile(r"(?:NM_\d+(?:\.\d+)?(?:\([A-Z0-9]+\))?:)?\bc\.[^\s,;]+", re.I)
_GENOMIC = re.compile(r"(?:NC_\d+(?:\.\d+)?:)?\bg\.[^\s,;]+|\bchr[\dXYM]+:\d+", re.I)
_EXON_BESIDE = re.compile(
    r"^(?:exon|ex)\s?(\d{1,2})[\s:,]+(?=\S)|\s+(?:in|of|\(|,)?\s?(?:exon|ex)\s?(\d{1,2})\)?$", re.I
)
_NEGATIVE_END = re.compile(
    r"[\s:,(\-]*\b(?P<word>not (?:been )?(?:detected|found|identified|present|seen)|undetected|negative|neg|absent"
    r"|none detected|wild[\s-]?type|wt|normal)\)?$",
    re.I,
)
_NEGATIVE_START = re.compile(
    r"^(?P<word>no|negative for|absence of|without|wild[\s-]?type|wt)\b(?:\s(?:evidence of|actionable|detectable))?[\s:]*",
    re.I,
)
_POSITIVE_END = re.compile(
    r"[\s:,(\-]*\b(?:detected|positive|pos|present|identified|found)\)?$", re.I
)
_POSITIVE_START = re.compile(r"^(?:positive for|presence of|detected)\b[\s:]*", re.I)
_RESULT_WORDS: Mapping[str, Result] = {
    "detected": "detected", "positive": "detected", "present": "detected",
    "not_detected": "not_detected", "negative": "not_detected", "absent": "not_detected",
    "wild_type": "not_detected", "indeterminate": "indeterminate", "not_tested": "indeterminate",
}  # fmt: skip
_ORDER_OF_KIND = (
    "sequence_variant",
    "fusion",
    "copy_number",
    "expression",
    "in_situ_hybridization",
    "status",
)


@dataclass(frozen=True, slots=True)
class ReadBiomarker:
    """The findings of one biomarker of a request, and what must be said about how it was read."""

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...] = ()


class BiomarkerReader:
    """Reads biomarkers with the vocabulary of one knowledge base; holds no state of a request."""

    def __init__(self, genes: Iterable[Gene], oncogenicity: Mapping[tuple[str, str], str]) -> None:
        self.names = GeneNames(tuple(genes))
        self._oncogenicity = oncogenicity

    def read_text(self, text: str) -> ReadBiomarker:
        """Read a biomarker as one line of text.

        Raises:
            NotationError: it was not understood in full.
        """
        return self._read(_clean(text), None, None, None)

    def read_fields(
        self, *, gene: str, alteration: str | None, assay: str | None, result: str | None
    ) -> ReadBiomarker:
        """Read a biomarker given in fields, as in the request of ``POST /v1/match``.

        Args:
            gene: symbol or alias; a reference sequence or a fusion (``EML4-ALK``) is read too.
            result: one of the words of the contract; ``None`` means what the alteration says.

        Raises:
            NotationError: it was not understood in full.
        """
        known = self.names.lookup(gene.strip())
        alteration_text = _clean(alteration or "")
        if known is None:
            if not self.names.all_in(gene):
                raise self._unknown_gene(gene)
            return self._read(_clean(f"{gene} {alteration_text}"), None, assay, result)
        return self._read(alteration_text, known, assay, result)

    def _unknown_gene(self, text: str) -> NotationError:
        return NotationError("unknown_gene", f"no known gene in {text!r}", ())

    def _read(
        self, text: str, gene: Gene | None, assay: str | None, result: str | None
    ) -> ReadBiomarker:
        if len(text) > MAX_LENGTH:
            raise NotationError("too_long", f"longer than {MAX_LENGTH} characters")
        forced = self._forced_result(result)
        findings: list[Finding] = []
        remarks: list[Remark] = []
        for clause in _split(text):
            clause_gene, rest = self._gene_of(clause, gene)
            gene = clause_gene or gene
            for finding, noted in self._read_clause(rest, gene, clause, assay, forced):
                findings.append(finding)
                remarks.extend(noted)
        return ReadBiomarker(tuple(dict.fromkeys(findings)), tuple(dict.fromkeys(remarks)))

    def _forced_result(self, result: str | None) -> Result | None:
        if result is None:
            return None
        word = result.strip().lower().replace(" ", "_").replace("-", "_")
        if word not in _RESULT_WORDS:
            raise NotationError(
                "unknown_result", f"{result!r} is no result", ("detected", "not_detected")
            )
        return _RESULT_WORDS[word]

    def _gene_of(self, clause: str, gene: Gene | None) -> tuple[Gene | None, str]:
        """Take the gene off a clause; a fusion keeps its text, since both names belong to it."""
        fusion = read_fusion(_strip_result(clause), gene, self.names)
        if fusion is not None and fusion.partner is not None:
            return fusion.gene, clause
        taken, rest = self.names.take(clause)
        if taken is None:
            return gene, clause
        if gene is not None and taken is not gene:
            # The gene field and the text name two genes; the text must be a fusion then.
            raise NotationError("two_genes", f"{gene.symbol} and {taken.symbol} are both named")
        return taken, rest

    def _read_clause(
        self, rest: str, gene: Gene | None, clause: str, assay: str | None, forced: Result | None
    ) -> list[tuple[Finding, tuple[Remark, ...]]]:
        fusion = read_fusion(_strip_result(clause), gene, self.names)
        if gene is None and fusion is not None:
            gene = fusion.gene
        if gene is None:
            raise self._unknown_gene(clause)
        if fusion is None:
            fusion = read_fusion(_strip_result(rest), gene, self.names)
        graded = self._read_graded(rest, gene, assay, forced)
        if graded is not None:
            return [(finding, ()) for finding in graded]
        bare, negative = _polarity(rest, forced)
        if fusion is not None and (fusion.partner is not None or bare):
            return [(_fusion_finding(fusion, negative, assay), ())]
        read = self._read_sequence(bare, gene)
        if read is not None:
            return [self._sequence_finding(gene, part, negative) for part in _decompose(read)]
        if not bare:
            return self._read_gene_only(gene, rest, negative, forced, assay)
        raise NotationError(
            "unknown_alteration", f"{bare!r} is no alteration of {gene.symbol} that is understood"
        )

    def _read_graded(
        self, rest: str, gene: Gene, assay: str | None, forced: Result | None
    ) -> list[Finding] | None:
        """Read IHC, ISH, copy number and status; several assays in one text are several findings."""
        text = rest
        if assay is not None and _ASSAY.fullmatch(assay.strip()) and not _ASSAY.search(rest):
            text = f"{assay.strip()} {rest or _word_of(forced)}".strip()
        pieces = _assay_pieces(text)
        if pieces:
            return [self._graded_piece(gene, name, value, forced) for name, value in pieces]
        if forced == "not_detected" and text.lower() in ("amplification", "amplified"):
            text = "not amplified"
        grade = read_copy_number(text) or read_status(text, gene)
        if grade is None and gene.symbol in ("ESR1", "PGR", "CD274"):
            grade = read_ihc(text or _word_of(forced), gene)
        if grade is None and gene.symbol == "ERBB2" and re.fullmatch(r"[0-3]\s?\+", text):
            grade = read_ihc(text, gene)
        if grade is None and gene.symbol in ("HR", "MSI") and not text and forced is not None:
            grade = read_status(_word_of(forced), gene)
        if grade is None:
            return None
        if forced == "indeterminate":
            grade = replace(grade, result="indeterminate")
        return [_graded_finding(gene, grade)]

    def _graded_piece(self, gene: Gene, assay: str, value: str, forced: Result | None) -> Finding:
        value = value or _word_of(forced)
        if forced == "indeterminate":
            kind: Kind = "in_situ_hybridization" if _ISH_ASSAY.match(assay) else "expression"
            return _graded_finding(gene, ReadGrade(kind, "indeterminate", assay, assay=assay))
        is_ish = _ISH_ASSAY.match(assay) is not None
        if is_ish and gene.symbol != "ERBB2" and "amplif" not in value.lower():
            stripped = re.sub(
                r"\b(?:rearrange(?:d|ment)|fusion|break[\s-]?apart)\b", "", value, flags=re.I
            )
            word = stripped.strip(" :()-").lower()
            if word in ("positive", "pos", "+", "detected", ""):
                return _fusion_finding(ReadFusion(gene, None), False, "FISH")
            if word in ("negative", "neg", "not detected", "no"):
                return _fusion_finding(ReadFusion(gene, None), True, "FISH")
        grade = read_ish(value) if is_ish else read_ihc(value, gene)
        if grade is None:
            raise NotationError(
                "unknown_alteration", f"{value!r} is no {assay} result of {gene.label}"
            )
        return _graded_finding(gene, grade)

    def _read_sequence(self, bare: str, gene: Gene) -> ReadChange | None:
        if not bare:
            return None
        coding = _CODING.search(bare)
        text = _CODING.sub(" ", bare).strip(" ,;()") if coding else bare
        if (coding and not text) or _GENOMIC.search(bare):
            raise NotationError(
                "unresolved_coding_change",
                f"{bare!r} is not resolved to a protein change here; give the protein change",
            )
        read = (
            read_structural(text, gene)
            or read_protein_change(text, gene)
            or read_protein_change(without_tail_word(text), gene)
            or read_sequence_words(text, gene)
            or self._read_with_exon(text, gene)
        )
        if read is not None and coding:
            remark = Remark(
                "coding_change_not_checked",
                f"{coding[0]} was not compared with the protein change, which was used",
            )
            return replace(read, remarks=(*read.remarks, remark))
        return read

    def _read_with_exon(self, text: str, gene: Gene) -> ReadChange | None:
        """Read an exact change with its exon beside it, or with words and the change in brackets."""
        bracket = re.fullmatch(r"([^()]+?)\s*\((?:p\.)?\(?([^()]+?)\)?\)", text)
        if bracket is not None:
            exact = read_protein_change(bracket[2], gene) or read_protein_change(bracket[1], gene)
            if exact is not None and read_sequence_words(bracket[1], gene) is not None:
                return exact
        beside = _EXON_BESIDE.search(text)
        if beside is None:
            return None
        exon = int(beside[1] or beside[2])
        inner = _EXON_BESIDE.sub("", text, count=1)
        read = read_protein_change(inner, gene) or read_protein_change(
            without_tail_word(inner), gene
        )
        span = gene.exons.get(exon)
        if read is None or span is None or read.change.start is None or read.change.end is None:
            return read
        if read.change.end < span[0] or read.change.start > span[1]:
            raise NotationError(
                "exon_mismatch",
                f"{inner.strip()} does not lie in exon {exon} of {gene.symbol} "
                f"(codons {span[0]} to {span[1]})",
            )
        return read

    def _sequence_finding(
        self, gene: Gene, read: ReadChange, negative: Result | None
    ) -> tuple[Finding, tuple[Remark, ...]]:
        change = read.change
        known = self._oncogenicity.get((gene.symbol, change.short)) if change.short else None
        remarks = read.remarks if negative is None else ()
        result: Result = negative or "detected"
        if change.short is not None and known is None and result == "detected":
            remarks += (
                Remark(
                    "uncharacterized_variant",
                    f"{gene.symbol} {change.short} is read as written but is not curated",
                ),
            )
        finding = Finding(
            gene=gene.symbol,
            hgnc_id=gene.hgnc,
            kind="sequence_variant",
            result=result,
            name=_with_result(name_change(gene, change), result),
            change=change,
            hgvs_p=read.hgvs_p,
            hgvs_p_short=f"p.{change.short}" if read.hgvs_p else None,
            oncogenicity=known,
            understood_by=("protein change" if change.short else "description",),
        )
        return finding, remarks

    def _read_gene_only(
        self,
        gene: Gene,
        rest: str,
        negative: Result | None,
        forced: Result | None,
        assay: str | None,
    ) -> list[tuple[Finding, tuple[Remark, ...]]]:
        """Read a gene with nothing but a result: what that can mean is data of the gene."""
        is_wild_type = re.search(r"wild|wt", rest, re.I) is not None
        if negative is None and not rest and forced is None:
            raise NotationError(
                "missing_alteration",
                f"{gene.symbol}: say what was found, or result: not_detected",
                (f"{gene.symbol} wild type",),
            )
        kinds: tuple[Kind, ...] = ("sequence_variant",) if is_wild_type else gene.negative_covers
        remarks: tuple[Remark, ...] = ()
        if gene.symbol == "ERBB2" and not is_wild_type:
            remarks = (
                Remark(
                    "ambiguous_result",
                    "HER2 without an assay: read as sequence variants; give the IHC or ISH result",
                    ("HER2 IHC 0", "HER2 negative", "ERBB2 wild type"),
                ),
            )
        result: Result = negative or "detected"
        findings: list[tuple[Finding, tuple[Remark, ...]]] = []
        for kind in kinds:
            if kind == "fusion":
                findings.append((_fusion_finding(ReadFusion(gene, None), negative, assay), remarks))
            else:
                change = ProteinChange()
                if result == "detected":
                    note = f"{gene.symbol}: the variant itself was not given"
                    remarks += (Remark("imprecise_alteration", note),)
                finding = Finding(
                    gene=gene.symbol,
                    hgnc_id=gene.hgnc,
                    kind="sequence_variant",
                    result=result,
                    name=_with_result(f"{gene.symbol} mutation", result),
                    change=change,
                    understood_by=("gene and result",),
                )
                findings.append((finding, remarks))
        return findings


def canonical_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repeats in the order of every answer: gene, kind, result, name."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (
                f.gene,
                _ORDER_OF_KIND.index(f.kind),
                f.result,
                f.name,
                f.values,
                f.assay or "",
            ),
        )
    )


def _clean(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return _SPACES.sub(" ", _VAF.sub("", folded[: 20 * MAX_LENGTH])).strip(" .,;")


def _split(text: str) -> list[str]:
    alleles = _ALLELES.search(text)
    if alleles is not None:
        before, after = text[: alleles.start()], text[alleles.end() :]
        parts = [part.strip() for part in alleles[2].split(";")]
        return [f"{before}{alleles[1] or ''}{part}{after}".strip() for part in parts]
    parts = [part for part in _CLAUSES.split(text) if part]
    return parts or [""]


def _assay_pieces(text: str) -> list[tuple[str, str]]:
    """Split a text at its assay words: ``IHC 2+/ISH+`` -> (IHC, 2+), (ISH, +)."""
    marks = list(_ASSAY.finditer(text))
    if not marks:
        return []
    before = text[: marks[0].start()].strip(" :/,-(")
    before = re.sub(r"\b(?:by|on|per)$", "", before, flags=re.I).strip()
    pieces = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        value = text[mark.end() : end].strip().lstrip(":=,").rstrip("/,;( ").strip()
        pieces.append((mark[1], value))
    if before:
        name, value = pieces[0]
        pieces[0] = (name, f"{before} {value}".strip())
    # "D5F3 IHC positive": the clone and the assay are one result.
    merged = [piece for i, piece in enumerate(pieces) if piece[1] or i == len(pieces) - 1]
    return merged


def _strip_result(text: str) -> str:
    return _POSITIVE_END.sub(
        "", _NEGATIVE_END.sub("", _POSITIVE_START.sub("", _NEGATIVE_START.sub("", text)))
    )


def _polarity(rest: str, forced: Result | None) -> tuple[str, Result | None]:
    """Take result words off a text; returns the rest and ``None`` for "found"."""
    bare = rest.strip()
    negative: Result | None = None
    for pattern in (_NEGATIVE_START, _NEGATIVE_END):
        found = pattern.search(bare)
        if found is not None:
            negative = "not_detected"
            bare = pattern.sub("", bare, count=1).strip()
    if negative is None:
        bare = _POSITIVE_END.sub("", _POSITIVE_START.sub("", bare)).strip()
    if negative is not None and forced == "detected":
        raise NotationError(
            "contradictory_result", f"{rest!r} is negative, the result says detected"
        )
    if forced in ("not_detected", "indeterminate"):
        negative = forced
    return bare.strip(" :,-"), negative


def _decompose(read: ReadChange) -> tuple[ReadChange, ...]:
    """Split a same-length multi-residue substitution into its substitutions (S768_V769delinsIL)."""
    change = read.change
    if (
        change.consequence != "delins"
        or change.short is None
        or change.start is None
        or change.end is None
        or change.alt is None
        or change.net != 0
        or change.end - change.start != 1
    ):
        return (read,)
    first, second = re.findall(r"([A-Z])\d+", change.short)[:2]
    parts = []
    for ref, position, alt in (
        (first, change.start, change.alt[0]),
        (second, change.end, change.alt[1]),
    ):
        found = read_protein_change(f"{ref}{position}{alt}", Gene("", None))
        if found is not None:
            remark = Remark("decomposed", f"{change.short} was read as its single substitutions")
            parts.append(replace(found, remarks=(remark,)))
    return tuple(parts)


def _word_of(result: Result | None) -> str:
    return {"detected": "positive", "not_detected": "negative"}.get(result or "", "")


def _with_result(name: str, result: Result) -> str:
    return name if result == "detected" else f"{name} {result.replace('_', ' ')}"


def _graded_finding(gene: Gene, grade: ReadGrade) -> Finding:
    if grade.kind == "status":
        name = grade.label
    elif grade.kind == "copy_number":
        name = _with_result(f"{gene.symbol} {grade.label}", grade.result)
    else:
        name = f"{gene.label} {grade.label}"
        if grade.result == "indeterminate":
            name = f"{name} indeterminate"
    return Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc,
        kind=grade.kind,
        result=grade.result,
        name=name,
        values=grade.values,
        measure=grade.measure,
        assay=grade.assay,
        understood_by=(grade.kind.replace("_", " "),),
    )


def _fusion_finding(
    fusion: ReadFusion, negative: Result | bool | None, assay: str | None
) -> Finding:
    result: Result = (
        negative if isinstance(negative, str) else "not_detected" if negative else "detected"
    )
    symbol = fusion.gene.symbol
    base = f"{fusion.partner}::{symbol} fusion" if fusion.partner else f"{symbol} fusion"
    return Finding(
        gene=symbol,
        hgnc_id=fusion.gene.hgnc,
        kind="fusion",
        result=result,
        name=_with_result(base, result),
        partner=fusion.partner,
        assay=assay if assay and _ISH_ASSAY.match(assay) else None,
        understood_by=("fusion",),
    )


__all__ = ["BiomarkerReader", "ReadBiomarker", "canonical_order", "name_pattern"]
