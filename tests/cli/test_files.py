"""``therapy-match match`` with files: the answers of the batch, one line a sample."""

from __future__ import annotations

import builtins
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
    assert given[2]["problem"]["errors"] == batch[2]["problem"]["errors"]
    assert done.exit_code == 2


def test_what_was_set_apart_stands_on_standard_error(runner: CliRunner) -> None:
    done = match(runner, *STUDY, "--json")
    assert done.stderr.splitlines() == [
        "Set apart: gene_not_covered: 3 (maf:5, cna:4, sv:4)",
        "Set apart: germline KRAS: 1 (maf:8:Mutation_Status)",
        "Set apart: low_level_gain EGFR: 1 (cna:3:S1)",
        "Set apart: silent EGFR: 1 (maf:6:Variant_Classification)",
        "Set apart: within_one_gene EGFR: 1 (sv:3:Site2_Hugo_Symbol)",
    ]


def test_each_sample_has_its_table_or_why_it_has_none(runner: CliRunner) -> None:
    done = match(runner, *STUDY, "--explain", "none")
    words = done.stdout.splitlines()
    assert [line for line in words if line.startswith("==")] == [f"== S{n}" for n in (1, 2, 3, 4)]
    assert any(line.startswith("Osimertinib ") for line in words)
    refused = next(line for line in words if line.startswith("Not matched"))
    assert refused.startswith("Not matched: maf:9:HGVSp_Short: ")


@pytest.mark.parametrize(("file", "sample"), [("vep.vcf", "TUMOR"), ("snpeff.vcf", "snpeff")])
def test_a_vcf_is_matched_in_the_tumour_type_that_is_named(
    runner: CliRunner, file: str, sample: str
) -> None:
    done = match(runner, "--vcf", str(FOLDER / file), "--tumor", "LUAD", "--json")
    (item,) = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert (item["id"], item["status"], done.exit_code) == (sample, 200, 0)
    assert item["answer"]["therapies"][0]["regimen"]["id"] == "osimertinib"


def test_a_vcf_without_a_tumour_type_is_refused(runner: CliRunner) -> None:
    done = match(runner, "--vcf", str(FOLDER / "vep.vcf"))
    assert done.exit_code == 2
    assert "TUMOR has no tumour type" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--maf", str(FOLDER / "data_cna.txt")], "[missing_column]"),
        (["--vcf", str(FOLDER / "data_cna.txt"), "-t", "LUAD"], "[unreadable_file]"),
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


def test_without_the_extra_a_vcf_is_refused_with_what_to_install(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_pysam(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pysam":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(__import__("sys").modules, "service.cohort.vcf_file", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_pysam)
    done = match(runner, "--vcf", str(Path(FOLDER / "vep.vcf")), "-t", "LUAD")
    assert done.exit_code == 2
    assert "pip install 'therapy-match[vcf]'" in done.stderr
