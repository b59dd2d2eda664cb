"""The annotations of a VCF record: which columns they have, and what each says.

Sources: Ensembl VEP output format (CSQ); SnpEff "Variant annotations in VCF format" 1.0 (ANN).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from service.adapters.files.alleles import Entry
from service.adapters.files.vcf_text import ANNOTATIONS, Header, Record
from service.engine.reading import is_placeholder
from service.errors import Fault, InputError

#: INFO field -> its columns: allele, gene, transcript, consequence, coding and protein change.
_COLUMNS = {
    "CSQ": ("allele", "symbol", "feature", "consequence", "hgvsc", "hgvsp"),
    "ANN": ("allele", "gene_name", "feature_id", "annotation", "hgvs.c", "hgvs.p"),
}
#: Of these a file can do without.
_OPTIONAL = frozenset({"hgvsc", "hgvs.c"})
#: What marks the transcript to report, most telling first: column, value (any when empty).
FLAGS = (("mane_select", ""), ("mane", ""), ("pick", "1"), ("canonical", "YES"))


def read_annotations(formats: Mapping[str, Sequence[str]], record: Record) -> list[Entry]:
    """Return the annotations of a record: of the first annotator that wrote any."""
    for field, names in formats.items():
        found = [
            entry
            for written in record.annotations.get(field, ())
            if (entry := _entry(field, names, written)) is not None
        ]
        if found:
            return found
    return []


def _entry(field: str, names: Sequence[str], written: str) -> Entry | None:
    """Return an annotation; ``None`` when it has another number of columns than the header says."""
    values = [unquote(value) if "%" in value else value for value in written.split("|")]
    if len(values) < len(names) - 1 or len(values) > len(names) + 1:
        return None
    cells = {name: value.strip() for name, value in zip(names, values, strict=False)}
    given = {
        key: "" if key in ("symbol", "gene_name") and is_placeholder(value) else value
        for key, value in cells.items()
    }
    allele, gene, transcript, consequence, coding, protein = (
        given.get(name, "") for name in _COLUMNS[field]
    )
    flags = frozenset(
        name for name, value in FLAGS if cells.get(name) and value in ("", cells[name])
    )
    number = cells.get("allele_num", "")
    return Entry(allele, gene, transcript, consequence, coding, protein, number, flags)


def formats_of(header: Header) -> dict[str, list[str]]:
    """Return INFO field -> the names of its columns in lower case, for fields that can be read.

    Raises:
        InputError: ``not_annotated``, ``missing_column``.
    """
    faults: list[Fault] = []
    formats: dict[str, list[str]] = {}
    for field in ANNOTATIONS:
        if field not in header.descriptions:
            continue
        text = header.descriptions[field].rpartition("Format:")[2].rpartition("annotations:")[2]
        names = [name.strip(" '\"").lower() for name in text.split("|")]
        missing = [n for n in _COLUMNS[field] if n not in names and n not in _OPTIONAL]
        if not missing:
            formats[field] = names
        faults += [
            Fault(f"vcf:{field}:{name}", "missing_column", f"{field} was written without {name}")
            for name in missing
        ]
    if formats:
        return formats
    if not faults:
        message = "the header has neither CSQ (VEP) nor ANN (SnpEff)"
        faults.append(Fault("vcf", "not_annotated", message))
    raise InputError(tuple(faults))
