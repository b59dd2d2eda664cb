"""The laws of texts: order, joiners, negatives, doubts, case and blanks never turn a result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from service.adapters.v1.report import read_report
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.report import passages_of
from service.engine.notation.text.lexicon import DOUBT, NEGATION
from service.engine.reading import is_complete
from tests.cases import load_kb
from tests.engine.notation.frozen.inputs import all_inputs

Said = frozenset[tuple[str, str, str]]
JOINERS = (", ", "; ", " / ", " + ", " & ", " and ", "\n", "\t", " | ")
#: A gene with what was looked for, covered or not.
ALTERATIONS = (
    "EGFR L858R", "EGFR T790M", "EGFR exon 19 deletion", "KRAS G12C", "KRAS codon 61 mutation", "BRAF V600E", "NRAS Q61K",
    "ALK fusion", "EML4-ALK fusion", "ALK rearrangement", "ERBB2 amplification", "EGFR c.2573T>G", "BRAF p.(Val600Glu)",
    "TP53 R273H", "LTK fusion", "RET rearrangement", "CCNE1 amplification", "MET exon 14 skipping", "STK11 mutation", "PIK3CA H1047R",
)  # fmt: skip
RESULTS = (
    "",
    "",
    " detected",
    " not detected",
    ": positive",
    ": negative",
    " not tested",
    ": pending",
    " (VAF 12%)",
)
SPELLINGS = (
    "EGFR L858R", "EGFR p.L858R", "EGFR exon 19 deletion", "EGFR ex19del", "KRAS G12C not detected", "BRAF V600E positive",
    "BRAF V600E: negative", "EML4-ALK fusion", "EML4::ALK fusion", "ALK rearrangement", "ALK fusion not detected", "NPM1-ALK",
    "KIAA1549-BRAF fusion", "HER2 amplification", "HER2 IHC 3+", "HER2 IHC 2+, FISH not amplified", "HER2 low", "ER positive",
    "PD-L1 TPS 60%", "MSI-H", "EGFR wild type", "KRAS, NRAS and BRAF wild type", "Not detected: EGFR L858R, KRAS G12C",
    "EGFR L858R; KRAS G12C", "EGFR L858R + T790M", "no ALK fusion", "EGFR/ALK/ROS1 negative", "TP53 R273H", "LTK fusion detected",
    "EGFR not tested", "BRAF class II", "EGFR exon 20 insertion", "ERBB2 Y772_A775dup", "ALK IHC positive", "ALK FISH positive",
)  # fmt: skip
CASES = (str.upper, str.lower, str.title)


def read(text: str) -> ReadBiomarker | None:
    """Read a text; ``None`` when it is refused."""
    try:
        return load_kb().reader.read_text(text)
    except NotationError:
        return None


def said(read: ReadBiomarker) -> Said:
    """Return what was understood: gene, name, result, covered or not."""
    return frozenset((f.gene, f.name, f.result) for f in (*read.findings, *read.strangers))


def is_found(text: str) -> list[str]:
    """Return the names of what a text is read as having found."""
    found = read(text)
    if found is None:
        return []
    return [f.name for f in (*found.findings, *found.strangers) if f.result == "detected"]


triples = st.lists(
    st.tuples(st.sampled_from(ALTERATIONS), st.sampled_from(RESULTS)).map("".join),
    min_size=2,
    max_size=4,
    unique_by=lambda text: text.split()[0],
)


@given(triples, st.sampled_from(JOINERS))
def test_triples_together_are_the_triples_alone_or_refused(texts: list[str], joiner: str) -> None:
    alone = [read(text) for text in texts]
    assert None not in alone
    each = frozenset().union(*(said(one) for one in alone if one is not None))
    for order in permutations(texts):
        together = read(joiner.join(order))
        if together is not None:
            assert said(together) == each, joiner.join(order)


@given(triples, st.sampled_from(("; ", "\n")))
def test_statements_with_their_own_result_are_always_read(texts: list[str], joiner: str) -> None:
    """A semicolon or a new line ends a statement: nothing is refused for its neighbour."""
    assume(all(" detected" in text or ":" in text for text in texts))
    assert read(joiner.join(texts)) is not None


@given(
    st.sampled_from(ALTERATIONS),
    st.sampled_from(sorted(NEGATION | DOUBT | {"likely", "VAF 0%", "0 %", "benign?"})),
    st.sampled_from(("{w} {t}", "{t} {w}", "{t}: {w}", "{t} ({w})", "{t}, {w}", "{w}: {t}")),
    st.sampled_from((str, str.upper, str.capitalize)),
)
def test_no_negative_and_no_doubt_is_found(text: str, word: str, form: str, case: object) -> None:
    spelled = case(word)  # type: ignore[operator]
    assert is_found(form.format(w=spelled, t=text)) == []


@pytest.mark.parametrize(
    "empty", ["", "-", "--", "\u2013", "\u2014", ".", "NA", "N/A", "None", "null", "nan"]
)
@pytest.mark.parametrize("field", ["alteration", "result"])
@pytest.mark.parametrize("gene", ["EGFR", "KRAS", "ALK", "HER2"])
def test_an_empty_field_is_neither_found_nor_excluded(gene: str, field: str, empty: str) -> None:
    fields = {"alteration": None, "assay": None, "result": None, field: empty}
    with pytest.raises(NotationError):
        load_kb().reader.read_fields(gene=gene, **fields)


@given(st.sampled_from(SPELLINGS), st.sampled_from(CASES))
def test_letter_case_never_changes_what_is_understood(text: str, case: object) -> None:
    plain, other = read(text), read(case(text))  # type: ignore[operator]
    assert plain is not None
    if other is not None:
        assert {(f.gene, f.result) for f in other.findings} == {
            (f.gene, f.result) for f in plain.findings
        }
        assert [f.name for f in other.findings] == [f.name for f in plain.findings]


@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(("\u2010", "\u2011", "\u2013", "\u2212")),
    st.booleans(),
)
def test_hyphens_and_blanks_never_change_what_is_understood(
    text: str, hyphen: str, is_wide: bool
) -> None:
    spelled = text.replace("-", hyphen)
    if is_wide:
        spelled = "  " + spelled.replace(" ", "\u00a0 ") + " "
    plain, other = read(text), read(spelled)
    assert plain is not None
    assert other is not None
    assert said(plain) == said(other)


@given(triples)
def test_a_name_that_was_given_out_reads_back(texts: list[str]) -> None:
    for text in texts:
        found = read(text)
        assert found is not None
        for name in (f.name for f in (*found.findings, *found.strangers)):
            again = read(name)
            assert again is not None
            assert name in [f.name for f in (*again.findings, *again.strangers)]


@given(triples, st.randoms(use_true_random=False))
def test_the_lines_of_a_report_in_any_order_give_the_same_findings(
    texts: list[str], random: object
) -> None:
    lines = list(texts)
    random.shuffle(lines)  # type: ignore[attr-defined]
    first, second = (read_report(load_kb(), "\n".join(some)) for some in (texts, lines))
    assert {f.name for i in first.items for f in i.findings} == {
        f.name for i in second.items for f in i.findings
    }


@given(triples)
def test_every_word_of_a_report_is_in_exactly_one_item(texts: list[str]) -> None:
    report = "MOLECULAR REPORT\nDiagnosis: lung adenocarcinoma\n\n" + "\n".join(texts)
    items = read_report(load_kb(), report).items
    for number, line in enumerate(report.splitlines(), start=1):
        texts_of_line = list(dict.fromkeys(i.text for i in items if i.place == f"line {number}"))
        assert " ".join(texts_of_line).split() == line.split()


#: Results that name no gene by itself, or are glued to it.
UNNAMED = (
    "dMMR", "pMMR", "MSS", "MSI-H", "BRAFV600E", "EGFRm", "EGFRvIII", "chr7:140453136A>T", "7:g.55259515T>G", "185delAG",
    "chr2:42522656-chr2:29446394", "t(2;5)(p23;q35.1)", "triple negative", "mismatch repair deficient", "KRASwt",
)  # fmt: skip
WRITTEN = tuple(given for given in all_inputs() if isinstance(given, str) and "\n" not in given)


@given(st.one_of(st.sampled_from(UNNAMED), st.sampled_from(WRITTEN)))
def test_what_is_a_finding_alone_is_one_in_a_report(text: str) -> None:
    """A line is never called empty of content, nor read otherwise, when its words are a result."""
    alone = read(text)
    if alone is None or load_kb().tumor_terms.find_text(text) is not None:
        return
    items = read_report(load_kb(), f"Result\n\n{text}\n").items
    found = {finding.name for item in items for finding in item.findings if item.fate == "finding"}
    assert {finding.name for finding in alone.findings} <= found or not is_complete(items)


SHORT = ("EGFR", "KRAS", "NRAS", "BRAF", "HER2", "ER", "PR")


@given(
    st.permutations(SHORT),
    st.integers(2, 4),
    st.sampled_from(["/", " / ", ", ", " and "]),
    st.sampled_from(["negative", "not detected", "positive", "wild type"]),
    st.sampled_from(["negative", "positive", "not tested"]),
)
def test_a_result_covers_the_names_before_it_and_no_other(
    names: list[str], size: int, joiner: str, first: str, second: str
) -> None:
    """ "ER/PR negative HER2 positive": a later result never reaches over an earlier one."""
    together = read(f"{joiner.join(names[:size])} {first} {names[size]} {second}")
    if together is None:
        return
    alone = [f"{name} {first}" for name in names[:size]] + [f"{names[size]} {second}"]
    results = {
        f.gene: f.result for text in alone for f in load_kb().reader.read_text(text).findings
    }
    assert {f.gene: f.result for f in together.findings if f.gene} == results


@given(
    st.permutations(SHORT),
    st.lists(st.sampled_from("+-"), min_size=2, max_size=4),
    st.sampled_from(["/", ", ", ","]),
    st.sampled_from(["", " negative", " positive"]),
)
def test_a_sign_that_an_address_lost_never_turns_a_result(
    names: list[str], signs: list[str], joiner: str, word: str
) -> None:
    """In an address ``+`` is a blank: ``ER+/PR+/HER2-`` comes in as ``ER /PR /HER2-``."""
    parts = [f"{name}{sign}" for name, sign in zip(names, signs, strict=False)]
    if word:
        parts[-1] = f"{names[len(parts) - 1]}{word}"
    lost = read(joiner.join(parts).replace("+", " "))
    if lost is None:
        return
    meant = {f.gene: f.result for part in parts for f in load_kb().reader.read_text(part).findings}
    assert all(meant[f.gene] == f.result for f in lost.findings if f.gene in meant)


@pytest.mark.parametrize("word", ["None", "none", "NONE", "nil", "NaN"])
@pytest.mark.parametrize("joint", [" ", ": ", ", ", " ("])
@pytest.mark.parametrize("gene", ["KRAS", "NRAS", "EGFR", "BRAF", "ALK"])
def test_an_empty_cell_that_a_program_printed_is_no_negative(
    gene: str, joint: str, word: str
) -> None:
    """Two such cells opened panitumumab as RAS wild type."""
    text = f"{gene}{joint}{word}" + (")" if "(" in joint else "")
    with pytest.raises(NotationError) as refused:
        load_kb().reader.read_text(text)
    assert refused.value.code == "ambiguous_result"


@pytest.mark.parametrize("dash", ["-", "\u2013", "\u2014", "\u2212"])
@pytest.mark.parametrize("joint", [" ", ": ", "  "])
@pytest.mark.parametrize(
    "words", ["KRAS", "NRAS", "EGFR", "ALK", "HER2", "ER", "EGFR L858R", "ALK fusion"]
)
def test_a_dash_behind_a_blank_is_an_empty_cell_and_no_negative(
    words: str, joint: str, dash: str
) -> None:
    for text in (f"{words}{joint}{dash}", f"BRAF V600E, {words}{joint}{dash}"):
        with pytest.raises(NotationError) as refused:
            load_kb().reader.read_text(text)
        assert refused.value.code == "ambiguous_result"


@pytest.mark.parametrize("name", ["KRAS", "NRAS", "EGFR", "ALK", "HER2", "ER"])
@pytest.mark.parametrize("sign", ["-", "\u2212", "\u2013", "(-)", " (-)"])
def test_a_sign_that_stands_at_its_name_is_a_negative(name: str, sign: str) -> None:
    found = read(f"{name}{sign}")
    assert found is not None
    assert {finding.result for finding in found.findings} == {"not_detected"}


@given(
    st.permutations(SHORT),
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from("+-")), min_size=1, max_size=3),
)
def test_a_sign_covers_the_names_before_it_with_a_slash_and_no_other(
    names: list[str], groups: list[tuple[int, str]]
) -> None:
    """ "ER/PR+/HER2-": a sign reaches back over a slash, up to the sign before it."""
    meant: dict[str, str] = {}
    left = list(names)
    parts = []
    for size, sign in groups:
        own, left = left[:size], left[size:]
        if own:
            parts.append("/".join(own) + sign)
            meant |= dict.fromkeys(own, sign)
    assume(len(meant) > 1)
    together = read("/".join(parts))
    assert together is not None
    # "KRAS/NRAS+" says that one of them is mutated, not which.
    held = {gene: f.result for f in together.findings for gene in f.genes}
    for name, sign in meant.items():
        alone = load_kb().reader.read_text(f"{name}{sign}").findings
        for finding in alone:
            # "ER/PR+" is HR-positive: it does not say that both are.
            assert held.get(finding.gene, finding.result) == finding.result
            assert finding.gene in held or "HR" in held


#: Genes of several kinds: negative by mutation, fusion or status; one nobody curated.
LISTED = ("EGFR", "KRAS", "BRAF", "ALK", "ROS1", "RET", "MET", "BRCA1", "STK11")


@given(
    st.permutations(LISTED),
    st.integers(2, 4),
    st.sampled_from(["No ", "no ", "No evidence of ", "without ", "No pathogenic "]),
    st.lists(
        st.sampled_from([", ", " or ", ", or ", " and ", "/", ", and "]), min_size=3, max_size=3
    ),
    st.sampled_from(
        [
            "mutation",
            "mutations",
            "alterations",
            "variant",
            "rearrangement",
            "fusions",
            "amplification",
        ]
    ),
    st.sampled_from(
        ["", " detected", " was detected", " identified", " found", " were seen", " present"]
    ),
    st.booleans(),
)
def test_a_no_that_opens_a_list_of_genes_finds_none_of_them(
    names: list[str], size: int, lead: str, joints: list[str], noun: str, end: str, is_ahead: bool
) -> None:
    """In "No ALK or ROS1 fusion detected" the last word closes the sentence and finds no ROS1."""
    listed = names[0] + "".join(
        f"{joint}{name}" for joint, name in zip(joints, names[1:size], strict=False)
    )
    text = f"{lead}{noun} in {listed}{end}" if is_ahead else f"{lead}{listed} {noun}{end}"
    found = read(text)
    if found is not None:
        assert {f.result for f in (*found.findings, *found.strangers)} == {"not_detected"}, text


@given(
    st.permutations(LISTED),
    st.integers(1, 4),
    st.sampled_from([", ", " and ", "/", " / ", "; "]),
    st.sampled_from([": no ", " no ", ": without ", ": No evidence of "]),
    st.sampled_from(
        [
            "mutation",
            "hotspot mutation",
            "activating mutations",
            "clinically relevant variant",
            "amplification",
            "translocation",
            "exon 20 insertion",
            "copy number gain",
            "G12C",
            "deletion",
        ]
    ),
    st.sampled_from(["", " detected", " was detected", " identified", " found", " seen", "."]),
)
def test_a_no_behind_a_list_of_genes_finds_none_of_them(
    names: list[str], size: int, joint: str, lead: str, noun: str, end: str
) -> None:
    """In "KRAS, NRAS: no hotspot mutation detected" the last word finds no KRAS."""
    text = f"{joint.join(names[:size])}{lead}{noun}{end}"
    found = read(text)
    if found is not None:
        assert {f.result for f in found.findings} <= {"not_detected"}, text
        # What stands alone about a gene that nobody curated may stay open.
        assert all(f.result != "detected" for f in found.strangers), text


# Each law is shown to fail: a reader that is broken in one place is held against it.

Break = Callable[[pytest.MonkeyPatch], None]
_RULE = BiomarkerReader.read_text


def _broken(turn: Callable[[str, ReadBiomarker], ReadBiomarker]) -> Break:
    """Return what replaces the reader by one that turns what it has read."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            BiomarkerReader, "read_text", lambda self, text: turn(text, _RULE(self, text))
        )

    return apply


def _loses_the_last(text: str, found: ReadBiomarker) -> ReadBiomarker:
    is_list = ", " in text and len(found.findings) > 1
    return replace(found, findings=found.findings[:-1]) if is_list else found


def _finds_everything(text: str, found: ReadBiomarker) -> ReadBiomarker:
    return replace(found, findings=tuple(replace(f, result="detected") for f in found.findings))


def _turns_lists(text: str, found: ReadBiomarker) -> ReadBiomarker:
    return _finds_everything(text, found) if len(found.findings) > 1 else found


def _minds_capitals(text: str, found: ReadBiomarker) -> ReadBiomarker:
    return _finds_everything(text, found) if text.isupper() else found


def _minds_hyphens(text: str, found: ReadBiomarker) -> ReadBiomarker:
    return replace(found, findings=()) if "\u2011" in text else found


def _gives_other_names(text: str, found: ReadBiomarker) -> ReadBiomarker:
    findings = tuple(replace(f, name=f"{f.name} found") for f in found.findings)
    return replace(found, findings=findings)


#: Law -> a reader that breaks it.
BROKEN: dict[Callable[[], None], Break] = {
    test_triples_together_are_the_triples_alone_or_refused: _broken(_loses_the_last),
    test_no_negative_and_no_doubt_is_found: _broken(_finds_everything),
    test_letter_case_never_changes_what_is_understood: _broken(_minds_capitals),
    test_hyphens_and_blanks_never_change_what_is_understood: _broken(_minds_hyphens),
    test_a_name_that_was_given_out_reads_back: _broken(_gives_other_names),
    test_a_result_covers_the_names_before_it_and_no_other: _broken(_turns_lists),
    test_a_sign_covers_the_names_before_it_with_a_slash_and_no_other: _broken(_turns_lists),
    test_a_no_behind_a_list_of_genes_finds_none_of_them: lambda patch: patch.setattr(
        "service.engine.notation.text.together.INNER_NO", re.compile("(?!)")
    ),
    test_what_is_a_finding_alone_is_one_in_a_report: lambda patch: patch.setattr(
        "service.adapters.v1.report._told", lambda *given: None
    ),
    test_every_word_of_a_report_is_in_exactly_one_item: lambda patch: patch.setattr(
        "service.adapters.v1.report.passages_of", lambda *given: passages_of(*given)[1:]
    ),
}


@pytest.mark.parametrize("law", BROKEN, ids=lambda law: law.__name__)
def test_each_law_fails_for_a_reader_that_breaks_it(
    law: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    BROKEN[law](monkeypatch)
    # Hypothesis shrinks what it finds, which is of no use here.
    quick = settings(max_examples=150, phases=(Phase.generate,), database=None)
    monkeypatch.setattr(law, "_hypothesis_internal_use_settings", quick, raising=False)
    with pytest.raises((AssertionError, ExceptionGroup)):
        law()
