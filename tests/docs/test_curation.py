"""``docs/curation.md``: followed step by step, and compared with the code that it describes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from service.cli import main
from service.engine.levels import SENSITIVITY, SUPPORT_APPLICABILITY
from service.knowledge.assertion_schemas import ASSERTION, EVENT_TYPES, EventSchema
from service.knowledge.criteria_tree import parse_criteria
from service.knowledge.gene_schemas import RuleSchema
from service.knowledge.lesson_schemas import (
    DropSchema,
    ExerciseSchema,
    ExpectSchema,
    FindingSchema,
    LeafSchema,
    RowSchema,
    StepSchema,
)
from service.knowledge.schemas import VERIFICATIONS
from service.knowledge.store import KnowledgeBase
from tests.cases import SEED_DATA, answer, differences
from tests.docs.codes import emitted_codes
from tests.docs.pages import first_cells, read, section

PAGE = "docs/curation.md"


def _block(file: str) -> str:
    """Return the YAML of the page that belongs into a file."""
    found = re.search(rf"```yaml\n# {re.escape(file)}\S*\n(.*?)```", read(PAGE), re.S)
    assert found, f"{PAGE} has no block for {file}"
    return found[1]


def _insert(file: Path, key: str, block: str) -> None:
    """Put a record into a vocabulary at its place in the order."""
    lines = file.read_text("utf-8").splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if line.startswith("- ")]
    identity = yaml.safe_load(block)[0][key]
    names = [row[key] for row in yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)]
    at = next((i for i, name in zip(starts, names, strict=True) if name > identity), len(lines))
    file.write_text("".join([*lines[:at], block, *lines[at:]]), "utf-8")


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the seed data in which the page was followed."""
    folder = tmp_path_factory.mktemp("curation") / "seed_data"
    shutil.copytree(SEED_DATA, folder)
    vocabulary = folder / "vocabulary"
    _insert(vocabulary / "sources.yaml", "id", _block("seed_data/vocabulary/sources.yaml"))
    _insert(vocabulary / "drugs.yaml", "name", _block("seed_data/vocabulary/drugs.yaml"))
    record = _block("seed_data/assertions/EGFR/")
    name = re.search(r"# seed_data/(assertions/EGFR/\S+)", read(PAGE))
    assert name
    (folder / name[1]).write_text(record, "utf-8")
    lesson = re.search(r"# seed_data/(lessons/\S+)", read(PAGE))
    assert lesson
    (folder / lesson[1]).write_text(_block("seed_data/lessons/"), "utf-8")
    return folder


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_example_of_the_page_lints_compiles_and_matches(seed: Path) -> None:
    linted = _run("kb", "lint", "--seed", seed)
    assert linted.exit_code == 0, linted.output
    compiled = seed.parent / "kb.sqlite"
    assert _run("kb", "build", "--seed", seed, "--output", compiled).exit_code == 0
    asked = ["--stage", "metastatic", "--prior", "gefitinib", "--kb", compiled]
    matched = _run("match", "--tumor", "LUAD", "EGFR L858R", *asked)
    assert matched.exit_code == 0, matched.output
    assert "Examplinib" in matched.output


def test_the_cases_of_the_page_hold(seed: Path) -> None:
    compiled = seed.parent / "cases.sqlite"
    assert _run("kb", "build", "--seed", seed, "--output", compiled).exit_code == 0
    kb = KnowledgeBase(compiled)
    cases = yaml.load(_block("tests/knowledge/cases/EGFR.yaml"), Loader=yaml.BaseLoader)
    assert [case["id"] for case in cases] == ["A9999-hit", "A9999-miss"]
    for case in cases:
        assert differences(case["expect"], answer(kb, case["given"])) == []


def test_the_lesson_of_the_page_holds(seed: Path) -> None:
    compiled = seed.parent / "lesson.sqlite"
    assert _run("kb", "build", "--seed", seed, "--output", compiled).exit_code == 0
    kb = KnowledgeBase(compiled)
    lesson = kb.lessons[-1]
    assert (lesson.number, lesson.slug) == (15, "a-new-drug")
    step = lesson.steps[-1]
    got = answer(kb, step.case or {})
    assert [differences(claim.expect, got) for claim in step.claims] == [[]]


def test_a_fault_in_the_example_is_named_with_file_line_and_path(
    seed: Path, tmp_path: Path
) -> None:
    spoiled = tmp_path / "seed_data"
    shutil.copytree(seed, spoiled)
    record = next((spoiled / "assertions/EGFR").glob("A9999-*.yaml"))
    text = record.read_text("utf-8")
    record.write_text(text.replace("{biomarker: EGFR L858R}", "{biomarker: EGFR L999}"), "utf-8")
    linted = _run("kb", "lint", "--seed", spoiled)
    assert linted.exit_code == 1
    assert f"assertions/EGFR/{record.name}:" in linted.output
    assert "A9999#criteria: 'EGFR L999' is not in biomarker classes [unknown_reference]" in (
        linted.output
    )


def test_the_fields_of_a_record_are_those_of_the_schema() -> None:
    assert first_cells(section(PAGE, "## Fields of a record")) == list(ASSERTION.fields)


def test_the_fields_of_a_lesson_are_those_of_the_schema() -> None:
    assert first_cells(section(PAGE, "### A step")) == list(StepSchema().fields)
    text = section(PAGE, "### A claim")
    assert first_cells(text) == ["expect", *ExpectSchema().fields]
    for schema in (RowSchema, FindingSchema, LeafSchema, DropSchema):
        assert [name for name in schema().fields if name not in text] == []
    assert [name for name in ExerciseSchema().fields if f"`{name}`" not in text] == []


def test_the_rule_fields_are_those_of_the_schema() -> None:
    listed = first_cells(section(PAGE, "## Biomarker classes"))
    assert sorted(listed) == sorted(RuleSchema().fields)


def test_every_leaf_of_the_page_is_understood() -> None:
    text = section(PAGE, "## Criteria")
    examples = [
        yaml.load(cells[2].strip(" `"), Loader=yaml.BaseLoader)
        for line in text.splitlines()
        if len(cells := line.split("|")) > 3 and "`" in cells[1]
    ]
    assert [next(iter(example)) for example in examples] == first_cells(text)
    faults: list[str] = []
    rest = [e for e in examples if "tumor_type" not in e and "biomarker" not in e]
    wanted = [{"tumor_type": "NSCLC"}, {"biomarker": "EGFR L858R", "opens": "false"}, *rest]
    criteria = parse_criteria({"all": wanted}, lambda *fault: faults.append(str(fault)))
    assert faults == []
    assert len(criteria.clinical.children) == len(examples) - 2


def test_events_support_and_verification_words_are_those_of_the_code() -> None:
    assert sorted(first_cells(section(PAGE, "## Events"))) == sorted(EVENT_TYPES)
    for field in EventSchema().fields:
        assert f"`{field}`" in section(PAGE, "## Events")
    support = section(PAGE, "## Support and levels")
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| `(\w+)` \| (\S+) \|", support, re.M)
    assert {word: applies for word, applies, _ in rows} == dict(SUPPORT_APPLICABILITY)
    for word, _, level in rows:
        assert level == SENSITIVITY[word, True].amp_asco_cap
    verification = first_cells(section(PAGE, "## Verification of a source"))
    assert verification == list(VERIFICATIONS)


def test_every_lint_code_is_documented_and_no_other() -> None:
    assert sorted(first_cells(section(PAGE, "## Lint"))) == sorted(emitted_codes()[1])
