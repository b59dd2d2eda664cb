"""Graded results of one gene: which assay a text names, and what its values are.

``expression`` reads IHC, ``in_situ`` ISH and copy number, ``status_words`` stated statuses; here it
is decided which of them a text is for. A break-apart FISH result of a kinase is a fusion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from service.engine.model import Gene, Kind, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import without_result
from service.engine.notation.fusion.rearrangement import is_rearrangement
from service.engine.notation.grades.alleles import read_allele
from service.engine.notation.grades.expression import read_ihc
from service.engine.notation.grades.in_situ import as_gene, read_copy_number, read_ish
from service.engine.notation.grades.status_words import read_status
from service.engine.notation.readings import ReadFusion, ReadGrade
from service.engine.notation.text.assays import assay_pieces, has_assay, kind_of
from service.engine.notation.text.texts import polarity_of

_BARE_SCORE = re.compile(
    r"\(?(?:score\s)?(?:[0-3]\s?\+{1,3}|\+{2,3}|0|zero|null)(?:\s?\(?(?:equivocal|positive|negative|low)\)?)?\)?"
    r"|[0-3]\s?\+?\s?(?:-|/|to|or)\s?[0-3]\s?\+|[0-3]\s?\+?[\s,(]{1,3}(?:in\s)?\d{1,3}\s?%.{0,30}|0\s?[(,].{1,60}|>\s?0.{1,20}",
    re.I,
)
#: A stated status with the result it rests on: "HER2-low (IHC 1+)", "negative (2+/ISH-)".
_STATUS_WITH = re.compile(
    r"(?P<status>positive|negative|pos|neg|low|ultra-?low|equivocal|borderline)[\s,:]{0,2}\((?P<result>[^()]{1,60})\)"
    r"|\(?(?P<result_>(?:IHC\s)?[12]\+)\)?[\s,:]{1,2}\(?(?P<status_>low|ultra-?low)\)?",
    re.I,
)
_EXPRESSED = re.compile(
    r"(?:protein\s)?(?:over)?expression(?=$|[\s:,])|overexpress(?:ed|ing)$", re.I
)
_SCALE = re.compile(r"\b(?:h[\s-]?score|allred|tps|cps)\b", re.I)
_RATIO = re.compile(r"\b(?:cep\s?-?17|cen\s?-?17|ratio|group [1-5])\b", re.I)
_COPIES = re.compile(r"amplif|cop(?:y|ies)|ratio|gain|polysomy|cep", re.I)
_CELLS = re.compile(
    r"[\s,(]{0,3}(?:in\s)?(?P<share>\d{1,3}(?:\.\d)?)\s?%(?:\s(?:of\s)?(?:tumou?r\s)?(?:cells|nuclei))?\)?",
    re.I,
)
_WORD_OF: dict[Result, str] = {"detected": "positive", "not_detected": "negative"}
#: "loss of expression", "retained expression": a stain, not a number of copies.
_LOST_STAIN = re.compile(
    r"\b(?:loss of (?:protein )?(?:expression|staining)|expression (?:lost|retained)|retained|preserved|intact"
    r"|lost|absent|(?:loss|negative|no (?:staining|expression))[\s,:(]{1,3}(?:in\s)?(?:[<>=\u2265\u2264]{1,2}\s?)?\d{1,3}(?:\.\d)?\s?%)",
    re.I,
)
_INTENSITY = re.compile(r"[1-3]\+.{0,40}\d\s?%|\d\s?%.{0,40}[1-3]\+", re.I)
#: Values of one stain -> statuses that it leaves possible.
_STATUSES_WITH = {
    ("3+",): frozenset({"positive"}),
    ("1+",): frozenset({"low"}),
    ("null", "ultralow"): frozenset({"null", "ultralow"}),
    ("null",): frozenset({"null"}),
    ("ultralow",): frozenset({"ultralow"}),
}
_AMPLIFIED_WORDS = {("positive",): "ISH amplified", ("negative",): "ISH not amplified"}
_POSITIVE_VALUES = frozenset({"2+", "3+", "positive", "high", "amplification"})


@dataclass(frozen=True, slots=True)
class FishFusion:
    """A break-apart FISH result: the fusion without its partner, and whether it was found."""

    fusion: ReadFusion
    result: Result


Graded = ReadGrade | FishFusion


def read_graded(
    text: str, gene: Gene, assay: str | None, forced: Result | None, word: str
) -> tuple[Graded, ...] | None:
    """Read IHC, ISH, copy number and status; several assays in one text give several results.

    Args:
        assay: the ``assay`` field.
        forced: the ``result`` field, and ``word`` as it was written.

    Returns:
        ``None`` when the text is no graded result.

    Raises:
        NotationError: ``unknown_assay``, ``contradictory_result``, or ``unknown_alteration`` for a
            value that the named assay does not have.
    """
    kind = kind_of(assay) if assay else None
    if assay and kind is None:
        raise NotationError(
            "unknown_assay", f"{assay!r} is no assay that is known", ("IHC", "ISH", "NGS")
        )
    if kind in ("ihc", "ish") and not has_assay(text):
        text = f"{'IHC' if kind == 'ihc' else 'ISH'} {text or _WORD_OF.get(forced or 'indeterminate', '')}"
    both = _STATUS_WITH.fullmatch(text) if gene.grading.is_membrane_scored else None
    if both is not None:
        return _read_status_with(both, gene, forced)
    if gene.grading.has_expression_word and _EXPRESSED.match(text):
        text = f"IHC {_EXPRESSED.sub('', text, count=1).strip(' :,') or 'positive'}"
    pieces = assay_pieces(text)
    if pieces:
        return _read_pieces(pieces, gene, forced)
    grade = _read_unassayed(text, gene, forced, word)
    return None if grade is None else (_with_forced(grade, forced, text),)


def _read_status_with(
    found: re.Match[str], gene: Gene, forced: Result | None
) -> tuple[Graded, ...] | None:
    """Read a status and the result it rests on as both: the status table holds them together."""
    status = read_status(found["status"] or found["status_"], gene)
    result = read_graded(found["result"] or found["result_"], gene, None, forced, "")
    if status is None or result is None:
        return None
    if status.result == "indeterminate":
        return result  # "equivocal (2+)": the score says it
    single = result[0] if len(result) == 1 else None
    possible = _STATUSES_WITH.get(single.values) if isinstance(single, ReadGrade) else None
    if possible is not None and not possible & set(status.values):
        raise NotationError("contradictory_notation", f"{gene.label} {found[0]}: they disagree")
    return (_with_forced(status, forced, found[0]), *result)


def _read_pieces(
    pieces: list[tuple[str, str]], gene: Gene, forced: Result | None
) -> tuple[Graded, ...]:
    ihc: str | None = None
    for name, value in pieces:
        if kind_of(name) == "ihc" and value:
            grade = read_ihc(value, gene)
            ihc = grade.values[0] if grade is not None and len(grade.values) == 1 else None
            ihc = "0" if ihc in ("null", "ultralow") or (grade and grade.label == "IHC 0") else ihc
    return tuple(_read_piece(name, value, gene, forced, ihc) for name, value in pieces)


def _read_piece(
    name: str, value: str, gene: Gene, forced: Result | None, ihc: str | None
) -> Graded:
    is_ish = kind_of(name) == "ish"
    stated = value or _WORD_OF.get(forced or "indeterminate", "")
    polarity = polarity_of(value)
    is_open = polarity.result == "indeterminate" and not polarity.bare and not _is_equivocal(value)
    if not stated or is_open:
        return _without_value(is_ish=is_ish)
    probe = gene.grading.probe
    if is_ish and probe.target == "unsaid":
        _check_target(stated, gene, name)
        if _COPIES.search(stated) is None:
            return _read_break_apart(stated, gene, forced)
    if is_ish and probe.target == "rearrangement" and _COPIES.search(stated) is None:
        return _read_break_apart(stated, gene, forced)
    # Only a dual probe has a ratio; other probes give words.
    has_probe = probe.ratio is not None or not (
        probe.target == "none" or _RATIO.search(as_gene(stated, gene))
    )
    if not is_ish:
        grade = read_ihc(stated, gene)
    else:
        grade = read_ish(stated, gene, ihc) if has_probe else None
    if grade is None:
        raise NotationError("unknown_alteration", f"{stated!r} is no {name} result of {gene.label}")
    if is_ish and probe.ratio is None and grade.values in _AMPLIFIED_WORDS:
        # "ISH positive" of a kinase would be a rearrangement: the name says that it is copies.
        grade = replace(grade, label=_AMPLIFIED_WORDS[grade.values])
    return _with_forced(grade, forced, value)


def _check_target(stated: str, gene: Gene, name: str) -> None:
    """Refuse a bare word of a probe that may look for a break or for copies."""
    bare = polarity_of(_CELLS.sub("", stated)).bare.strip(" :()-,")
    if not bare:
        raise NotationError(
            "ambiguous_result",
            f"{gene.label} {name} {stated}: a break or copies? Say which was looked for",
            (f"{gene.symbol} rearrangement", f"{gene.symbol} amplification"),
        )


def _is_equivocal(value: str) -> bool:
    return re.search(r"equivocal|borderline", value, re.I) is not None


def _without_value(*, is_ish: bool) -> ReadGrade:
    kind: Kind = "in_situ_hybridization" if is_ish else "expression"
    name = "ISH" if is_ish else "IHC"
    return without_result(
        ReadGrade(kind, "indeterminate", name, assay=name, steps=(f"{name} without a value",))
    )


def _read_break_apart(value: str, gene: Gene, forced: Result | None) -> FishFusion:
    share = _CELLS.match(value.lstrip(" :"))
    if share is not None and forced is None:
        _check_share(float(share["share"]), value, gene)
    polarity = polarity_of(_CELLS.sub("", value))
    bare = polarity.bare.strip(" :()-,")
    if bare and not is_rearrangement(bare):
        raise NotationError("unknown_alteration", f"{value!r} is no FISH result of {gene.label}")
    result = polarity.result or ("detected" if bare else forced)
    if result is None:
        raise NotationError("unknown_alteration", f"{value!r} is no FISH result of {gene.label}")
    if forced is not None and polarity.result not in (None, forced):
        raise NotationError("contradictory_result", f"{value!r} and the result field disagree")
    return FishFusion(ReadFusion(gene, None, steps=("break-apart FISH",)), forced or result)


def _check_share(share: float, value: str, gene: Gene) -> None:
    """Refuse a share of cells in front of the word: "8 % of cells positive" is no positive result.

    Split signals stand in cells without a break too, so that a probe has a cut-off.
    """
    least = gene.grading.probe.positive_from
    if least is None or share < least:
        from_ = f"positive from {least:g} %" if least is not None else "no cut-off is known"
        raise NotationError(
            "ambiguous_result",
            f"{gene.label} FISH {value}: {from_}: say the result",
            (f"{gene.label} FISH positive", f"{gene.label} FISH negative"),
        )


def _read_unassayed(text: str, gene: Gene, forced: Result | None, word: str) -> ReadGrade | None:
    """Read a graded result that names no assay: copy number, status, receptor and PD-L1 scores."""
    stated = text or _stated(gene, forced, word)
    if not stated:
        return None
    grade = read_allele(stated, gene) or _read_copies(stated, gene) or read_status(stated, gene)
    if grade is not None:
        return grade
    grading = gene.grading
    if grading.probe.ratio is not None and _RATIO.search(as_gene(stated, gene)):
        return read_ish(stated, gene)
    is_score = grading.is_membrane_scored and _BARE_SCORE.fullmatch(stated) is not None
    if is_score or grading.bare == "stain" or _names_scale(stated, gene):
        return read_ihc(stated, gene)
    return None


def _names_scale(text: str, gene: Gene) -> bool:
    """Tell whether a text names a scale, its unit, or that a stain is lost: no other kind does."""
    if _SCALE.search(text) is not None:
        return True
    grading = gene.grading
    if grading.has_loss and _LOST_STAIN.search(text):
        return True
    if grading.bare == "status":
        return bool(grading.scales) and any(map(str.isdigit, text))
    return bool(grading.scores) and _INTENSITY.search(text) is not None


def _stated(gene: Gene, forced: Result | None, word: str) -> str:
    """Return the result field as a word where it is the whole result of a marker."""
    if gene.grading.is_membrane_scored:
        return word if word in ("positive", "negative", "equivocal") else ""
    if gene.grading.bare in ("stain", "status"):
        return _WORD_OF.get(forced or "indeterminate", "")
    return ""


def _read_copies(text: str, gene: Gene) -> ReadGrade | None:
    if gene.hgnc is None:
        return None  # a marker that is no gene has no copies: "MMR loss" is its status
    text = as_gene(text, gene)
    if gene.grading.has_loss and _LOST_STAIN.search(text):
        return None
    if gene.grading.has_loss and text.strip().lower() in ("loss", "lost"):
        raise NotationError(
            "ambiguous_result",
            f"{gene.label} {text}: of the protein or of the gene? Say which was looked at",
            (f"{gene.label} IHC loss", f"{gene.symbol} deep deletion"),
        )
    grade = read_copy_number(text)
    if grade is not None:
        return grade
    polarity = polarity_of(text)
    grade = read_copy_number(polarity.bare) if polarity.result is not None else None
    if grade is None or polarity.result in (None, "detected"):
        return grade
    if grade.copies is not None:
        return None
    return replace(grade, result=polarity.result, values=())


def _with_forced(grade: ReadGrade, forced: Result | None, text: str) -> ReadGrade:
    """Return a graded result beside the ``result`` field, which must not deny it."""
    if forced is None or not text:
        return grade
    if forced == "indeterminate":
        return without_result(replace(grade, values=(), measure=None))
    if forced == "not_detected" and grade.kind == "copy_number" and grade.copies is None:
        return replace(grade, result="not_detected", values=())
    is_denied = forced == "not_detected" and bool(_POSITIVE_VALUES & set(grade.values))
    if (is_denied and grade.result == "detected") or (
        forced == "detected" and grade.result == "not_detected"
    ):
        raise NotationError("contradictory_result", f"{text!r} and the result field disagree")
    return grade
