"""``therapy-match match`` with files: one answer a sample, and what became of every record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import orjson

from service.adapters.files.samples import Sample, Samples
from service.adapters.v1.answer import AnswerWriter
from service.api.http.problems import detail_of, problem_dict
from service.cohort.files import read_files, read_sample
from service.engine.match import match
from service.engine.reading import FATES, Item
from service.engine.report import Explain
from service.errors import InputError
from service.knowledge.store import KnowledgeBase
from service.terminal import print_answer

Common = Mapping[str, Any]
_PLACES = 3


@dataclass(slots=True)
class _Apart:
    """What was set apart: how often, and the first places."""

    counted: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    places: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)

    def note(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.fate == "set_apart":
                key = (item.reason or "", item.gene)
                self.counted[key] += 1
                places = self.places.setdefault(key, [])
                if len(places) < _PLACES:
                    places.append(item.place)


def print_files(
    kb: KnowledgeBase, paths: Mapping[str, Path], common: Common, *, explain: Explain, as_json: bool
) -> bool:
    """Print one answer a sample; as JSON, one item of ``/v1/match/batch`` a line.

    Returns:
        Whether every sample was understood.

    Raises:
        InputError: a file cannot be read.
    """
    samples = read_files(kb, paths)
    today = dt.datetime.now(dt.UTC).date()
    writer = AnswerWriter(kb)
    is_understood = True
    apart = _Apart()
    apart.note(samples.loose)
    for sample in samples:
        apart.note(sample.items)
        try:
            read = read_sample(kb, sample, common, today=today)
        except InputError as error:
            is_understood = False
            _print_refusal(sample, error, as_json=as_json)
            continue
        report = match(kb.rulebook, read.case, explain=explain)
        full = explain == "full"
        if as_json:
            answer = orjson.Fragment(writer.to_bytes(read, report, echo=full))
            click.echo(orjson.dumps({"id": sample.id, "status": 200, "answer": answer}))
        else:
            click.echo(f"== {sample.id}")
            print_answer(kb, read, report, full=full)
            click.echo()
    _print_records(samples, apart)
    return is_understood


def _print_refusal(sample: Sample, error: InputError, *, as_json: bool) -> None:
    if as_json:
        problem = problem_dict("invalid-request", detail_of(error.faults), "", error.faults)
        item = {"id": sample.id, "status": problem["status"], "problem": problem}
        click.echo(orjson.dumps(item))
        return
    click.echo(f"== {sample.id}")
    for fault in error.faults:
        click.echo(f"Not matched: {fault.pointer}: {fault.message} [{fault.code}]")
    click.echo()


def _print_records(samples: Samples, apart: _Apart) -> None:
    """Say on standard error what became of every record; standard output holds answers."""
    for counted in samples.records():
        fates = ", ".join(f"{counted[fate]} {fate}" for fate in FATES if counted[fate])
        click.echo(f"{counted['file']}: {counted['items']} records: {fates or 'none'}", err=True)
    for reason, gene in sorted(apart.counted, key=lambda key: (key[0], key[1] or "")):
        count, found = apart.counted[reason, gene], apart.places[reason, gene]
        shown = ", ".join(found) + (", \u2026" if count > len(found) else "")
        named = f" {gene}" if gene else ""
        click.echo(f"Set apart: {reason}{named}: {count} ({shown})", err=True)
