"""``therapy-match match`` with files: the answers of the batch, one line a sample."""

from __future__ import annotations

import builtins
import gzip
import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from service.cli import main
from tests.adapters.small_files import FOLDER, NAMES
from tests.cases import TODAY

STUDY = [word for name, file in NAMES.items() for word in (f"--{name}", str(FOLDER / file))]
DAY = ["--as-of", TODAY.isoformat()]


def match(runner: CliRunner, *arguments: str) -> Result:
    return runner.invoke(main, ["match", *arguments])


def test_json_lines_are_the_items_of_the_batch(runner: CliRunner, client: FlaskClient) -> None:
    done = match(runner, *STUDY, *DAY, "--json")
    given = [orjson.loads(line) for line in done.stdout.splitlines()]
    files = {name: (io.BytesIO((FOLDER / file).read_bytes()), file) for name, file in NAMES.items()}
    path = f"/v1/match/batch?as_of={TODAY.isoformat()}"
    batch = client.post(path, data=files, content_type="multipart/form-data").json["results"]
    assert [item["id"] for item in given] == ["S1", "S2", "S3", "S4"]
    assert [item.get("answer") for item in given] == [item.get("answer") for item in batch]
    assert {item["status"] for item in given} == {200}
    assert done.exit_code == 0


def test_what_became_of_every_record_stands_on_standard_error(runner: CliRunner) -> None:
    done = match(runner, *STUDY, "--json")
    assert done.stderr.splitlines() == [
        "clinical: 4 records: 4 context",
        "maf: 7 records: 3 finding, 1 not_covered, 3 set_apart",
        "cna: 6 records: 2 finding, 1 not_covered, 1 set_apart, 2 no_content",
        "sv: 3 records: 1 finding, 1 not_covered, 1 set_apart",
        "Set apart: germline KRAS: 1 (maf:8:Mutation_Status)",
        "Set apart: impossible_reference KRAS: 1 (maf:9:HGVSp_Short)",
        "Set apart: low_level_gain EGFR: 1 (cna:3:S1)",
        "Set apart: silent EGFR: 1 (maf:6:Variant_Classification)",
        "Set apart: within_one_gene EGFR: 1 (sv:3:Site1_Hugo_Symbol)",
    ]


def test_each_sample_has_its_table_or_why_it_has_none(runner: CliRunner, tmp_path: Path) -> None:
    clinical = tmp_path / "clinical.txt"
    known = (FOLDER / NAMES["clinical"]).read_text("utf-8")
    clinical.write_text(known.replace("COAD", "COLON?"), "utf-8")
    done = match(runner, *STUDY, "--clinical", str(clinical), "--explain", "none")
    words = done.stdout.splitlines()
    assert [line for line in words if line.startswith("==")] == [f"== S{n}" for n in (1, 2, 3, 4)]
    assert any(line.startswith("Osimertinib ") for line in words)
    refused = next(line for line in words if line.startswith("Not matched"))
    assert refused.startswith("Not matched: clinical:7:ONCOTREE_CODE: ")
    assert done.exit_code == 2


@pytest.mark.parametrize("name", ["vep.vcf", "data_mutations.txt"])
def test_a_file_may_be_packed(runner: CliRunner, tmp_path: Path, name: str) -> None:
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((FOLDER / name).read_bytes()))
    option = "--vcf" if name.endswith("vcf") else "--maf"
    plain = match(runner, option, str(FOLDER / name), "-t", "LUAD", "--json")
    assert match(runner, option, str(packed), "-t", "LUAD", "--json").output == plain.output
    packed.write_bytes(packed.read_bytes()[:-20])
    broken = match(runner, option, str(packed), "-t", "LUAD", "--json")
    assert (broken.exit_code, "broken gzip" in broken.stderr) == (2, True)


@pytest.mark.parametrize(("file", "sample"), [("vep.vcf", "TUMOR"), ("snpeff.vcf", "snpeff")])
def test_a_vcf_is_matched_in_the_tumour_type_that_is_named(
    runner: CliRunner, file: str, sample: str
) -> None:
    done = match(runner, "--vcf", str(FOLDER / file), "--tumor", "LUAD", "--json")
    (item,) = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert (item["id"], item["status"], done.exit_code) == (sample, 200, 0)
    assert item["answer"]["therapies"][0]["regimen"]["id"] == "amivantamab+lazertinib"


def test_a_vcf_without_a_tumour_type_is_refused(runner: CliRunner) -> None:
    done = match(runner, "--vcf", str(FOLDER / "vep.vcf"))
    assert done.exit_code == 2
    assert "TUMOR has no tumour type" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--maf", str(FOLDER / "data_cna.txt")], "[missing_column]"),
        (["--vcf", str(FOLDER / "data_cna.txt"), "-t", "LUAD"], "[missing_column]"),
        (["--vcf", str(FOLDER / "vep.vcf"), *STUDY], "--vcf stands alone"),
        (["EGFR L858R", *STUDY], "not both"),
        (["--maf", "nowhere.txt"], "does not exist"),
        (["EGFR L858R"], "Missing option '--tumor'"),
    ],
)
def test_a_wrong_call_is_one_message(runner: CliRunner, arguments: list[str], said: str) -> None:
    done = match(runner, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_without_the_extra_a_vcf_is_read_and_a_bcf_refused_with_what_to_install(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = builtins.__import__

    def without_pysam(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pysam":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(__import__("sys").modules, "service.cohort.bcf_file", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_pysam)
    assert match(runner, "--vcf", str(FOLDER / "vep.vcf"), "-t", "LUAD").exit_code == 0
    (tmp_path / "x.bcf").write_bytes(gzip.compress(b"BCF\x02\x02"))
    done = match(runner, "--vcf", str(tmp_path / "x.bcf"), "-t", "LUAD")
    assert done.exit_code == 2
    assert "pip install 'therapy-match[vcf]'" in done.stderr
