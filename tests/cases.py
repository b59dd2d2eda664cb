"""Cases as data: read them from YAML, answer them with the real engine, compare part by part.

A case names what must be in the answer; ``differences`` returns what is not. The comparer itself is
tested in ``test_cases_guard.py``: every expectation, when changed, must be noticed.
"""

from __future__ import annotations

import atexit
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import read_case
from service.engine.match import match
from service.engine.report import SECTIONS
from service.errors import InputError
from service.knowledge.compile import compile_corpus
from service.knowledge.corpus import Corpus
from service.knowledge.lint import require_clean
from service.knowledge.read import read_seed_data
from service.knowledge.regimens import regimen_id
from service.knowledge.store import KnowledgeBase

#: Where the run that started this process has compiled the seed data to.
_COMPILED = "TEST_RUN_KNOWLEDGE_BASE"
TODAY = dt.date(2026, 11, 22)
SEED_DATA = Path(__file__).parents[1] / "seed_data"
CASE_FOLDERS = (Path(__file__).parent / "knowledge/cases", Path(__file__).parent / "engine/cases")
Json = dict[str, Any]

_YamlLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def load_corpus() -> Corpus:
    """Return ``seed_data/`` as it is read and checked once a process; nobody changes it."""
    return require_clean(read_seed_data(SEED_DATA))


def compiled_kb() -> Path:
    """Return the file compiled from ``seed_data/``; workers take the one of the whole run."""
    known = os.environ.get(_COMPILED)
    if known is None:
        folder = Path(tempfile.mkdtemp(prefix="kb-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        known = os.environ[_COMPILED] = str(folder / "kb.sqlite")
        compile_corpus(load_corpus(), Path(known))
    return Path(known)


@lru_cache(maxsize=1)
def load_kb() -> KnowledgeBase:
    """Load the knowledge base that is compiled once a test run."""
    return KnowledgeBase(compiled_kb())


def read_cases(folder: Path) -> list[Json]:
    """Return every case of the YAML files of a folder, each with the file it stands in."""
    cases: list[Json] = []
    for path in sorted(folder.glob("*.yaml")):
        for case in yaml.load(path.read_text("utf-8"), Loader=_YamlLoader) or []:
            cases.append({**case, "file": path.name})
    return cases


def read_claims() -> list[Json]:
    """Return every claim of the lessons in the shape of a case, with the file it stands in."""
    return [
        {
            "id": f"{path.stem}-{number}-{index}",
            "title": claim["says"],
            "given": step["case"],
            "expect": claim["expect"],
            "file": path.name,
        }
        for path in sorted((SEED_DATA / "lessons").glob("*.yaml"))
        for number, step in enumerate(_lesson(path)["steps"], start=1)
        for index, claim in enumerate(step.get("claims", ()), start=1)
    ]


def _lesson(path: Path) -> Json:
    lesson: Json = yaml.load(path.read_text("utf-8"), Loader=_YamlLoader)
    return lesson


@lru_cache(maxsize=4)
def _writer(kb: KnowledgeBase) -> AnswerWriter:
    return AnswerWriter(kb)


def answer(kb: KnowledgeBase, given: Json) -> Json:
    """Return the answer of ``/v1/match`` to a case, under ``explain=full``."""
    data = dict(given)
    if isinstance(data.get("as_of"), str):
        data["as_of"] = dt.date.fromisoformat(data["as_of"])
    try:
        read = read_case(kb, data, today=TODAY)
    except InputError as error:
        return {"errors": [{"pointer": f.pointer, "code": f.code} for f in error.faults]}
    report = match(kb.rulebook, read.case, explain="full")
    result: Json = orjson.loads(_writer(kb).to_bytes(read, report, echo=True))
    return result


def differences(expect: Json, got: Json) -> list[str]:
    """Return one line for each expectation that the answer does not meet.

    Raises:
        KeyError: an expectation that no check knows; it would otherwise never fail.
    """
    lines = [line for key, value in expect.items() for line in CHECKS[key](value, got)]
    if "errors" in got and "errors" not in expect:
        lines.append(f"the case was refused: {got['errors']}")
    return lines


def _rows(got: Json, section: str) -> dict[str, Json]:
    return {row["regimen"]["id"]: row for row in got.get(section, ())}


def _check_rows(section: str) -> Any:
    def check(wanted: list[Json], got: Json) -> Iterator[str]:
        rows = _rows(got, section)
        for want in wanted:
            id_ = regimen_id(want["regimen"])
            row = rows.get(id_)
            if row is None:
                yield f"{section}: {id_} is missing; there are {sorted(rows)}"
                continue
            found = next((a for a in row["assertions"] if a["id"] == want.get("assertion")), None)
            if "assertion" in want and found is None:
                ids = [a["id"] for a in row["assertions"]]
                yield f"{section}: {id_} rests on {ids}, not on {want['assertion']}"
                continue
            source = found or row
            for key, value in want.items():
                if key not in ("regimen", "assertion") and _field(source, row, key) != value:
                    yield f"{section}: {id_} {key} is {_field(source, row, key)!r}, not {value!r}"

    return check


def _field(source: Json, row: Json, key: str) -> Any:
    if key in ("amp_asco_cap", "oncokb_style"):
        return source["level"][key]
    return source.get(key, row.get(key, row["assertions"][0].get(key)))


def _listed(got: Json) -> set[str]:
    return {
        assertion["id"]
        for section in SECTIONS
        for row in got.get(section, ())
        for assertion in row["assertions"]
    }


def _check_absent(wanted: list[str], got: Json) -> Iterator[str]:
    for id_ in sorted(set(wanted) & _listed(got)):
        yield f"{id_} is listed and must not be"


def _check_excluded(wanted: list[Any], got: Json) -> Iterator[str]:
    dropped = {item["assertion"]: item["rule"] for item in got.get("excluded", ())}
    for item in wanted:
        id_, rule = (
            (item["assertion"], item.get("rule")) if isinstance(item, dict) else (item, None)
        )
        if id_ in _listed(got):
            yield f"{id_} is listed and must be excluded"
        if id_ not in dropped:
            yield f"{id_} is not in excluded: {dropped}"
        elif rule is not None and dropped[id_] != rule:
            yield f"{id_} was dropped by {dropped[id_]}, not by {rule}"


def _check_conflict(wanted: list[list[str]], got: Json) -> Iterator[str]:
    rows = _rows(got, "therapies")
    for drugs in wanted:
        row = rows.get(regimen_id(drugs))
        if row is None or row["conflict"] is None:
            yield f"{regimen_id(drugs)} is not shown with a conflict"


def _check_not_regimens(wanted: list[list[str]], got: Json) -> Iterator[str]:
    for drugs in wanted:
        if regimen_id(drugs) in _rows(got, "therapies"):
            yield f"{regimen_id(drugs)} is among the therapies and must not be"


def _check_on_label(wanted: list[list[str]], got: Json) -> Iterator[str]:
    rows = _rows(got, "therapies")
    on_label = {id_ for id_, row in rows.items() if row["applicability"] == "on_label"}
    expected = {regimen_id(drugs) for drugs in wanted}
    for id_ in sorted(expected - on_label):
        yield f"{id_} is not on label"
    for id_ in sorted(on_label - expected):
        yield f"{id_} is on label and must not be"


def _check_warnings(wanted: list[str], got: Json) -> Iterator[str]:
    codes = {warning["code"] for warning in got.get("warnings", ())}
    for code in sorted(set(wanted) - codes):
        yield f"the warning {code} is missing; there are {sorted(codes)}"


def _check_errors(wanted: list[Json], got: Json) -> Iterator[str]:
    if got.get("errors") != wanted:
        yield f"errors are {got.get('errors')}, not {wanted}"


def _check_tests(wanted: list[Json], got: Json) -> Iterator[str]:
    asked = {(test["gene"], test["assay"]) for test in got.get("suggested_tests", ())}
    genes = {gene for gene, _ in asked}
    for want in wanted:
        if want["gene"] not in genes or (
            "assay" in want and (want["gene"], want["assay"]) not in asked
        ):
            yield f"{want} is not suggested; suggested are {sorted(asked)}"


def _check_first(wanted: list[str], got: Json) -> Iterator[str]:
    first = got["therapies"][0]["regimen"]["id"] if got.get("therapies") else None
    if first != regimen_id(wanted):
        yield f"the first therapy is {first}, not {regimen_id(wanted)}"


def _check_order(wanted: list[list[str]], got: Json) -> Iterator[str]:
    listed = [row["regimen"]["id"] for row in got.get("therapies", ())]
    ids = [regimen_id(drugs) for drugs in wanted]
    if missing := sorted(set(ids) - set(listed)):
        yield f"{missing} are not among the therapies"
    elif [id_ for id_ in listed if id_ in ids] != ids:
        yield f"the order is {[id_ for id_ in listed if id_ in ids]}, not {ids}"


def _check_nothing(wanted: bool, got: Json) -> Iterator[str]:
    if _listed(got):
        yield f"nothing should be listed; there are {sorted(_listed(got))}"


def _check_findings(wanted: list[Json], got: Json) -> Iterator[str]:
    findings = {f["name"]: f for f in got.get("case", {}).get("findings", ())}
    for want in wanted:
        finding = findings.get(want["name"])
        if finding is None:
            yield f"no finding {want['name']}; there are {sorted(findings)}"
            continue
        for key, value in want.items():
            if key == "classes":
                missing = sorted(set(value) - set(finding["classes"]))
                if missing:
                    yield f"{want['name']} is not in {missing} but in {finding['classes']}"
            elif finding[key] != value:
                yield f"{want['name']} {key} is {finding[key]!r}, not {value!r}"


def _check_trace(wanted: list[Json], got: Json) -> Iterator[str]:
    lines = {
        (assertion["id"], line["criterion"]): line["truth"]
        for section in SECTIONS
        for row in got.get(section, ())
        for assertion in row["assertions"]
        for line in assertion["trace"]
    }
    for want in wanted:
        truth = lines.get((want["assertion"], want["criterion"]))
        if truth != want["truth"]:
            yield f"{want['assertion']}: {want['criterion']} is {truth}, not {want['truth']}"


def _check_same_answer(wanted: list[Json], got: Json) -> Iterator[str]:
    for given in wanted:
        if answer(load_kb(), given).get("result_hash", "refused") != got.get("result_hash"):
            yield f"the answer to {given} is another one"


#: Every expectation that a case may hold; ``on_label`` names all rows that are on label, no fewer.
CHECKS: dict[str, Any] = {
    "therapies": _check_rows("therapies"),
    "resistance": _check_rows("resistance"),
    "cautions": _check_rows("cautions"),
    "absent": _check_absent,
    "excluded": _check_excluded,
    "conflict": _check_conflict,
    "not_therapies": _check_not_regimens,
    "on_label": _check_on_label,
    "warnings": _check_warnings,
    "errors": _check_errors,
    "suggested_tests": _check_tests,
    "first_therapy": _check_first,
    "order": _check_order,
    "nothing_listed": _check_nothing,
    "findings": _check_findings,
    "trace": _check_trace,
    "same_answer": _check_same_answer,
}
