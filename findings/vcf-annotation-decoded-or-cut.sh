#!/usr/bin/env bash
# Software: vcfpy 0.14.2, pysam 0.24.1, scikit-allel 1.3.13 reading the VEP annotation (INFO/CSQ,
# Number=.) of one record with two entries, the first a silent change that VEP writes "p.Leu858%3D",
# and an ALT "*" (the allele is missing because of a deletion upstream, VCF 4.3 section 1.6.1).
# A good guess: the text of an annotation is the same in every reader, and "*" is no substitution.
# What happens: vcfpy decodes percent signs ("p.Leu858="), pysam gives them as written; scikit-allel
# keeps the FIRST entry alone, without a warning, when the field is asked for by name; vcfpy types "*"
# as a substitution of kind SNV.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --disable-pip-version-check -q install vcfpy==0.14.2 pysam==0.24.1 scikit-allel==1.3.13
cd "$folder"
{
    printf '##fileformat=VCFv4.3\n##contig=<ID=7,length=159138663>\n'
    printf '##FILTER=<ID=PASS,Description="passed">\n'
    printf '##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: Allele|SYMBOL|HGVSp">\n'
    printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
    printf '7\t55259515\t.\tT\tG,*\t.\tPASS\tCSQ=C|EGFR|p.Leu858%%3D,G|EGFR|p.Leu858Arg\n'
} >a.vcf
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version
import allel, pysam, vcfpy

print({name: version(name) for name in ("vcfpy", "pysam", "scikit-allel")})
(record,) = vcfpy.Reader.from_path("a.vcf")
by_vcfpy, kind = record.INFO["CSQ"][0], record.ALT[1].type
(record,) = pysam.VariantFile("a.vcf")
by_pysam = record.info["CSQ"][0]
by_allel = allel.read_vcf("a.vcf", fields=["variants/CSQ"])["variants/CSQ"].tolist()
print("first entry: vcfpy", by_vcfpy, "| pysam", by_pysam)
print("all entries by scikit-allel:", by_allel, "| kind of ALT * by vcfpy:", kind)
assert by_vcfpy.endswith("p.Leu858=") and by_pysam.endswith("p.Leu858%3D"), "the behaviour has changed"
assert by_allel == ["C|EGFR|p.Leu858%3D"] and kind == "SNV", "the behaviour has changed"
PY
