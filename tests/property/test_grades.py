"""Promises about graded results: names read back, negatives are never turned, form is nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from service.engine.model import Finding
from service.engine.notation.faults import NotationError
from tests.cases import load_kb
from tests.engine.notation.invented import invented_reader
from tests.property.strategies import facts_of

_STAINS = ("ALK", "EGFR", "HER2", "ER", "PR", "PD-L1", "BRAF", "KRAS")
_PROBES = ("ALK", "EGFR", "HER2", "BRAF")
_SCORES = ("0", "1+", "2+", "3+", "score 2+", "Positive (3+)", "Negative (Score 0)", "2+/3+")
_WORDS = (
    "positive",
    "negative",
    "equivocal",
    "low",
    "ultralow",
    "weakly positive",
    "not expressed",
)
_NUMBERS = st.integers(0, 100)
_BARE = (
    "HER2-low", "HER2 ultralow", "HER2 negative", "HER2 equivocal", "MSI-H", "MSS", "dMMR", "pMMR",
    "HR positive", "HR negative", "EGFR amplification", "EGFR copy number gain",
    "EGFR deep deletion",
    "EGFR loss of heterozygosity", "EGFR loss", "EGFR copy number 8", "ERBB2 copy number 2",
    "HER2 IHC 2+/ISH-", "HER2 FISH ratio 2.3, copies 3.6", "HER2 ISH group 3", "HER2 IHC positive",
)  # fmt: skip


@st.composite
def stains(draw: st.DrawFn) -> str:
    """Draw a result of a stain or a probe as a report prints it."""
    gene = draw(st.sampled_from(_STAINS))
    number = draw(_NUMBERS)
    value = draw(
        st.one_of(
            st.sampled_from((*_SCORES, *_WORDS)),
            st.just(f"{number}%"),
            st.just(f"3+ in {number} %"),
            st.just(f"2+/3+ in {number} %"),
            st.sampled_from(("TPS", "CPS", "IC", "TC", "H-score", "Allred")).map(
                lambda scale: f"{scale} {number}"
            ),
        )
    )
    return f"{gene} IHC {value}"


@st.composite
def probes(draw: st.DrawFn) -> str:
    """Draw a result of a probe."""
    gene = draw(st.sampled_from(_PROBES))
    ratio, copies = draw(st.integers(5, 60)) / 10, draw(st.integers(10, 120)) / 10
    value = draw(
        st.sampled_from(
            (
                "positive", "negative", "amplified", "not amplified", "Negative (not amplified)",
                f"ratio {ratio:g}", f"{copies:g} copies", f"ratio {ratio:g}, copies {copies:g}",
                "group 2", "group 4",
            )
        )
    )  # fmt: skip
    return f"{gene} FISH {value}"


GRADES = st.one_of(stains(), probes(), st.sampled_from(_BARE))


def understood(text: str) -> tuple[Finding, ...] | None:
    """Return the findings of a text without how they were read; ``None`` when it is refused."""
    try:
        found = load_kb().reader.read_text(text).findings
    except NotationError:
        return None
    return tuple(replace(finding, understood_by=()) for finding in found)


@given(GRADES)
def test_a_name_of_a_grade_reads_back_as_the_same_finding(text: str) -> None:
    """A name given out, read back, is the same finding."""
    found = understood(text)
    assume(found)
    for finding in found or ():
        again = understood(finding.name)
        if finding.kind == "fusion":  # a fusion's name says nothing of the assay
            again = tuple(replace(other, assay=finding.assay) for other in again or ())
        assert again == (finding,), (text, finding)


_NO = (
    "negative", "neg", "-", "(-)", "not detected", "absent", "Negative (Score 0)", "negative (0)",
    "not expressed", "no expression", "no staining", "0", "not positive", "undetected",
)  # fmt: skip
_DOUBT = (
    "equivocal", "borderline", "pending", "not performed", "not tested", "indeterminate", "unknown",
    "insufficient material", "n/a", "inconclusive", "failed",
)  # fmt: skip
_EMPTY = ("", "-", "—", ".", "NA", "None", "unknown")


@given(
    st.sampled_from(_STAINS),
    st.sampled_from(("", "IHC", "immunohistochemistry", "by IHC", "IHC:")),
    st.sampled_from((*_NO, *_DOUBT, *_EMPTY)),
    st.booleans(),
)
def test_a_negative_a_doubt_and_an_empty_value_are_never_detected(
    gene: str, assay: str, word: str, is_behind: bool
) -> None:
    """No spelling of a negative, a doubt or an empty cell gives a detected finding."""
    parts = (gene, word, assay) if is_behind else (gene, assay, word)
    text = " ".join(part for part in parts if part)
    for finding in understood(text) or ():
        # HER2 equivocal by IHC is the score 2+, which decides nothing alone.
        is_open = finding.values == ("2+",)
        assert finding.result != "detected" or is_open, text


@given(st.sampled_from(_PROBES), st.sampled_from((*_NO[:6], "not amplified", "no amplification")))
def test_a_negative_probe_is_never_detected(gene: str, word: str) -> None:
    """A negative of a probe gives no detected finding either."""
    for finding in understood(f"{gene} FISH {word}") or ():
        assert finding.result != "detected"


_HYPHENS = ("-", "\u2010", "\u2011", "\u2013", "\u2212")
_BLANKS = (" ", "  ", "\u00a0", "\t")


@given(
    GRADES, st.sampled_from(_HYPHENS), st.sampled_from((" ", "  ", "\u00a0", "\t")), st.booleans()
)
def test_case_hyphens_and_blanks_never_matter(
    text: str, hyphen: str, blank: str, is_upper: bool
) -> None:
    """Letter case, kind of hyphen and white space never change what is understood."""
    other = text.replace("-", hyphen).replace(" ", blank)
    other = other.upper() if is_upper else other.lower()
    assert understood(other) == understood(text), (text, other)


_LINKS = ("in ", "", ": ")


@given(
    st.sampled_from(("2+", "3+", "2+/3+", "PS2+", ">=2+")),
    _NUMBERS,
    st.sampled_from(("in ", "", ": ")),
)
def test_a_share_at_an_intensity_reads_back(intensity: str, number: int, link: str) -> None:
    """The name of a share of cells at an intensity says the intensity and the share."""
    found = invented_reader().read_text(f"Rx {intensity} {link}{number} %".replace(" : ", ": "))
    (finding,) = found.findings
    assert finding.measure == ("percent", number, number)
    (again,) = invented_reader().read_text(finding.name).findings
    assert replace(again, understood_by=()) == replace(finding, understood_by=())


@given(
    st.sampled_from(("0", "1+", "2+", "3+")),
    st.integers(10, 39),
    st.integers(10, 120),
    st.booleans(),
)
def test_a_dual_probe_means_the_same_in_one_text_and_in_two_results(
    score: str, ratio: int, copies: int, is_split: bool
) -> None:
    """M10: An open result of a dual probe (groups 2 to 4; ratio and copies in two results) is
    decided by the stain beside it.
    """
    numbers = f"ratio {ratio / 10:g}", f"copies {copies / 10:g}"
    whole = f"HER2 IHC {score}, ISH {', '.join(numbers)}"
    parts = numbers if is_split else (", ".join(numbers),)
    texts = (f"HER2 IHC {score}", *(f"HER2 ISH {part}" for part in parts))
    apart = tuple(f for text in texts for f in understood(text) or ())
    together = understood(whole) or ()
    assert apart
    assert together
    of_parts = facts_of(*apart, tumor="BREAST").status("ERBB2")
    of_text = facts_of(*together, tumor="BREAST").status("ERBB2")
    assert (of_parts.possible, of_parts.discordant) == (of_text.possible, of_text.discordant)
