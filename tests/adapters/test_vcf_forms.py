"""One file in the forms that real tools give it: no form may turn a finding into another one.

The tools are those of bcftools, as pysam brings them: split (``norm -m -any``), joined
(``-m +any``), atomised, merged with another file. Annotations stay as they were.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from service.cohort.files import read_files
from tests.adapters.small_files import FOLDER, all_found
from tests.cases import load_kb

bcftools = pytest.importorskip("pysam.bcftools")
FILE = FOLDER / "forms.vcf"
WHOLE = [
    ("TUMOR", "BRAF V600K"),
    ("TUMOR", "EGFR A750del"),
    ("TUMOR", "EGFR E746_A750del"),
    ("TUMOR", "EGFR L858R"),
    ("TUMOR", "EGFR T790M"),
    ("TUMOR", "KRAS G12C"),
    ("TUMOR", "KRAS G12D"),
]


def found_in(path: Path) -> list[tuple[str, str]]:
    """Return what a file says of the tumour."""
    return all_found(read_files(load_kb(), {"vcf": path}))


def made(path: Path, *arguments: str) -> Path:
    """Return the file that ``bcftools norm`` makes of the small file."""
    bcftools.norm(*arguments, "-o", str(path), str(FILE), catch_stdout=False)
    return path


def test_the_untouched_file() -> None:
    assert found_in(FILE) == WHOLE


@pytest.mark.parametrize("arguments", [("-m", "-any"), ("-m", "-both"), ("-m", "-snps")])
def test_split(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert found_in(made(tmp_path / "split.vcf", *arguments)) == WHOLE


@pytest.mark.parametrize("arguments", [("-m", "+any"), ("-m", "+both")])
def test_split_and_joined_again(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    split = made(tmp_path / "split.vcf", "-m", "-any")
    joined = tmp_path / "joined.vcf"
    bcftools.norm(*arguments, "-o", str(joined), str(split), catch_stdout=False)
    assert found_in(joined) == WHOLE


@pytest.mark.parametrize("star", ["*", "."])
def test_atomised(tmp_path: Path, star: str) -> None:
    atoms = made(tmp_path / "atoms.vcf", "--atomize", "--atom-overlaps", star)
    found = found_in(atoms)
    assert set(found) <= set(WHOLE)
    # Only the change of two bases at once was cut: its atoms are set apart, never read as it.
    assert set(WHOLE) - set(found) <= {("TUMOR", "BRAF V600K")}


@pytest.mark.parametrize("rule", [("-i", "CSQ:join"), ()])
def test_merged_with_another_file(tmp_path: Path, rule: tuple[str, ...]) -> None:
    """By default ``merge`` keeps the annotations of the first file: the others are set apart."""
    packed = []
    for name, path in (("one", FILE), ("other", FOLDER / "forms_other.vcf")):
        out = tmp_path / f"{name}.vcf.gz"
        bcftools.view("-Oz", "-o", str(out), str(path), catch_stdout=False)
        bcftools.index(str(out), catch_stdout=False)
        packed.append(str(out))
    merged = tmp_path / "merged.vcf"
    bcftools.merge("-m", "all", *rule, "-o", str(merged), *packed, catch_stdout=False)
    found = found_in(merged)
    assert [one for one in found if one[0] == "TUMOR"] == WHOLE
    other = [one for one in found if one[0] == "OTHER"]
    whole = found_in(FOLDER / "forms_other.vcf")
    assert other == whole if rule else set(other) <= set(whole)


def test_lifted_to_other_places(tmp_path: Path) -> None:
    lifted = tmp_path / "lifted.vcf"
    rows = FILE.read_text("utf-8").splitlines(keepends=True)
    moved = [
        row if row.startswith("#") else "\t".join((f"chr{c[0]}", str(int(c[1]) - 67), *c[2:]))
        for row in rows
        for c in [row.split("\t")]
    ]
    lifted.write_text("".join(moved), "utf-8")
    assert found_in(lifted) == WHOLE
