"""The samples that files hold, each with its items, and what of a file belongs to no sample.

Every record of a file (a row, a cell that can hold a result, an allele in a sample) is put here
once, with one fate; ``counts`` adds up to the records that were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from typing import Any, Protocol

from service.engine.reading import FATES, Fate, Item
from service.errors import Fault

Json = dict[str, Any]


@dataclass(slots=True)
class Sample:
    """What the files say about one sample, while they are read.

    Args:
        number: its place among the samples, from 0.
        faults: about its tumour type; an alteration that is not understood is an item.
    """

    id: str
    number: int = 0
    tumor_type: Any = None
    tumor_place: str = ""
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def case(self, common: Mapping[str, Any]) -> Json:
        """Return the case of the v1 contract: what was understood, and genes that are not covered.

        Args:
            common: what the caller says about every case; its tumour type is for samples that
                have none of their own.
        """
        given = [item.given for item in self.items if item.fate in ("finding", "not_covered")]
        return {**self.frame(common), "biomarkers": given}

    def frame(self, common: Mapping[str, Any]) -> Json:
        """Return the case without biomarkers, for a reader that is given the items."""
        own = {} if self.tumor_type is None else {"tumor_type": self.tumor_type}
        return {**common, **own, "id": self.id, "biomarkers": []}

    def located(self, fault: Fault) -> Fault:
        """Return a fault of the case with its place in the files."""
        if fault.pointer.startswith("/tumor_type") and self.tumor_place:
            return replace(fault, pointer=self.tumor_place)
        return fault


#: Number of a sample, line, cells.
PlacedRow = tuple[int, int, list[str]]


class RowSorter(Protocol):
    """Takes the rows of a file, and gives them back by sample and line."""

    def put(self, row: PlacedRow) -> None: ...
    def __iter__(self) -> Iterator[PlacedRow]: ...


@dataclass(slots=True)
class LateRows:
    """Rows of a file that are read sample by sample.

    Args:
        read: line and cells of a row -> what became of it.
        is_counted: whether their fates are among the counts.
    """

    file: str
    rows: RowSorter
    read: Callable[[int, list[str]], tuple[Item, ...]]
    is_counted: bool = False


@dataclass(slots=True)
class Samples:
    """The samples of the files in the order in which they are named.

    Args:
        loose: items that belong to no sample.
        counts: file -> how many of its records have each fate; ``items`` is the number of records
            that the reader came by.
        unlisted: how many records of each fate are kept as a number only.
        late: rows that are read when their sample is asked for; each pass reads them anew, so
            that no more than the rows of one sample are kept. ``counts`` has them after the first.
    """

    found: dict[str, Sample] = field(default_factory=dict)
    loose: list[Item] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    unlisted: Counter[Fate] = field(default_factory=Counter)
    late: LateRows | None = None

    def __iter__(self) -> Iterator[Sample]:
        if self.late is None:
            yield from self.found.values()
            return
        late, counted = self.late, Counter[str]()
        by_sample = groupby(late.rows, key=lambda row: row[0])
        number, rows = next(by_sample, (-1, iter(())))
        for sample in self.found.values():
            if sample.number != number:
                yield sample
                continue
            said = [*takewhile(lambda item: item.fate == "context", sample.items)]
            read = [late.read(line, cells) for _, line, cells in rows]
            counted.update(items[0].fate for items in read)
            own = [item for items in read for item in items]
            yield replace(sample, items=[*said, *own, *sample.items[len(said) :]])
            number, rows = next(by_sample, (-1, iter(())))
        if not late.is_counted:
            late.is_counted = True
            self._of(late.file).update(counted)
            self.check()

    def __len__(self) -> int:
        return len(self.found)

    def sample(self, identifier: str) -> Sample:
        """Return a sample; a new one when it was not named before."""
        sample = self.found.get(identifier)
        if sample is None:
            sample = self.found[identifier] = Sample(identifier, len(self.found))
        return sample

    def meet(self, file: str, records: int = 1) -> None:
        """Count records that the reader of a file came by, before it knows their fate."""
        self._of(file)["items"] += records

    def put(self, file: str, identifier: str | None, items: Sequence[Item]) -> None:
        """Keep what became of one record; its fate is that of the first item."""
        self._of(file)[items[0].fate] += 1
        (self.loose if identifier is None else self.sample(identifier).items).extend(items)

    def count(self, file: str, fate: Fate, records: int = 1) -> None:
        """Count records that are kept as a number only (empty cells, alleles nobody carries)."""
        self._of(file)[fate] += records
        self.unlisted[fate] += records

    def _of(self, file: str) -> Counter[str]:
        counted = self.counts.get(file)
        if counted is None:
            counted = self.counts[file] = Counter()
        return counted

    def items(self) -> Iterator[Item]:
        """Yield every item, those of no sample first."""
        yield from self.loose
        for sample in self:
            yield from sample.items

    def check(self) -> None:
        """Hold the law of conservation: every record that was read has exactly one fate."""
        for file, counted in self.counts.items():
            fates = sum(counted[fate] for fate in FATES)
            assert fates == counted["items"], f"{file}: {counted['items']} read, {fates} accounted"

    def records(self) -> list[Json]:
        """Return for each file how many records it has and how many of them each fate."""
        return [
            {"file": file, "items": counted["items"], **{fate: counted[fate] for fate in FATES}}
            for file, counted in self.counts.items()
        ]
