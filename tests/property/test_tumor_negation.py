"""No spelling of a negative, a doubt or an empty text in the tumour type is a detected finding."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.v1.case import read_case
from service.engine.reading import PLACEHOLDERS
from service.errors import InputError
from service.knowledge.tumor_terms import TumorTerms
from tests.cases import SEED_DATA, TODAY, load_kb, read_cases

KB = load_kb()
TERMS: TumorTerms = KB.tumor_terms
_TUMORS = ("melanoma", "NSCLC", "lung adenocarcinoma", "Mammakarzinom", "colon cancer")
_CHANGES = ("BRAF V600E", "EGFR L858R", "KRAS G12C", "ALK fusion", "EGFR exon 19 deletion", "HER2")
_NEGATIVES = (
    "negative", "not detected", "absent", "wild type", "wild-type", "neg", "nicht nachgewiesen",
    "not found", "undetected", "negativ",
)  # fmt: skip
_NO = ("no", "without", "negative for", "not", "no evidence of", "absence of", "ohne", "kein")
_DOUBTS = (
    "suspected", "possible", "rule out", "history of", "no evidence of", "probable", "query",
    "likely", "Verdacht auf", "Z.n.", "suspicion de", "sospecha de", "sospetto", "h/o", "benign",
)  # fmt: skip
_CASES: tuple[Callable[[str], str], ...] = (str.upper, str.lower, str.title)
_JOINTS = (" {c}", ", {c}", " ({c})", " with {c}", "; {c}", " - {c}")
_HYPHENS = "-\u2010\u2011\u2013"
_TEXTS = [case["text"] for case in read_cases(SEED_DATA.parent / "tests/knowledge/tumor_texts")]


def _detected(text: str) -> list[str] | None:
    """Return the names of what a tumour text says was detected; ``None`` when it is refused."""
    try:
        read = read_case(KB, {"tumor_type": text, "biomarkers": []}, today=TODAY)
    except InputError:
        return None
    return [item.finding.name for item in read.read if item.finding.result == "detected"]


@st.composite
def beside(draw: st.DrawFn, results: st.SearchStrategy[str]) -> str:
    """Return a tumour with a result beside it, on either side, in any case and hyphen."""
    tumor, result = draw(st.sampled_from(_TUMORS)), draw(results)
    joint = draw(st.sampled_from(_JOINTS))
    text = draw(st.sampled_from([tumor + joint.format(c=result), f"{result} {tumor}"]))
    text = draw(st.sampled_from(_CASES))(text)
    return text.replace("-", draw(st.sampled_from(_HYPHENS)))


_BEHIND = st.builds(
    lambda change, joint, word: f"{change}{joint}{word}",
    st.sampled_from(_CHANGES),
    st.sampled_from([" ", "-", ": ", "  "]),
    st.sampled_from(_NEGATIVES),
)
_BEFORE = st.builds(
    lambda no, change: f"{no} {change}", st.sampled_from(_NO), st.sampled_from(_CHANGES)
)
_NEGATIVE = _BEHIND | _BEFORE


@given(beside(_NEGATIVE))
def test_a_negative_beside_the_tumour_is_never_detected(text: str) -> None:
    assert not _detected(text), text


@given(
    st.sampled_from(_DOUBTS),
    st.sampled_from(_TUMORS),
    st.sampled_from(_CASES),
    st.sampled_from(["{d} {t}", "{t}, {d}", "{t} ({d})", "{d}: {t}"]),
)
def test_a_tumour_in_doubt_is_never_the_tumour(
    doubt: str, tumor: str, case: Callable[[str], str], form: str
) -> None:
    with pytest.raises(InputError):
        TERMS.read_text(case(form.format(d=doubt, t=tumor)), "/")


@given(st.sampled_from(sorted(PLACEHOLDERS)), st.sampled_from(_CASES))
def test_what_holds_nothing_is_no_tumour(empty: str, case: Callable[[str], str]) -> None:
    with pytest.raises(InputError):
        TERMS.read_text(f" {case(empty)} ", "/")


@given(
    st.sampled_from(_TEXTS),
    st.sampled_from(_CASES),
    st.sampled_from(_HYPHENS),
    st.sampled_from([" ", "  ", "\t"]),
)
def test_case_hyphen_and_blanks_never_change_what_is_read(
    text: str, case: Callable[[str], str], hyphen: str, blank: str
) -> None:
    plain = TERMS.read_text(text, "/")
    other = TERMS.read_text(case(text).replace("-", hyphen).replace(" ", blank), "/")
    assert (other.code, other.disease_stage, other.candidates, len(other.biomarkers)) == (
        plain.code, plain.disease_stage, plain.candidates, len(plain.biomarkers),
    )  # fmt: skip


_PARTS = st.permutations(["NSCLC", "adenocarcinoma", "right upper lobe", "stage IV"])


@given(_PARTS, st.sampled_from([", ", "; ", " | ", " / "]))
def test_the_order_of_the_parts_makes_no_difference(parts: list[str], joint: str) -> None:
    read = TERMS.read_text(joint.join(parts), "/")
    assert (read.code, read.disease_stage) == ("LUAD", "metastatic")
