#!/usr/bin/env bash
# Software: bcftools as pysam 0.24.1 carries it (printed below), merging two annotated files.
# A good guess: `bcftools merge -m all` puts the second file's ALT beside the first one's, and its CSQ
# (VEP) with it. What happens: INFO fields without a rule keep the value of the FIRST file only. The
# ALT of the second file then stands in the record without any annotation, and the record looks
# annotated: a reader that takes "the" entry of the record reads the first variant for the second.
# With `-i CSQ:join` both are kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --disable-pip-version-check -q install pysam==0.24.1
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import pysam, pysam.bcftools as bcftools

HEAD = """##fileformat=VCFv4.2
##contig=<ID=7,length=159138663>
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|SYMBOL|HGVSp">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	{sample}
"""
for sample, alt, change in (("A", "G", "p.Leu858Arg"), ("B", "A", "p.Leu858Gln")):
    line = f"7\t55259515\t.\tT\t{alt}\t.\tPASS\tCSQ={alt}|EGFR|{change}\tGT\t0/1\n"
    path = f"{sample}.vcf"
    open(path, "w").write(HEAD.format(sample=sample) + line)
    pysam.tabix_compress(path, f"{path}.gz", force=True)
    pysam.tabix_index(f"{path}.gz", preset="vcf", force=True)

def annotations(*options):
    merged = bcftools.merge("-m", "all", *options, "A.vcf.gz", "B.vcf.gz")
    (record,) = [line for line in merged.splitlines() if not line.startswith("#")]
    _, _, _, _, alt, _, _, info, *_ = record.split("\t")
    return alt, info.removeprefix("CSQ=")

print("pysam", pysam.__version__, "bcftools", pysam.version.__bcftools_version__)
alone, joined = annotations(), annotations("-i", "CSQ:join")
print("merge -m all             ", *alone)
print("merge -m all -i CSQ:join ", *joined)
assert alone == ("G,A", "G|EGFR|p.Leu858Arg"), "the behaviour has changed"
assert joined == ("G,A", "G|EGFR|p.Leu858Arg,A|EGFR|p.Leu858Gln"), "the behaviour has changed"
PY
