"""Where a variant comes from, as files say it; on invented genes: SUPX has origins, SKIPX none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from service.adapters.files.samples import Samples
from service.adapters.files.study import read_study
from service.adapters.files.vcf import read_vcf
from service.engine.notation.biomarkers import BiomarkerReader
from tests.adapters.small_files import apart, maf
from tests.engine.notation.invented import invented_reader


@dataclass(frozen=True)
class _Invented:
    reader: BiomarkerReader


INVENTED = _Invented(invented_reader())


def origins(samples: Samples) -> list[tuple[str, str | None]]:
    return [(f.gene, f.origin) for item in samples.items() for f in item.findings]


@pytest.mark.parametrize(
    ("status", "origin"),
    [
        ("Germline", "germline"), ("Somatic", "somatic"), ("SOMATIC", "somatic"),
        ("Somatic_vs_pool", None), ("Unknown", None), ("", None),
    ],
)  # fmt: skip
def test_a_maf_says_it_by_its_mutation_status(status: str, origin: str | None) -> None:
    samples = read_study(INVENTED, {"maf": maf(f"SUPX Nonsense_Mutation S1 p.R100* {status}")})
    assert origins(samples) == [("SUPX", origin)]
    given = [item.given for item in samples.items()]
    assert [one.get("origin") for one in given] == [origin]


def test_a_germline_variant_of_another_gene_decides_nothing() -> None:
    rows = maf(
        "SKIPX Nonsense_Mutation S1 p.R100* Germline", "SKIPX Nonsense_Mutation S1 p.R9* Somatic"
    )
    samples = read_study(INVENTED, {"maf": rows})
    assert apart(samples) == [("germline", "SKIPX", "maf:2:Mutation_Status")]
    assert origins(samples) == [("SKIPX", None)]


def test_a_germline_variant_that_did_not_validate_stays_apart() -> None:
    header = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\t"
    row = "SUPX\tNonsense_Mutation\tS1\tp.R100*\tGermline\tInvalid"
    samples = read_study(INVENTED, {"maf": [f"{header}Mutation_Status\tValidation_Status", row]})
    assert [reason for reason, *_ in apart(samples)] == ["did_not_validate"]


def of_vcf(info: str, form: str, tumor: str, normal: str, gene: str = "SUPX") -> Samples:
    entry = f"T|stop_gained|{gene}|X||p.Arg100Ter"
    return read_vcf(
        INVENTED,
        [
            "##fileformat=VCFv4.2",
            '##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: '
            'Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp">',
            "##normal_sample=N",
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\tN",
            f"1\t1\t.\tC\tT\t.\tPASS\t{info};CSQ={entry}\t{form}\t{tumor}\t{normal}",
        ],
    )


@pytest.mark.parametrize(
    ("info", "form", "tumor", "normal", "origin"),
    [
        ("SOMATIC", "GT", "0/1", "0/0", "somatic"),
        ("SOMATIC", "GT", "0/1", "0/1", "somatic"),  # the word of the caller counts
        ("DP=9", "GT", "0/1", "0/1", "germline"),
        ("DP=9", "GT", "0/1", "0/0", "somatic"),
        ("DP=9", "GT", "0/1", "./.", None),
        ("DP=9", "AD", "3,4", "7,0", None),
        ("SS=2", "GT", "0/1", ".", "somatic"),
        ("SS=1", "GT", "0/1", ".", "germline"),
        ("SS=3", "GT", "1/1", ".", "germline"),
        ("SS=5", "GT", "1/1", ".", None),
        ("STATUS=StrongSomatic", "GT", "0/1", ".", "somatic"),
        ("STATUS=Germline", "GT", "0/1", ".", "germline"),
        ("STATUS=StrongLOH", "GT", "0/1", ".", "germline"),
        ("DP=9", "GT:SS", "0/1:2", "0/0:0", "somatic"),
        ("DP=9", "GT:SS", "0/1:1", "0/1:1", "germline"),
    ],
)
def test_a_vcf_says_it_by_its_caller_or_by_the_normal_sample(
    info: str, form: str, tumor: str, normal: str, origin: str | None
) -> None:
    assert origins(of_vcf(info, form, tumor, normal)) == [("SUPX", origin)]
    other = of_vcf(info, form, tumor, normal, gene="SKIPX")
    if origin == "germline":
        assert apart(other) == [("germline", "SKIPX", "vcf:1:1")]
    else:
        assert origins(other) == [("SKIPX", None)]
