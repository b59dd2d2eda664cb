"""Read ``seed_data/`` from disk: YAML as strings, duplicate keys refused, every line remembered.

YAML is composed, not constructed: a gene called ``NO`` stays text, and each value keeps its line
so that lint can name it. Only a plain ``null`` (or nothing) becomes ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from service.engine.notation.human_genes import GeneRow
from service.errors import Fault, SeedDataError

#: Vocabulary name -> file below ``seed_data/vocabulary``; each holds a list of records.
VOCABULARIES = (
    "families", "genes", "marker_tests", "phrases", "gene_groups", "coding_sequences",
    "fusion_partners", "karyotypes", "panel_genes", "variants", "biomarker_classes",
    "status_tables", "tumor_types", "tumor_groups", "tumor_synonyms", "tumor_codes", "tumor_words",
    "tumor_ambiguous", "drugs",
    "studies", "sources", "diagnostics", "conditions", "assay_methods", "escat", "watch",
)  # fmt: skip

#: Lists that stand elsewhere.
_PLACES = {"watch": Path("watch.yaml")}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[str | int, ...]


@dataclass(slots=True)
class Record:
    """One record of the seed data with the place of everything in it.

    Args:
        file: path relative to the seed data folder.
        data: the record as plain dicts, lists, strings and ``None``.
        lines: path inside the record -> line number, 1-based.
    """

    file: str
    data: dict[str, Any]
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """Return the line of a path, or of the closest part of it that has one."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return 1


@dataclass(slots=True)
class SeedData:
    """Everything below ``seed_data/`` as read; lessons stand in the order of their file names."""

    vocabularies: dict[str, list[Record]]
    assertions: list[Record]
    lessons: list[Record]
    exercises: list[Record]
    proteins: dict[str, str]
    gene_names: tuple[GeneRow, ...]
    version: str
    faults: list[Fault]


def read_seed_data(folder: Path) -> SeedData:
    """Read the whole folder; broken YAML becomes a fault, not an exception.

    Raises:
        SeedDataError: the folder does not exist.
    """
    if not folder.is_dir():
        raise SeedDataError((Fault(str(folder), "missing_folder", "no such folder"),))
    faults: list[Fault] = []
    vocabularies = {
        name: list(
            _read_list(folder, _PLACES.get(name, Path("vocabulary") / f"{name}.yaml"), faults)
        )
        for name in VOCABULARIES
    }
    assertions = list(_read_files(folder, "assertions", faults))
    lessons = list(_read_files(folder, "lessons", faults))
    exercises = list(_read_list(folder, Path("exercises.yaml"), faults))
    proteins = read_proteins(folder / "vocabulary" / "proteins.fasta")
    names = read_gene_names(folder / "vocabulary" / "gene_names.tsv")
    version = (folder / "VERSION").read_text("utf-8").strip()
    return SeedData(vocabularies, assertions, lessons, exercises, proteins, names, version, faults)


def read_gene_names(path: Path) -> tuple[GeneRow, ...]:
    """Read the name table: tab separated, a header row, several names of a cell parted by ``|``."""
    if not path.exists():
        return ()
    _, *lines = path.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return tuple(
        (hgnc, symbol, _parts(old), _parts(aliases)) for hgnc, symbol, old, aliases in rows
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def read_proteins(path: Path) -> dict[str, str]:
    """Read FASTA: UniProt accession (with isoform) -> residues."""
    sequences: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text("ascii").splitlines() if path.exists() else ():
        if line.startswith(">"):
            name = line[1:].split()[0].split("|")[1 if "|" in line else 0]
            sequences[name] = []
        elif line.strip():
            sequences[name].append(line.strip())
    return {key: "".join(parts) for key, parts in sequences.items()}


def _read_list(folder: Path, file: Path, faults: list[Fault]) -> Iterator[Record]:
    node = _compose(folder, file, faults)
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        faults.append(Fault(f"{file}:1", "not_a_list", "a vocabulary is a list of records"))
        return
    for item in node.value:
        record = Record(str(file), {})
        data = _plain(item, (), record.lines, str(file), faults)
        if isinstance(data, dict):
            record.data = data
            yield record
        else:
            line = item.start_mark.line + 1
            faults.append(Fault(f"{file}:{line}", "not_a_record", "a record is a mapping"))


def _read_files(folder: Path, below: str, faults: list[Fault]) -> Iterator[Record]:
    for path in sorted((folder / below).rglob("*.yaml")):
        record = _read_file(folder, path.relative_to(folder), faults)
        if record is not None:
            yield record


def _read_file(folder: Path, file: Path, faults: list[Fault]) -> Record | None:
    node = _compose(folder, file, faults)
    if node is None:
        return None
    record = Record(str(file), {})
    data = _plain(node, (), record.lines, str(file), faults)
    if not isinstance(data, dict):
        faults.append(Fault(f"{file}:1", "not_a_record", "a record is a mapping"))
        return None
    record.data = data
    return record


def _compose(folder: Path, file: Path, faults: list[Fault]) -> yaml.Node | None:
    path = folder / file
    if not path.exists():
        faults.append(Fault(str(file), "missing_file", "the file does not exist"))
        return None
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = str(getattr(error, "problem", error))
        faults.append(Fault(f"{file}:{line}", "broken_yaml", problem))
        return None
    if node is None:
        faults.append(Fault(f"{file}:1", "empty_file", "the file is empty"))
    return node


def _plain(
    node: yaml.Node, path: Path_, lines: dict[Path_, int], file: str, faults: list[Fault]
) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(n, (*path, i), lines, file, faults) for i, n in enumerate(node.value)]
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            line = key_node.start_mark.line + 1
            faults.append(Fault(f"{file}:{line}", "duplicate_key", f"the key {key} stands twice"))
        result[key] = _plain(value_node, (*path, key), lines, file, faults)
    return result
