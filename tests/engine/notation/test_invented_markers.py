"""Every kind of graded result works for genes and markers that only records know."""

from __future__ import annotations

import pytest

from service.engine.model import Truth
from service.engine.notation.faults import NotationError
from service.engine.notation.grades.phrases import Phrase, Phrases
from tests.engine.notation.invented import findings_of, truth_of

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("text", "name", "result"),
    [
        ("BURD 12 mut/Mb", "BURD 12 mut/Mb", "detected"),
        ("BURD: 12.5 mutations/Mb (high)", "BURD 12.5 mut/Mb", "detected"),
        ("BURD high (>= 10 mut/Mb)", "BURD >=10 mut/Mb", "detected"),
        ("BURD-H (15.3 mut/Mb)", "BURD 15.3 mut/Mb", "detected"),
        ("CAPX CAP 120", "CAPX CAP 100", "detected"),
        ("BURD-high", "BURD-high", "detected"),
        ("BURD low", "BURD-low", "not_detected"),
        ("INST GIX 45", "INST GIX 45", "detected"),
        ("INST GIX score: 41", "INST GIX 41", "not_detected"),
        ("INST LOX 18 %", "INST LOX 18", "detected"),
        ("RECX positive", "Rx IHC positive", "detected"),
        ("Rx negative", "Rx IHC negative", "not_detected"),
        ("Rx IHC 2+/3+ in 80 %", "Rx IHC 2+ or 3+ in 80%", "detected"),
        ("Rx PS2+ 80 %", "Rx IHC 2+ or 3+ in 80%", "detected"),
        ("Rx 3+ 60 %", "Rx IHC 3+ in 60%", "detected"),
        ("Rx 80% of tumor cells at 2+ or 3+ intensity", "Rx IHC 2+ or 3+ in 80%", "detected"),
        ("Rx >=2+ in 75% of tumour cells", "Rx IHC 2+ or 3+ in 75%", "detected"),
        ("BOTHX IHC positive", "BOTHX IHC positive", "detected"),
        ("LOSTX IHC loss", "LOSTX IHC lost", "detected"),
        ("LOSTX loss of expression", "LOSTX IHC lost", "detected"),
        ("LOSTX retained", "LOSTX IHC retained", "not_detected"),
        ("LOSTX loss of expression in 95 %", "LOSTX IHC lost in 95%", "detected"),
        ("LOSTX homozygous deletion", "LOSTX deep deletion", "detected"),
        ("LOSTX LOH", "LOSTX loss of heterozygosity", "detected"),
        ("LOSTX copy number loss", "LOSTX copy number loss", "detected"),
        ("HLA-X*02:01", "HLA-X*02:01", "detected"),
        ("HLA-X*02:01P", "HLA-X*02:01P", "detected"),
        ("HLA-X*02:01 not detected", "HLA-X*02:01 not detected", "not_detected"),
        ("PROBEX FISH ratio 3.2, copies 6", "PROBEX ISH positive", "detected"),
        ("PROBEX FISH ratio 2.5, copies 4", "PROBEX ISH negative", "not_detected"),
    ],
)  # fmt: skip
def test_a_result_is_read_by_the_record_of_its_marker(text: str, name: str, result: str) -> None:
    assert [(f.name, f.result) for f in findings_of(text)] == [(name, result)]
    assert findings_of(name)[0].name == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BURD 12", "unknown_alteration"),
        ("BURD 12 %", "unknown_alteration"),
        ("BOTHX positive", "ambiguous_result"),
        ("BOTHX negative", "ambiguous_result"),
        ("PLAINX FISH positive", "ambiguous_result"),
        ("BOTHX FISH negative", "ambiguous_result"),
        ("LOSTX loss", "ambiguous_result"),
        ("Rx IHC Negative (3+)", "contradictory_notation"),
        ("Rx 3+ in 120 %", "score_out_of_range"),
    ],
)
def test_what_may_mean_two_things_is_refused(text: str, code: str) -> None:
    with pytest.raises(NotationError) as refused:
        findings_of(text)
    assert refused.value.code == code
    if code == "ambiguous_result":
        assert refused.value.suggestions
        for suggestion in refused.value.suggestions:
            assert findings_of(suggestion)


def test_a_plain_gene_keeps_its_bare_positive() -> None:
    assert [f.kind for f in findings_of("PLAINX positive")] == ["sequence_variant"]


@pytest.mark.parametrize(
    ("name", "texts", "truth"),
    [
        ("BURD high", ("BURD 10 mut/Mb",), TRUE),
        ("BURD high", ("BURD 9.9 mut/Mb",), FALSE),
        ("BURD high", ("BURD >=10 mut/Mb",), TRUE),
        ("BURD high", ("BURD high",), UNKNOWN),
        ("BURD high", ("BURD low",), UNKNOWN),
        ("INST by GIX", ("INST LOX 60",), UNKNOWN),
        ("INST by GIX", ("INST GIX 42",), TRUE),
        ("Rx in most cells", ("Rx PS2+ 75 %",), TRUE),
        ("Rx in most cells", ("Rx PS2+ 74 %",), FALSE),
        ("Rx in most cells", ("Rx 3+ 80 %",), TRUE),
        ("Rx in most cells", ("Rx 3+ 60 %",), UNKNOWN),
        ("Rx in most cells", ("Rx 1+ in 40 %",), FALSE),
        ("Rx strong in half", ("Rx PS2+ 45 %",), FALSE),
        ("Rx strong in half", ("Rx PS2+ 80 %",), UNKNOWN),
        ("Rx strong in half", ("Rx 2+ in 60 %",), FALSE),
        ("LOSTX lost", ("LOSTX IHC lost",), TRUE),
        ("LOSTX lost", ("LOSTX IHC retained",), FALSE),
        ("LOSTX absent in 90 %", ("LOSTX loss of expression in 95 %",), TRUE),
        ("LOSTX absent in 90 %", ("LOSTX loss of expression in 80 %",), FALSE),
        ("LOSTX deep deletion", ("LOSTX homozygous deletion",), TRUE),
        ("LOSTX deep deletion", ("LOSTX heterozygous deletion",), UNKNOWN),
        ("LOSTX deep deletion", ("LOSTX LOH",), UNKNOWN),
        ("HLA-X*02:01", ("HLA-X*02:01:48",), TRUE),
        ("HLA-X*02:01", ("HLA-X*02:01P",), TRUE),
        ("HLA-X*02:01", ("HLA-X*02",), UNKNOWN),
        ("HLA-X*02:01", ("HLA-X*02:01 not detected",), FALSE),
        ("HLA-X*02:01", ("HLA-X*24:02",), UNKNOWN),
    ],
)  # fmt: skip
def test_a_class_holds_a_result_against_its_threshold(
    name: str, texts: tuple[str, ...], truth: Truth
) -> None:
    assert truth_of(name, *texts) is truth


def test_a_phrase_repeats_a_part_of_its_text() -> None:
    """``BURD 12 mut/Mb in plasma`` may stand for another marker with the same number."""
    phrases = Phrases([Phrase((r"burd (?P<rest>.+) in plasma",), ("BLOODX {rest}",))])
    assert phrases.read("BURD 12 mut/Mb in plasma") == ("BLOODX 12 mut/Mb",)
    assert phrases.read("BURD 12 mut/Mb in tissue") is None
