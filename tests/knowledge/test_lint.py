"""Every lint rule, triggered by a small broken record: code, file, line and path of the fault."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from service.errors import SeedDataError
from service.knowledge.lint import lint, require_clean
from service.knowledge.read import read_seed_data
from tests.knowledge.small_seed import ASSERTION, FILES, changed, write_seed

KNOWLEDGE = Path(__file__).parents[2] / "service/knowledge"
CLASSES = "vocabulary/biomarker_classes.yaml"
SOURCES = "vocabulary/sources.yaml"
TYPES = "vocabulary/tumor_types.yaml"
DRUGS = "vocabulary/drugs.yaml"
BOX = "boxed_warning: {jurisdiction: US, facts: [Harm.], source: label-one, where: box}"
ESCAT = "vocabulary/escat.yaml"
TIER = (
    "- {biomarker: EGFR L858R, tumor_type: NSCLC, tier: I-A, source: label-one, where: table 1}\n"
)
TWIN = {ASSERTION.replace("A0001", "A0002"): FILES[ASSERTION].replace("A0001", "A0002")}
LESSON = "lessons/01-the-only-one.yaml"
EXERCISES = "exercises.yaml"

#: code, what is broken, the address that must be named.
BROKEN: list[tuple[str, dict[str, str], str]] = [
    ("bad_field", changed(ASSERTION, "effect: sensitivity", "effect: cure"),
     f"{ASSERTION}:3 A0001#effect"),
    ("bad_field", changed(ASSERTION, "effect: sensitivity", "effect: sensitivity\ncolour: red"),
     f"{ASSERTION}:4 A0001#colour"),
    ("bad_field", changed(ASSERTION, "2012-01-01", "2012-13-01"),
     f"{ASSERTION}:15 A0001#events[1].date"),
    ("duplicate_record", changed("vocabulary/conditions.yaml", ".}\n", ".}\n- {name: fit, "
     "description: Twice.}\n"), "vocabulary/conditions.yaml:2 fit"),
    ("duplicate_record", {ASSERTION.replace("alphanib", "again"): FILES[ASSERTION]},
     f"{ASSERTION}:1 A0001#id"),
    ("duplicate_record", changed(ASSERTION, "[alphanib]", "[alphanib, alphanib]"),
     f"{ASSERTION}:2 A0001#regimen"),
    ("unsorted", changed(TYPES, "- {code: LUNG, name: Lung, parent: TISSUE}\n"
     "- {code: NSCLC, name: Non-Small Cell Lung Cancer, parent: LUNG}\n",
     "- {code: NSCLC, name: Non-Small Cell Lung Cancer, parent: LUNG}\n"
     "- {code: LUNG, name: Lung, parent: TISSUE}\n"), f"{TYPES}:2 Lung"),
    ("bad_file_name", {"assertions/EGFR/A0009-other.yaml":
     FILES[ASSERTION].replace("A0001", "A0003")}, "assertions/EGFR/A0009-other.yaml:1 A0003#id"),
    ("unknown_reference", changed(ASSERTION, "biomarker: EGFR L858R", "biomarker: EGFR L858Q"),
     f"{ASSERTION}:8 A0001#criteria"),
    ("unknown_reference", changed(TYPES, "parent: LUNG", "parent: LUNGS"),
     f"{TYPES}:2 Non-Small Cell Lung Cancer#parent"),
    ("unknown_reference", changed(ASSERTION, "where: section 1", "where: section 1}\n"
     "- {id: label-two, where: page 2"), f"{ASSERTION}:19 A0001#sources"),
    ("no_gene", changed(CLASSES, "  gene: EGFR\n  rule:\n    exons", "  rule:\n    exons"),
     f"{CLASSES}:5 EGFR exon 21 mutation#gene"),
    ("bad_rule", changed(CLASSES, "exons: [21]", "exons: [99]"),
     f"{CLASSES}:5 EGFR exon 21 mutation"),
    ("bad_rule", changed(CLASSES, "  rule:\n    exons: [21]\n",
     "  rule:\n    fusion: true\n  reported_as: [late]\n"),
     f"{CLASSES}:9 EGFR exon 21 mutation#reported_as"),
    ("bad_rule", changed(CLASSES, "[L858R]\n- name: EGFR exon 21 mutation\n  gene: EGFR\n",
     "[L858R]\n  reported_as: [late]\n- name: EGFR exon 21 mutation\n  gene: EGFR\n"
     "  loosely_reported_as: [Late]\n"), f"{CLASSES}:6 EGFR exon 21 mutation#reported_as"),
    ("bad_rule", changed("vocabulary/variants.yaml", "L858R", "L858"),
     "vocabulary/variants.yaml:1 EGFR L858"),
    ("bad_criteria", changed(ASSERTION, "{condition: fit}", "{planet: Mars}"),
     f"{ASSERTION}:12 A0001#criteria.all[3]"),
    ("mixed_branch", changed(ASSERTION, "{condition: fit}",
     "any: [{condition: fit}, {biomarker: EGFR L858R}]"), f"{ASSERTION}:12 A0001#criteria.all[3]"),
    ("no_tumor_type", changed(ASSERTION, "  - {tumor_type: NSCLC}\n", ""),
     f"{ASSERTION}:8 A0001#criteria"),
    ("no_biomarker", changed(ASSERTION, "  - {biomarker: EGFR L858R}\n", ""),
     f"{ASSERTION}:8 A0001#criteria"),
    ("no_support", changed(ASSERTION, "jurisdiction: US\nauthority: FDA\n", ""),
     f"{ASSERTION}:1 A0001"),
    ("no_authority", changed(ASSERTION, "authority: FDA\n", "support: guideline\n"),
     f"{ASSERTION}:1 A0001"),
    ("wrong_authority", changed(ASSERTION, "authority: FDA", "authority: EMA"),
     f"{ASSERTION}:5 A0001#authority"),
    ("wrong_support", changed(ASSERTION, "authority: FDA", "authority: FDA\nsupport: guideline"),
     f"{ASSERTION}:6 A0001#support"),
    ("no_events", {ASSERTION: re.sub(r"events:\n- .*\n- .*\n", "", FILES[ASSERTION])},
     f"{ASSERTION}:1 A0001#events"),
    ("unsorted_events", changed(ASSERTION, "2012-01-01", "2009-01-01"),
     f"{ASSERTION}:15 A0001#events[1]"),
    ("future_event", changed(ASSERTION, "2012-01-01", "2019-02-01"),
     f"{ASSERTION}:15 A0001#events[1]"),
    ("bad_event", changed(ASSERTION, "type: accelerated", "type: extended"),
     f"{ASSERTION}:14 A0001#events[0]"),
    ("bad_event", changed(ASSERTION, "type: converted", "type: superseded"),
     f"{ASSERTION}:15 A0001#events[1]"),
    ("no_reason", changed(ASSERTION, "type: converted", "type: withdrawn"),
     f"{ASSERTION}:15 A0001#events[1]"),
    ("announced_day", {**changed(ASSERTION, "jurisdiction: US\nauthority: FDA",
     "jurisdiction: EU\nauthority: EMA"), **changed(SOURCES, "kind: label", "kind: news")},
     f"{ASSERTION}:14 A0001#events[0].precision"),
    ("no_arm", {"vocabulary/studies.yaml": "- {id: study-one, name: STUDY ONE, arms: [a, b, c], "
     "endpoints: [{endpoint: hr_os, arm: a, value: 0.5}]}\n"},
     "vocabulary/studies.yaml:1 study-one#endpoints[0]"),
    ("no_arm", {"vocabulary/studies.yaml": "- {id: study-one, name: STUDY ONE, arms: [a, b, c], "
     "endpoints: [{endpoint: orr, arm: d, value: 5}]}\n"},
     "vocabulary/studies.yaml:1 study-one#endpoints[0]"),
    ("bad_watch", {"watch.yaml": "- {id: one, kind: application, what: A drug., drugs: [alphanib], "
     "due: 2026-01-01, due_kind: goal, source: label-one, checked_on: 2026-01-01, "
     "answer: Yes.}\n"}, "watch.yaml:1 one#answer"),
    ("no_known_since", changed(ASSERTION, "jurisdiction: US\nauthority: FDA\n",
     "support: guideline\n"), f"{ASSERTION}:1 A0001"),
    ("wrong_known_since", changed(ASSERTION, "authority: FDA\n",
     "authority: FDA\nknown_since: 2009\n"), f"{ASSERTION}:6 A0001#known_since"),
    ("no_regulator", changed(SOURCES, "kind: label", "kind: news"),
     f"{ASSERTION}:19 A0001#sources"),
    ("wrong_boxed_warning", changed(DRUGS, "kind: group}", f"kind: group, {BOX}}}"),
     f"{DRUGS}:2 kinase inhibitor#boxed_warning"),
    ("no_source", changed("vocabulary/diagnostics.yaml", "tumor_types: [NSCLC]}",
     "tumor_types: [NSCLC], approved_on: 2010-01-01}"),
     "vocabulary/diagnostics.yaml:5 test-one#claims"),
    ("unknown_reference", changed("vocabulary/diagnostics.yaml", "tumor_types: [NSCLC]",
     "tumor_types: [LUAD]"), "vocabulary/diagnostics.yaml:5 test-one#claims"),
    ("bad_field", changed("vocabulary/diagnostics.yaml", ", tumor_types: [NSCLC]", ""),
     "vocabulary/diagnostics.yaml:5 test-one#claims[0].tumor_types"),
    ("bad_field", changed(ASSERTION, "reviewed_on:",
     "companion_diagnostics: [test-one]\nreviewed_on:"),
     f"{ASSERTION}:20 A0001#companion_diagnostics"),
    ("bad_field", {ESCAT: TIER.replace("I-A", "I-D")}, f"{ESCAT}:1 #tier"),
    ("unknown_reference", {ESCAT: TIER.replace("L858R", "L858Q")},
     f"{ESCAT}:1 #biomarker"),
    ("unsorted", {ESCAT: TIER + TIER.replace("NSCLC", "LUNG")},
     f"{ESCAT}:2"),
    ("not_verified", changed(SOURCES, "opened", "recalled"), f"{ASSERTION}:19 A0001#sources"),
    ("no_url", changed(SOURCES, "  url: https://example.org/label\n", ""),
     f"{ASSERTION}:19 A0001#sources"),
    ("same_statement", TWIN, f"{ASSERTION.replace('A0001', 'A0002')}:1 A0002"),
    ("unused", changed(SOURCES, "  verification: opened\n",
     "  verification: opened\n- {id: zz-nobody, kind: paper, title: None, verification: opened}\n"),
     f"{SOURCES}:6 zz-nobody"),
    ("duplicate_key", changed(ASSERTION, "effect: sensitivity", "effect: sensitivity\neffect: x"),
     f"{ASSERTION}:4"),
    ("broken_yaml", changed(ASSERTION, "regimen: [alphanib]", "regimen: [alphanib"),
     f"{ASSERTION}:3"),
    ("not_a_list", {"vocabulary/studies.yaml": "id: study-one\n"}, "vocabulary/studies.yaml:1"),
    ("not_a_record", {"vocabulary/studies.yaml": "- study-one\n"}, "vocabulary/studies.yaml:1"),
    ("not_a_record", {"assertions/EGFR/A0004-list.yaml": "- 1\n"},
     "assertions/EGFR/A0004-list.yaml:1"),
    ("empty_file", {"assertions/EGFR/A0004-empty.yaml": ""}, "assertions/EGFR/A0004-empty.yaml:1"),
    ("bad_field", changed(LESSON, "minutes: 3", "minutes: many"),
     f"{LESSON}:3 The only one#minutes"),
    ("bad_field", changed(LESSON, "  ask: Is alphanib on label?\n", ""),
     f"{LESSON}:8 The only one#steps[1].ask"),
    ("bad_field", changed(LESSON, "therapies: [", "therapy: ["),
     f"{LESSON}:15 The only one#steps[1].claims[0].expect.therapy"),
    ("bad_field", changed(LESSON, "applicability: on_label", "applicability: on label"),
     f"{LESSON}:15 The only one#steps[1].claims[0].expect.therapies[0].applicability"),
    ("bad_field", changed(LESSON, "as_of: 2015-01-01", "as_of: then"),
     f"{LESSON}:10 The only one#steps[1].case.as_of"),
    ("unknown_reference", changed(LESSON, "regimen: [alphanib]", "regimen: [betanib]"),
     f"{LESSON}:15 The only one#steps[1].claims[0].expect.therapies"),
    ("unknown_reference", changed(LESSON, "assertion: A0001", "assertion: A0002"),
     f"{LESSON}:15 The only one#steps[1].claims[0].expect.therapies"),
    ("unknown_reference", changed(LESSON, "look_at: [A0001]", "look_at: [A0009]"),
     f"{LESSON}:16 The only one#steps[1].look_at"),
    ("unknown_reference", changed(LESSON, "as_of: 2015-01-01",
     "as_of: 2015-01-01, patient: {conditions: {tall: yes}}"),
     f"{LESSON}:10 The only one#steps[1].case.patient.conditions"),
    ("bad_file_name", {LESSON.replace("01", "03"): FILES[LESSON]},
     f"{LESSON.replace('01', '03')}:1 The only one"),
    ("bad_file_name", {LESSON.replace("01", "02"): FILES[LESSON]},
     f"{LESSON.replace('01', '02')}:1 The only one"),
    ("bad_file_name", {"lessons/02-exercises.yaml": FILES[LESSON]},
     "lessons/02-exercises.yaml:1 The only one"),
    ("bad_field", changed(EXERCISES, "title: One mutation", "titel: One mutation"),
     f"{EXERCISES}:2 exercise-one#titel"),
    ("duplicate_record", {EXERCISES: 2 * FILES[EXERCISES]}, f"{EXERCISES}:4 exercise-one#id"),
    ("unknown_reference", changed(EXERCISES, "as_of: 2015-01-01",
     "as_of: 2015-01-01, patient: {conditions: {tall: yes}}"),
     f"{EXERCISES}:3 exercise-one#case.patient.conditions"),
    ("bad_rule", changed("vocabulary/biomarker_classes.yaml", "    exons: [21]\n",
     "    fusion: true\n"), "vocabulary/biomarker_classes.yaml:5 EGFR exon 21 mutation"),
    ("unknown_reference", {"vocabulary/karyotypes.yaml": "- {name: A::B, gene: NOGENE, "
     "partner: A, texts: ['t(1;9)']}\n"}, "vocabulary/karyotypes.yaml:1 A::B#gene"),
]  # fmt: skip


def found(folder: Path) -> set[tuple[str, str]]:
    """Return (address, code) of every fault."""
    _, faults = lint(read_seed_data(folder))
    return {(fault.pointer, fault.code) for fault in faults}


def test_the_small_seed_data_are_clean(tmp_path: Path) -> None:
    assert found(write_seed(tmp_path)) == set()


def test_the_real_seed_data_are_clean(seed_data: Path) -> None:
    assert found(seed_data) == set()


@pytest.mark.parametrize(("code", "changes", "address"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_broken_record_is_named(
    code: str, changes: dict[str, str], address: str, tmp_path: Path
) -> None:
    assert (address, code) in found(write_seed(tmp_path, changes))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_seed(tmp_path)
    (tmp_path / "vocabulary/conditions.yaml").unlink()
    assert ("vocabulary/conditions.yaml", "missing_file") in found(tmp_path)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SeedDataError) as error:
        read_seed_data(tmp_path / "nowhere")
    assert [fault.code for fault in error.value.faults] == ["missing_folder"]


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    changes = {
        **changed(ASSERTION, "authority: FDA", "authority: EMA"),
        **changed(TYPES, "parent: LUNG", "parent: LUNGS"),
        **changed(CLASSES, "exons: [21]", "exons: [99]"),
    }
    with pytest.raises(SeedDataError) as error:
        require_clean(read_seed_data(write_seed(tmp_path, changes)))
    codes = {fault.code for fault in error.value.faults}
    assert {"wrong_authority", "unknown_reference", "bad_rule"} <= codes


#: Function that makes a fault -> position of the code among its arguments.
CODE_AT = {"fault": 2, "report": 1, "Fault": 1}


def codes_of(path: Path) -> set[str]:
    """Return the codes that a module gives to the faults it makes."""
    calls = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    codes = set()
    for call in calls:
        name = (
            call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        )
        if name in CODE_AT and len(call.args) > CODE_AT[name]:
            code = call.args[CODE_AT[name]]
            if isinstance(code, ast.Constant):
                codes.add(str(code.value))
    return codes


def test_every_code_that_is_made_is_tried_here() -> None:
    rooms = [*KNOWLEDGE.glob("lint*.py"), KNOWLEDGE / "read.py", KNOWLEDGE / "criteria_tree.py"]
    made = set().union(*(codes_of(path) for path in rooms))
    tried = {code for code, _, _ in BROKEN} | {"missing_file", "missing_folder"}
    assert made == tried
