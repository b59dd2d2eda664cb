#!/usr/bin/env bash
# Software: vcfpy 0.14.2, cyvcf2 0.35.0, pysam 0.24.1 reading one VCF 4.3 record with GT "./1" (one allele
# not called, the other is the ALT), and FILTER "." (no filter was applied) beside "PASS".
# A good guess: three well-kept readers agree on whether the sample carries the variant.
# What happens: vcfpy says the call is not called; cyvcf2 types it heterozygous (1); pysam gives
# (None, 1) and leaves it to the caller. A pipeline that moves from one to another gains or loses the
# variant without a word. And cyvcf2 gives FILTER None for "." and for "PASS" alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --disable-pip-version-check -q install vcfpy==0.14.2 cyvcf2==0.35.0 pysam==0.24.1
cd "$folder"
{
    printf '##fileformat=VCFv4.3\n##contig=<ID=7,length=159138663>\n'
    printf '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
    printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n'
    printf '7\t55259515\t.\tT\tG\t.\t.\t.\tGT\t./1\n7\t55259524\t.\tT\tA\t.\tPASS\t.\tGT\t0/1\n'
} >a.vcf
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version
import cyvcf2, pysam, vcfpy

print({name: version(name) for name in ("vcfpy", "cyvcf2", "pysam")})
by_vcfpy = [record.calls[0].called for record in vcfpy.Reader.from_path("a.vcf")]
records = list(cyvcf2.VCF("a.vcf"))
by_cyvcf2 = [int(record.gt_types[0]) for record in cyvcf2.VCF("a.vcf")]
filters = [record.FILTER for record in cyvcf2.VCF("a.vcf")]
by_pysam = [record.samples["S"]["GT"] for record in pysam.VariantFile("a.vcf")]
print("GT ./1 and 0/1: vcfpy called", by_vcfpy, "cyvcf2 gt_types", by_cyvcf2, "pysam", by_pysam)
print("FILTER . and PASS: cyvcf2", filters)
assert by_vcfpy == [False, True] and by_cyvcf2 == [1, 1], "the behaviour has changed"
assert by_pysam == [(None, 1), (0, 1)] and filters == [None, None], "the behaviour has changed"
PY
