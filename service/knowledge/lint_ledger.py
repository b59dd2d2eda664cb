"""What all lint rules share: the corpus as far as it was read, and the faults with their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from service.errors import Fault
from service.knowledge.corpus import Corpus, identity
from service.knowledge.read import Record, SeedData
from service.knowledge.schemas import load_record


class Ledger:
    """The state of one lint run; rules read the corpus and note faults."""

    def __init__(self, seed: SeedData) -> None:
        self.seed = seed
        self.faults: list[Fault] = []
        self.corpus = Corpus(seed.version, {}, [], {}, seed.proteins, seed.gene_names)
        self.records: dict[str, Record] = {}
        self.known: dict[str, set[str]] = {}

    def fault(self, record: Record, path: tuple[str | int, ...], code: str, message: str) -> None:
        """Note a fault at a path inside a record."""
        address = _address(_name_of(record.data), path)
        where = f"{record.file}:{record.line(path)} {address}".rstrip()
        self.faults.append(Fault(where, code, message))

    def load(self, record: Record, schema: Any) -> dict[str, Any] | None:
        """Return a record in its validated shape; its faults are noted."""
        loaded, messages = load_record(schema, record.data)
        for path, message in _flatten(messages):
            self.fault(record, path, "bad_field", message)
        return loaded

    def each(self, name: str) -> Iterator[tuple[dict[str, Any], Record]]:
        """Yield every validated record of a vocabulary with its place."""
        for data in self.corpus.vocabularies[name]:
            yield data, self.records[f"{name}:{' '.join(identity(name, data))}"]

    def link(
        self, record: Record, path: tuple[str | int, ...], vocabulary: str, values: Iterable[Any]
    ) -> None:
        """Note every value that a vocabulary does not know."""
        for value in values:
            if value is not None and value not in self.known[vocabulary]:
                what = vocabulary.replace("_", " ")
                self.fault(record, path, "unknown_reference", f"{value!r} is not in {what}")

    def attempt(self, record: Record, action: Callable[[], object]) -> None:
        """Note the ``ValueError`` of an action."""
        try:
            action()
        except ValueError as error:
            self.fault(record, (), "bad_rule", str(error))


def _name_of(data: dict[str, Any]) -> str:
    """Return what a reader knows a record by: its id, name or title, for a variant its gene too."""
    variant = data.get("variant") and f"{data.get('gene')} {data['variant']}"
    for name in (
        data.get("id"),
        data.get("name"),
        variant,
        data.get("symbol"),
        data.get("code"),
        data.get("title"),
    ):
        if isinstance(name, str) and name.strip():
            return name.strip()
    return ""


def _address(identity: str, path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return f"{identity}#{text}" if text else identity


def _flatten(
    messages: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = () if key == "_schema" else (key,)
            yield from _flatten(inner, (*path, *step))
    else:
        yield path, " ".join(str(message) for message in messages)
