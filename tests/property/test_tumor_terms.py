"""Tumour types in any spelling: the same node, in linear time, or a refusal."""

from __future__ import annotations

import re
import time

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from service.errors import InputError
from service.knowledge.tumor_terms import TumorTerms
from tests.cases import SEED_DATA, load_kb

_YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TERMS: TumorTerms = load_kb().tumor_terms
TYPES = load_kb().rulebook.tumors.types
_NAMES = sorted({tumor.name for tumor in TYPES.values() if re.fullmatch(r"[\w -]+", tumor.name)})
_SYNONYMS = [
    row["term"]
    for row in yaml.load((SEED_DATA / "vocabulary/tumor_synonyms.yaml").read_text(), _YamlLoader)
]
_PLAIN = ["lung adenocarcinoma", "NSCLC", "melanoma", "bowel cancer", "colon cancer", "GIST"]
_STAGES = ["metastatic", "stage IV", "Stage IIIA", "advanced", "unresectable", "recurrent"]


@st.composite
def respelled(draw: st.DrawFn) -> tuple[str, str]:
    """Return a name and a variant of its case, punctuation and blanks."""
    name = draw(st.sampled_from(_NAMES))
    change = draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    joints = st.sampled_from([" ", "  ", "-", " - ", ", ", "_"])
    words = [word for word in re.split(r"[ _-]+", change(name)) if word]
    text = words[0]
    for word in words[1:]:
        text += draw(joints) + word
    return name, draw(st.sampled_from(["", " ", "\t"])) + text + draw(
        st.sampled_from(["", ".", " "])
    )


@given(respelled())
def test_case_punctuation_and_blanks_make_no_difference(pair: tuple[str, str]) -> None:
    name, variant = pair
    assert TERMS.read_text(variant, "/").code == TERMS.read_text(name, "/").code


@given(st.sampled_from(_PLAIN), st.lists(st.sampled_from(_STAGES), max_size=3), st.booleans())
def test_stage_words_do_not_change_the_node(name: str, stages: list[str], behind: bool) -> None:
    beside = " ".join(stages)
    text = f"{name}, {beside}" if behind and stages else f"{beside} {name}"
    read = TERMS.read_text(text, "/")
    assert read.code == TERMS.read_text(name, "/").code
    assert list(read.set_aside) == [stage.lower() for stage in stages]


_RANDOM = st.text(max_size=60) | st.from_regex(r"[a-z]{2,9}( [a-z]{2,9}){0,3}", fullmatch=True)
_KNOWN = {
    word
    for text in (*TYPES, *(t.name for t in TYPES.values()), *_SYNONYMS)
    for word in re.findall(r"[^\W_]+", text.lower())
}


@given(_RANDOM)
def test_a_random_text_is_refused_or_made_of_words_of_known_terms(text: str) -> None:
    read = _read_or_none(text)
    if read is not None:
        assert set(re.findall(r"[^\W_]+", text.lower())) <= _KNOWN


@given(st.sampled_from(_PLAIN), st.from_regex(r"[a-z]{6,12}", fullmatch=True), st.booleans())
def test_a_known_term_beside_an_unknown_word_is_refused(name: str, word: str, behind: bool) -> None:
    assume(word not in _KNOWN)
    assert _read_or_none(f"{name} {word}" if behind else f"{word} {name}") is None


def _read_or_none(text: str) -> str | None:
    try:
        return TERMS.read_text(text, "/tumor_type").code
    except InputError:
        return None


@pytest.mark.parametrize(
    "unit",
    ["stage iv ", "HER2-", "(", "metastatic to ", "a", " ", "V600E ", "stage iii-", "or ", "EGFR+"],
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    """A text of 10 kB, made to be hard, is refused at once."""
    for size in (300, 10_000):
        text = (unit * size)[:size]
        began = time.perf_counter()
        with pytest.raises(InputError):
            TERMS.read_text(text, "/")
        assert time.perf_counter() - began < 1
