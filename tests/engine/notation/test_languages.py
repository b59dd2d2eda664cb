"""Result words of other languages: every one is found, and English is left alone."""

from __future__ import annotations

import pytest

from service.engine.notation.text import languages
from service.engine.notation.text.languages import to_english

WORDS = sorted(languages._WORDS.items())


@pytest.mark.parametrize(("word", "english"), WORDS)
def test_a_word_is_put_into_english_wherever_it_stands(word: str, english: str) -> None:
    """The quick look before the search must let every word through."""
    for text in (f"EGFR {word}", f"EGFR: {word.capitalize()}", f"{word} EGFR", word.upper()):
        assert english in to_english(text)


def test_accents_in_either_form_mean_the_same() -> None:
    assert to_english("KRAS non mut\u00e9") == to_english("KRAS non mute\u0301") == "KRAS wild type"


@pytest.mark.parametrize(
    "text",
    [
        "EGFR L858R detected", "KRAS G12C not detected", "EGFR wild type", "BRAF mutated",
        "HER2 negative", "ALK rearranged", "EGFR mutation", "BRAF non-V600 mutation",
        "NTRK negative", "PD-L1 TPS 60%", "native", "activating mutation", "EML4-ALK fusion",
    ],
)  # fmt: skip
def test_english_is_left_alone(text: str) -> None:
    assert to_english(text) == text


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("KRAS und NRAS: Wildtyp", "KRAS and NRAS: wild type"),
        ("Kein Nachweis einer BRAF V600E Mutation", "no BRAF V600E Mutation"),
        ("Nachweis einer BRAF V600E Mutation", "detected BRAF V600E Mutation"),
        ("KRAS : pas de mutation d\u00e9tect\u00e9e", "KRAS : no mutation detected"),
    ],
)
def test_a_negative_of_several_words_is_put_whole_into_english(text: str, english: str) -> None:
    assert to_english(text) == english
