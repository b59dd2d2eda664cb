"""Lint: every rule the seed data must keep, all faults at once, each with file, line and path.

Returns the validated ``Corpus`` that ``compile`` writes. Here is the order of the run and the shape
of records; links are in ``lint_links``, assertions in ``lint_assertions``, lessons in
``lint_lessons``. The codes are listed in ``docs/curation.md``; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from service.errors import Fault, SeedDataError
from service.knowledge.assertion_schemas import ASSERTION
from service.knowledge.citations import in_order
from service.knowledge.corpus import KEYS, UNSORTED, Corpus, identity
from service.knowledge.lint_assertions import check_assertion, check_same_statement, check_unused
from service.knowledge.lint_ledger import Ledger
from service.knowledge.lint_lessons import check_lessons
from service.knowledge.lint_links import check_links
from service.knowledge.read import Record, SeedData
from service.knowledge.schemas import SCHEMAS


def lint(seed: SeedData) -> tuple[Corpus, tuple[Fault, ...]]:
    """Check everything; returns what could be read and every fault, sorted by address."""
    ledger = Ledger(seed)
    _run(ledger)
    faults = sorted({*seed.faults, *ledger.faults}, key=lambda f: (f.pointer, f.code, f.message))
    return ledger.corpus, tuple(faults)


def require_clean(seed: SeedData) -> Corpus:
    """Return the corpus of clean seed data.

    Raises:
        SeedDataError: with every fault.
    """
    corpus, faults = lint(seed)
    if faults:
        raise SeedDataError(faults)
    return corpus


def _run(ledger: Ledger) -> None:
    for name in KEYS:
        _check_vocabulary(ledger, name)
    for record in ledger.seed.assertions:
        _check_assertion_shape(ledger, record)
    ledger.known = {
        name: {identity(name, data)[0] for data in rows}
        for name, rows in ledger.corpus.vocabularies.items()
    }
    ledger.known["tumor_types"] |= ledger.known["tumor_groups"]
    check_links(ledger)
    for data in ledger.corpus.assertions:
        check_assertion(ledger, data, ledger.records[data["id"]])
    check_lessons(ledger)
    check_same_statement(ledger)
    check_unused(ledger)
    _order_citations(ledger.corpus)


def _order_citations(corpus: Corpus) -> None:
    sources = {row["id"]: row for row in corpus.vocabularies["sources"]}
    for data in corpus.assertions:
        if all(citation["id"] in sources for citation in data["sources"]):
            data["sources"] = in_order(data["sources"], sources)


def _check_vocabulary(ledger: Ledger, name: str) -> None:
    rows: list[dict[str, Any]] = []
    seen: dict[tuple[str, ...], bool] = {}
    previous: tuple[str, ...] | None = None
    for record in ledger.seed.vocabularies[name]:
        data = ledger.load(record, SCHEMAS[name])
        if data is None:
            continue
        key = identity(name, data)
        if key in seen:
            ledger.fault(record, (), "duplicate_record", f"{' '.join(key)} stands twice")
            continue
        if previous is not None and key < previous and name not in UNSORTED:
            message = f"{key[0]} stands after {previous[0]}; the file is sorted"
            ledger.fault(record, (), "unsorted", message)
        seen[key] = True
        previous = key
        ledger.records[f"{name}:{' '.join(key)}"] = record
        rows.append(data)
    ledger.corpus.vocabularies[name] = rows


def _check_assertion_shape(ledger: Ledger, record: Record) -> None:
    data = ledger.load(record, ASSERTION)
    if data is None:
        return
    if data["id"] in ledger.records:
        ledger.fault(record, ("id",), "duplicate_record", f"{data['id']} stands twice")
        return
    stem = record.file.rsplit("/", 1)[-1]
    if not stem.startswith(f"{data['id']}-"):
        ledger.fault(record, ("id",), "bad_file_name", f"the file name starts with {data['id']}-")
    ledger.records[data["id"]] = record
    ledger.corpus.assertions.append(data)
