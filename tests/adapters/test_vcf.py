"""Annotated VCF: the protein change of the right allele, gene, transcript and sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.adapters.files.alleles import Alleles, Entry, minimal
from service.adapters.files.samples import Samples
from service.adapters.files.vcf import read_vcf
from service.adapters.files.vcf_text import open_vcf
from service.cohort.files import read_files
from service.errors import InputError
from tests.adapters.small_files import FOLDER, all_found, apart, found, only, strangers
from tests.cases import load_kb

CSQ = "Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp"
REFERENCE = "missense_variant|EGFR|ENST00000275493|ENST00000275493.2:c.2573T>G|p.Leu858Arg"
DEL15 = "inframe_deletion|EGFR|ENST00000275493|c.2235_2249del|p.Glu746_Ala750del"
DEL3 = "inframe_deletion|EGFR|ENST00000275493|c.2248_2250del|p.Ala750del"
LONG = "AGGAATTAAGAGAAGC"


def vcf(*records: str, form: str = CSQ, samples: str = "S", more: str = "") -> Iterator[str]:
    """Return the lines of a file: records are ``REF ALT entry,entry GT`` with spaces between."""
    yield "##fileformat=VCFv4.2\n"
    yield f'##INFO=<ID=CSQ,Number=.,Type=String,Description="From VEP. Format: {form}">\n'
    if more:
        yield f"{more}\n"
    names = "".join(f"\t{name}" for name in samples.split())
    yield f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO{names and chr(9) + 'FORMAT' + names}\n"
    for record in records:
        ref, alt, entries, *calls = record.split(" ")
        info = f"CSQ={entries}" if entries else "."
        tail = "".join(f"\t{call}" for call in calls)
        yield f"7\t1\t.\t{ref}\t{alt}\t.\tPASS\t{info}{tail and chr(9) + 'GT' + tail}\n"


def read(*records: str, **changes: str) -> Samples:
    return read_vcf(load_kb(), vcf(*records, **changes))


def of_file(name: str) -> Samples:
    return read_files(load_kb(), {"vcf": FOLDER / name})


def test_vep_gives_the_canonical_change_of_the_carried_allele_of_the_tumour() -> None:
    samples = of_file("vep.vcf")
    assert all_found(samples) == [("TUMOR", "EGFR L858R"), ("TUMOR", "KRAS G12C")]
    assert apart(samples) == [
        ("filtered", "BRAF", "vcf:7:140453136"),
        ("silent", "EGFR", "vcf:7:55259514"),
    ]
    assert strangers(samples) == ["TP53 p.Arg273Cys"]
    assert samples.records() == [
        {
            "file": "vcf", "items": 6, "finding": 2, "not_covered": 1, "set_apart": 2,
            "context": 0, "no_content": 1,
        }
    ]  # fmt: skip


def test_snpeff_gives_one_case_named_as_the_file_when_it_has_no_samples() -> None:
    samples = of_file("snpeff.vcf")
    assert all_found(samples) == [("snpeff", "EGFR L858R")]
    assert apart(samples) == [
        ("intron", "EGFR", "vcf:7:55086000"),
        ("silent", "EGFR", "vcf:7:55259514"),
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (
            ["##fileformat=VCFv4.2", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"],
            "not_annotated",
        ),
        (list(vcf(form="Allele|Consequence|SYMBOL|Feature")), "missing_column"),
        (list(vcf(samples="S S")), "duplicate_column"),
        (["##fileformat=VCFv4.2", "#CHROM\tPOS\tREF"], "missing_column"),
        (["Hugo_Symbol\tS1"], "missing_column"),
        ([], "missing_column"),
    ],
)
def test_a_file_whose_header_does_not_do_is_refused(lines: list[str], code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_vcf(load_kb(), lines)
    assert {fault.code for fault in caught.value.faults} == {code}


@pytest.mark.parametrize(
    ("form", "entries"),
    [
        (f"{CSQ}|PICK", ("G|m|EGFR|X1||p.Leu861Gln|", "G|m|EGFR|X2||p.Leu858Arg|1")),
        (f"{CSQ}|CANONICAL", ("G|m|EGFR|X1||p.Leu861Gln|", "G|m|EGFR|X2||p.Leu858Arg|YES")),
        (
            f"{CSQ}|CANONICAL|MANE_SELECT",
            ("G|m|EGFR|X1||p.Leu861Gln|YES|", "G|m|EGFR|X2||p.Leu858Arg||NM_005228.5"),
        ),
        # The reference transcript counts, whatever is marked.
        (f"{CSQ}|PICK", ("G|m|EGFR|X1||p.Leu861Gln|1", "G|m|EGFR|NM_005228.5||p.Leu858Arg|")),
        # Without marks: the change that is true of the reference protein.
        (CSQ, ("G|m|EGFR|X1||p.Leu813Arg", "G|m|EGFR|X2||p.Leu858Arg")),
        (CSQ, ("G|intron|EGFR|X1||", "G|m|EGFR|X2||ENSP1.2:p.Leu858Arg")),
    ],
)
def test_the_reference_transcript_counts_then_the_marked_one(
    form: str, entries: tuple[str, ...]
) -> None:
    samples = read(f"T G {','.join(entries)} 0/1", form=form)
    assert all_found(samples) == [("S", "EGFR L858R")]


def test_unknown_transcripts_that_do_not_agree_decide_nothing() -> None:
    samples = read("T G G|m|EGFR|X1||p.Leu861Gln,G|m|EGFR|X2||p.Leu858Arg 0/1")
    assert apart(samples) == [("contradictory_notation", "EGFR", "vcf:7:1")]


L858R = f"G|{REFERENCE}"
L858Q = "A|missense_variant|EGFR|ENST00000275493|c.2573T>A|p.Leu858Gln"
L858P = "C|missense_variant|EGFR|ENST00000275493|c.2573T>C|p.Leu858Pro"


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        # One line of two alleles, and the same split: all annotations stay on every record.
        (f"T G,A {L858R},{L858Q} 0/1", "EGFR L858R"),
        (f"T G,A {L858R},{L858Q} 0/2", "EGFR L858Q"),
        (f"T A {L858R},{L858Q} 0/1", "EGFR L858Q"),
        (f"T A {L858R} 0/1", "not_annotated"),
        # Joined with a deletion: the alleles are longer, their annotations are not.
        (f"TG GG,T {L858R},-|frameshift_variant|EGFR|X|c.2574del|p.X 0/1", "EGFR L858R"),
        # Its second base is that of a neighbour's annotation, with and without DNA in it.
        (f"TC GC,CC {L858R},{L858P} 0/1", "EGFR L858R"),
        ("TC GC,CC G|m|EGFR|X||p.Leu858Arg,C|m|EGFR|X||p.Leu858Pro 0/1", "EGFR L858R"),
        # Another allele was missing when this one was annotated, and later joined.
        (f"T G,TG {L858R} 0/2", "not_annotated"),
        # VEP leaves out the first base; "-" is shared by two deletions.
        (f"{LONG} A -|{DEL15} 0/1", "EGFR E746_A750del"),
        (f"{LONG} A,* -|{DEL15} 0/1", "EGFR E746_A750del"),
        (f"{LONG} A,{LONG[:13]} -|{DEL15},-|{DEL3} 0/1", "EGFR E746_A750del"),
        (f"{LONG} A,{LONG[:13]} -|{DEL15},-|{DEL3} 0/2", "EGFR A750del"),
        (f"{LONG} {LONG[:13]} -|{DEL15},-|{DEL3} 0/1", "EGFR A750del"),
        (f"{LONG} {LONG[:13]} -|{DEL15} 0/1", "not_annotated"),
        (f"{LONG} A,{LONG[:10]} -|inframe_deletion|EGFR|X|| 0/1", "missing_alteration"),
        (f"{LONG} {LONG[:10]} -|d|EGFR|X||p.Leu747,-|d|EGFR|X||p.Leu7 0/1", "ambiguous_alteration"),
        # An atom of a larger change is none of its own.
        ("T C C|m|EGFR|ENST00000275493|c.2239_2240delinsCC|p.Leu747Pro 0/1", "not_annotated"),
        # One base on the other strand: BRAF is annotated on the minus strand.
        ("A T T|m|BRAF|ENST00000288602|c.1799T>A|p.Val600Glu 0/1", "BRAF V600E"),
        ("C T T|m|BRAF|ENST00000288602|c.1799T>A|p.Val600Glu 0/1", "not_annotated"),
    ],
)
def test_the_annotation_of_a_neighbour_is_never_taken(record: str, wanted: str) -> None:
    (sample,) = read(record)
    names = found(sample)
    assert (names or [item.reason for item in sample.items]) == [wanted]


def test_the_number_of_an_allele_counts_where_its_name_does_not_decide() -> None:
    form = f"{CSQ}|ALLELE_NUM"
    entries = "-|d|EGFR|X||p.Ala750del|1,-|d|EGFR|X||p.Leu747del|2"
    first, second = f"{LONG} A{LONG[4:]},{LONG[:13]} {entries} 0/1", "0/2"
    assert all_found(read(first, form=form)) == [("S", "EGFR A750del")]
    assert all_found(read(first[:-3] + second, form=form)) == [("S", "EGFR L747del")]
    assert apart(read(first)) == [("ambiguous_alteration", "EGFR", "vcf:7:1")]


@pytest.mark.parametrize(
    ("record", "fate", "reason"),
    [
        ("T * G|x 0/1", "set_apart", "spanning_deletion"),
        ("T <*> G|x 0/1", "set_apart", "no_variant"),
        ("T <NON_REF> G|x 0/1", "set_apart", "no_variant"),
        ("N <DUP> . 0/1", "set_apart", "structural_variant"),
        ("N <DUP> duplication|amp|ERBB2|X|| 0/1", "set_apart", "structural_variant"),
        ("N <DUP> duplication|amp|CCNE1|X|| 0/1", "not_covered", None),
        ("G G]17:198982] . 0/1", "set_apart", "structural_variant"),
        ("T G . 0/1", "set_apart", "not_annotated"),
        ("T G ,, 0/1", "set_apart", "not_annotated"),
        (f"T G ,{L858R}, 0/1", "finding", None),
        ("T G G|m 0/1", "set_apart", "not_annotated"),
        (f"T G {L858R} .", "set_apart", "no_result"),
        (f"T G {L858R} ./.", "set_apart", "no_result"),
        (f"T G {L858R} ./1", "finding", None),
        (f"T G {L858R} 1", "finding", None),
        (f"T G {L858R} 0|1", "finding", None),
        ("T G G|intergenic_variant|||| 0/1", "set_apart", "outside_the_gene"),
        ("T G G|upstream_gene_variant|EGFR|ENST00000275493|| 0/1", "set_apart", "outside_the_gene"),
        ("T G G|splice_donor_variant|EGFR|ENST00000275493|c.1+1T>G| 0/1", "set_apart",
         "no_protein_change"),
        ("T G G|missense_variant|EGFR|ENST00000275493|| 0/1", "set_apart", "missing_alteration"),
        ("T G G|missense_variant|EGFR|ENST00000275493|c.2573T>G| 0/1", "finding", None),
        ("T G G|synonymous_variant|EGFR|ENST00000275493||p.Leu858%3D 0/1", "set_apart", "silent"),
        ("T G G|missense_variant|EGFR|ENST00000275493||p.? 0/1", "set_apart", "no_protein_change"),
        ("T G G|missense_variant|TP53|X||p.Arg175His 0/1", "not_covered", None),
    ],
)  # fmt: skip
def test_every_allele_in_a_sample_has_one_fate(record: str, fate: str, reason: str | None) -> None:
    item = only(read(record))
    assert (item.fate, item.reason) == (fate, reason)


@pytest.mark.parametrize("record", [f"T G {L858R} 0/0", f"T . {L858R} 0/0"])
def test_an_allele_that_is_not_carried_is_counted_and_no_finding(record: str) -> None:
    samples = read(record)
    assert list(samples.items()) == []
    assert samples.records()[0]["no_content"] == 1


def test_a_gene_that_an_allele_changes_is_named_before_one_it_lies_beside() -> None:
    beside = "G|upstream_gene_variant|EGFR|ENST00000275493||"
    samples = read(f"T G {beside},G|missense_variant|TP53|X||p.Arg175His 0/1")
    assert strangers(samples) == ["TP53 p.Arg175His"]


def test_each_column_that_is_no_normal_is_a_sample() -> None:
    samples = read(
        f"T G {L858R} 0/1 0/0 0/0 0/0", samples="A NORMAL B BLOOD", more="##normal_sample=BLOOD"
    )
    assert [sample.id for sample in samples] == ["A", "B"]
    assert all_found(samples) == [("A", "EGFR L858R")]


def test_a_line_that_is_no_record_is_set_apart_with_its_number() -> None:
    samples = read_vcf(load_kb(), [*vcf(f"T G {L858R} 0/1"), "7\t55259515\n"])
    assert apart(samples) == [("not_understood", None, "vcf:5")]
    assert all_found(samples) == [("S", "EGFR L858R")]


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(InputError) as caught:
        list(open_vcf([*vcf(), "7\t" + "1" * (1 << 23)])[1])
    assert [fault.code for fault in caught.value.faults] == ["line_too_long"]


def test_very_many_alleles_cost_no_time() -> None:
    alts = ["A" * size for size in range(2, 1500)]
    entries = [Entry("-", "EGFR", f"T{n}", "inframe_deletion", "", "") for n in range(5000)]
    alleles = Alleles("A" * 1500, alts, [*entries, Entry("A" * 800, "EGFR", "X", "", "", "")])
    chosen = [alleles.choose(index).reason for index in range(len(alts))]
    assert set(chosen) <= {"ambiguous_alteration", "not_annotated", None}


@pytest.mark.parametrize(
    ("ref", "alt", "wanted"),
    [
        ("T", "G", ("T", "G")),
        ("TC", "GC", ("T", "G")),
        ("TAA", "TA", ("A", "")),
        ("T", "TTA", ("", "TA")),
        ("GTG", "GAA", ("TG", "AA")),
    ],
)
def test_alleles_without_what_they_share(ref: str, alt: str, wanted: tuple[str, str]) -> None:
    assert minimal(ref, alt) == wanted


def test_a_bcf_gives_what_its_vcf_gives(tmp_path: Path) -> None:
    pysam = pytest.importorskip("pysam")
    with pysam.VariantFile(str(FOLDER / "vep.vcf")) as given:
        path = tmp_path / "vep.bcf"
        with pysam.VariantFile(str(path), "wb", header=given.header) as out:
            for record in given:
                out.write(record)
    samples = read_files(load_kb(), {"vcf": path})
    assert (all_found(samples), apart(samples)) == (
        all_found(of_file("vep.vcf")),
        apart(of_file("vep.vcf")),
    )
