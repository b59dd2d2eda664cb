"""A whole report to passages: which words are results, which are context, which hold nothing.

Every word of every line is in exactly one passage, in order. A line is read under its heading
(``Pertinent negatives``), its label (``Diagnosis:``) or the columns of its table; the readers of one
biomarker decide what it means. Cutting is here; the words of headings are in ``text.labels``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from service.engine.model import Result
from service.engine.notation.faults import NotationError
from service.engine.notation.genes import GeneNames
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.labels import CONTEXT, Role, column_of, role_of
from service.engine.notation.text.languages import to_english
from service.engine.notation.text.layout import (
    ALTERATION,
    BULLET,
    CELLS,
    LABEL,
    LineKinds,
    has_share,
    is_double_spaced,
    results_below,
)
from service.engine.notation.text.passages import Block, Passage, What, after_blank
from service.engine.notation.text.texts import polarity_of
from service.engine.reading import is_placeholder

MAX_LINES = 2_000
_SENTENCE = re.compile(r"(?<=[\w)%+\]])[.;]\s+(?=[A-Z\u00c4\u00d6\u00dc0-9(])|;\s*")
#: A heading of a part of a report, unless a result or a code stands in it.
_HEADING = re.compile(
    r"\b(?:panel|report|profile|befund|bericht|compte rendu|informe|referto|template|appendix|analysis)\b",
    re.I,
)
_RESULT = re.compile(
    r"\d|\b(?:positiv|negativ|not|no|none|detected|identified|found|wild|mutated|pending|nachgewiesen|keine?)",
    re.I,
)
_RULE = re.compile(r"[\s=\-_*~#.+|:]*")


def passages_of(
    text: str, names: GeneNames, strangers: Strangers, is_finding: Callable[[str], bool]
) -> tuple[Passage, ...]:
    """Cut a report into passages.

    Args:
        is_finding: whether words that name no gene by itself are read as a finding all the same:
            ``dMMR``, ``chr7:140453136A>T``, ``BRAFV600E``. What a reader takes is never ``nothing``.
    """
    return tuple(_Cutter(names, strangers, is_finding).cut(text))


class _Cutter:
    """Cuts one report; holds what is in force from line to line."""

    def __init__(
        self, names: GeneNames, strangers: Strangers, is_finding: Callable[[str], bool]
    ) -> None:
        self._names = names
        self._strangers = strangers
        self._is_finding = is_finding
        self._block = Block()
        self._record: tuple[int, list[str], dict[str, str]] | None = None

    def cut(self, text: str) -> Iterator[Passage]:
        lines = text.splitlines()
        below = results_below(lines[:MAX_LINES], LineKinds(self._names, self._strangers).kind_of)
        is_spaced = is_double_spaced(lines)
        joined = 0
        for number, line in enumerate(lines[:MAX_LINES], start=1):
            if not line.strip():
                self._block = self._block if is_spaced else after_blank(self._block)
                continue
            record = self._field_of(line)
            if record is not None:
                yield from self._add(number, line, *record)
                continue
            yield from self._close()
            if number == joined:
                continue
            if number - 1 in below and self._block.role in (None, "findings"):
                is_joined = below[number - 1] == "joined"
                joined = number + 1 if is_joined else 0
                yield self._stacked(number, line, lines[number] if is_joined else "")
                continue
            yield from self._line(number, line)
        yield from self._close()
        rest = "\n".join(lines[MAX_LINES:]).strip()
        if rest:
            yield Passage(MAX_LINES + 1, rest, "unread")

    def _stacked(self, number: int, line: str, below: str) -> Passage:
        """Return a test with the result in the line below it; without one it is in doubt."""
        name = BULLET.sub("", line).strip().rstrip(": ")
        if not below:
            return Passage(number, line.strip(), "doubtful", name)
        value = BULLET.sub("", below).strip()
        return Passage(number, f"{line.strip()}\n{below.strip()}", "biomarker", f"{name} {value}")

    def _field_of(self, line: str) -> tuple[str, str] | None:
        """Return (column, value) of a line of a record: ``Gene: EGFR`` and what stands below it."""
        found = LABEL.match(line.strip())
        column = column_of(found["label"]) if found else None
        if found is None or column is None or not found["value"].strip():
            return None
        is_gene = column == "gene" and self._is_gene(found["value"].strip())
        is_other = column not in ("gene", "other") and self._record is not None
        return (column, found["value"].strip()) if is_gene or is_other else None

    def _is_gene(self, text: str) -> bool:
        return self._names.lookup(text) is not None or self._strangers.named(text) is not None

    def _add(self, number: int, line: str, column: str, value: str) -> Iterator[Passage]:
        if column == "gene" or (self._record and column in self._record[2]):
            yield from self._close()
        if self._record is None:
            self._record = number, [], {}
        self._record[1].append(line.strip())
        self._record[2][column] = value

    def _close(self) -> Iterator[Passage]:
        """Give the record that ends here as one passage, like a row of a table."""
        if self._record is not None:
            number, lines, fields = self._record
            self._record = None
            yield self._row_of(number, "\n".join(lines), fields)

    def _line(self, number: int, line: str) -> Iterator[Passage]:
        bare = BULLET.sub("", line).strip()
        if not bare or _RULE.fullmatch(bare):
            yield Passage(number, line.strip(), "nothing")
            return
        cells = [cell.strip() for cell in CELLS.split(bare.strip("|").strip())]
        if len(cells) > 1:
            columns = tuple(column_of(cell) for cell in cells)
            if sum(column is not None for column in columns) > 1 and "gene" in columns:
                self._block = replace(self._block, columns=columns, gene="")
                yield Passage(number, line.strip(), "nothing", role="method")
                return
            is_header = sum(column is not None for column in columns) > 1
            if is_header and not any(map(str.isdigit, bare)) and not self._names.all_in(bare):
                yield Passage(number, line.strip(), "nothing", role="method")
                return
            if self._block.columns and len(cells) <= len(self._block.columns):
                yield self._row(number, line.strip(), cells)
                return
            if all(_is_labelled(cell) for cell in cells):
                for cell in cells:
                    yield from self._labelled(number, cell, cell)
                return
        # A bar between two results ends the first one; between the cells of one it is a blank.
        is_split = len(cells) > 1 and not self._is_finding(bare)
        yield from self._labelled(number, line.strip(), " ".join(cells) if is_split else bare)

    def _row(self, number: int, line: str, cells: list[str]) -> Passage:
        """Return the passage of a row of a table whose columns are known."""
        parts: dict[str, str] = {}
        for name, cell in zip(self._block.columns, cells, strict=False):
            if name is not None and not is_placeholder(cell):
                # Two columns may hold a result ("Result", "Interpretation"): neither is dropped.
                parts[name] = f"{parts[name]}, {cell}" if parts.get(name) else cell
        return self._row_of(number, line, parts)

    def _row_of(self, number: int, line: str, cells: Mapping[str, str]) -> Passage:
        """Return the passage of the cells of one result; an empty one says nothing."""
        parts = {name: cell for name, cell in cells.items() if not is_placeholder(cell)}
        gene = parts.get("gene", "")
        order = ("transcript", "exon", "dna", "protein", "alteration", "result", "significance")
        said = [parts[name] for name in order if name in parts]
        if "exon" in parts and parts["exon"].isdecimal():
            said[said.index(parts["exon"])] = f"exon {parts['exon']}"
        fraction = parts.get("fraction", "")
        if fraction and said:
            said.append(f"VAF {fraction}" + ("" if "%" in fraction else "%"))
        if not gene or not said:
            return Passage(number, line, "no_result" if gene else "nothing", role=self._block.role)
        given = {"gene": gene, "alteration": ", ".join(said)}
        if "assay" in parts:
            given["assay"] = parts["assay"]
        return Passage(number, line, "biomarker", given, self._block.role)

    def _labelled(self, number: int, line: str, bare: str) -> Iterator[Passage]:
        """Read a line with a label or a heading in front."""
        found = LABEL.match(bare)
        label, value = (found["label"], found["value"].strip()) if found else (bare, "")
        role = role_of(label)
        if role is None and found is None:
            yield self._words(number, line, bare)
        elif role is None:
            if not value and self._names.lookup(label) is not None:
                self._block = replace(self._block, gene=label, columns=())
                yield Passage(number, line, "nothing", role="findings")
                return
            yield self._words(number, line, bare)
        elif role in CONTEXT:
            yield self._context(number, line, value, role)
        elif not value:
            self._block = Block(role)
            yield Passage(number, line, "nothing", role=role)
        elif self._block.gene and role in ("ihc", "ish"):
            yield self._plain(number, line, bare)
        elif role in ("person", "method"):
            yield self._quiet(number, line, role)
        elif role == "findings":
            self._block = Block()
            yield self._words(number, line, value)
        else:
            yield self._under(role, number, line, value)

    def _context(self, number: int, line: str, value: str, role: Role) -> Passage:
        if not value:
            self._block = Block(role)
            return Passage(number, line, "nothing", role=role)
        if role != "tumor_type" and self._names.all_in(value) and ALTERATION.search(value):
            return self._words(number, line, value)
        return Passage(number, line, "context", value, role)

    def _quiet(self, number: int, line: str, role: Role) -> Passage:
        what: What = "no_result" if self._names.all_in(line) else "nothing"
        return Passage(number, line, what, role=role)

    def _words(self, number: int, line: str, words: str) -> Passage:
        """Read words under the heading that is in force."""
        role = self._block.role
        if role in CONTEXT:
            self._block = Block()
            return self._context(number, line, words, role)
        self._block = replace(self._block, is_begun=True)
        if role in ("person", "method"):
            quiet = self._quiet(number, line, role)
            is_open = self._block.is_doubtful and quiet.what == "no_result"
            return replace(quiet, what="doubtful", given=words) if is_open else quiet
        if role is None or role == "findings":
            return self._plain(number, line, words)
        return self._under(role, number, line, words)

    def _plain(self, number: int, line: str, words: str) -> Passage:
        if not self._holds_result(words):
            return Passage(number, line, "nothing")
        if self._block.gene and not self._names.all_in(words):
            words = f"{self._block.gene} {words}"
        pieces = [piece.strip() for piece in _SENTENCE.split(words) if piece.strip()]
        inner: tuple[Passage, ...] = ()
        if len(pieces) > 1:
            inner = tuple(self._plain(number, piece, piece) for piece in pieces)
        return Passage(number, line, "biomarker", words, pieces=inner)

    def _under(self, role: Role, number: int, line: str, words: str) -> Passage:
        """Return words with what their heading says written out."""
        if not self._holds_result(words) and not self._names.all_in(words):
            return Passage(number, line, "nothing", role=role)
        if role in ("ihc", "ish"):
            plain = self._plain(number, line, words)
            return Passage(
                number, line, "biomarker", self._written_out(role, words), role, (plain,)
            )
        own = _result_of(words)
        is_denial = role in ("negative", "untested")
        if is_denial and own is None and has_share(words):
            self._block = replace(self._block, is_doubtful=True)
        if self._block.is_doubtful and own is None:
            return Passage(number, line, "doubtful", words, role)
        if is_denial and own == "detected":
            self._block = replace(self._block, is_doubtful=True)
        return Passage(number, line, "biomarker", self._written_out(role, words), role)

    def _written_out(self, role: Role, words: str) -> str:
        if role in ("ihc", "ish"):
            taken = self._names.take_leading(words)
            if taken is None or taken.gene is None:
                return words
            return f"{taken.gene.label} {role.upper()} {taken.rest}"
        if role in ("negative", "untested"):
            if _result_of(words) is not None:
                return words
            return f"{'Not detected' if role == 'negative' else 'Not tested'}: {words}"
        if _result_of(words) == "not_detected":
            return words
        said = {"uncertain": "VUS", "benign": "benign", "germline": "germline"}[role]
        return ", ".join(f"{part.strip()} {said}" for part in re.split(r"[,;]", words))

    def _holds_result(self, words: str) -> bool:
        if self._names.all_in(words) or self._strangers.is_about(words):
            return True
        english = to_english(words)
        is_heading = _HEADING.search(words) is not None and _RESULT.search(english) is None
        is_altered = not is_heading and ALTERATION.search(english) is not None
        return is_altered or self._is_finding(words)


def _is_labelled(cell: str) -> bool:
    found = LABEL.match(cell)
    return found is not None and role_of(found["label"]) is not None


def _result_of(words: str) -> Result | None:
    """Return the result that words have of their own; two of them are left to the readers."""
    try:
        return polarity_of(words).result
    except NotationError:
        return "indeterminate"
