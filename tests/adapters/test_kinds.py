"""A table without a name is known by its header row; whatever is read adds up."""

from __future__ import annotations

import datetime as dt

import pytest

from service.adapters.files.kinds import kind_of
from service.adapters.intake.documents import Document, Sent
from service.adapters.intake.formats import find_format
from service.engine.reading import FATES
from tests.adapters.small_files import FOLDER, NAMES
from tests.cases import load_kb


def read(content: bytes) -> tuple[str, Document]:
    found = find_format("", content)
    assert found is not None
    return found.name, found.read(
        load_kb(), Sent({"report": content}, 1 << 20, dt.date(2026, 11, 24))
    )


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_each_file_of_a_study_is_read_alone(kind: str) -> None:
    content = (FOLDER / NAMES[kind]).read_bytes()
    assert kind_of(content) == kind
    name, document = read(content)
    assert (name, [one["file"] for one in document.files]) == ("tables", [kind])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gene Symbol\tLocus ID\tCytoband\tS1\nERBB2\t2064\t17q12\t2\n", "cna"),
        ('"Hugo_Symbol"\t"S1"\n"1"\t"ERBB2"\t2\n', "cna"),
        ("Hugo_Symbol\tEntrez_Gene_Id\tSample_Id\tValue\nERBB2\t2064\tS1\t2\n", "cna"),
        ("Hugo_Symbol\tS1\nERBB2\tNA\n", None),
        ("Hugo_Symbol\tResult\nERBB2\tamplified\n", None),
        ("Hugo_Symbol\tHGVSp_Short\nEGFR\t2\n", None),
        ("Gene\tAlteration\tVAF\nEGFR\tL858R\t12\n", None),
        ("EGFR L858R\nALK: negative\n", None),
        ("", None),
        ("PATIENT_ID\tSAMPLE_ID\tSUBTYPE\nP1\tS1\tbasal\n", "clinical"),
        ("\ufeff#comment\n\nSAMPLE_ID\tONCOTREE_CODE\nS1\tLUAD\n", "clinical"),
    ],
)
def test_the_header_row_says_which_file_it_is(text: str, kind: str | None) -> None:
    assert kind_of(text.encode()) == kind


@pytest.mark.parametrize("file", [*NAMES.values(), "vep.vcf", "snpeff.vcf", "forms.vcf"])
def test_what_is_kept_as_a_number_is_counted_too(file: str) -> None:
    _, document = read((FOLDER / file).read_bytes())
    counts, (of_file,) = document.counts(), document.files
    assert counts["items"] == sum(counts[fate] for fate in FATES) >= of_file["items"]
    assert counts["no_content"] == of_file["no_content"]
