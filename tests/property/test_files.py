"""Properties of files: order says nothing, a word is no result, every record is accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.files.alleles import Alleles, Entry, minimal
from service.adapters.files.genes import GeneColumn
from service.adapters.files.samples import Samples
from service.adapters.files.vcf import read_vcf
from service.engine.notation.stranger_findings import to_stranger
from service.engine.reading import PLACEHOLDERS
from tests.adapters.small_files import all_found, apart, read
from tests.cases import load_kb

#: What columns of a protein change hold when no change stands there.
WORDS = [
    *sorted(PLACEHOLDERS), "wt", "WT", "wild type", "Wild-type", "Negative", "neg", "absent",
    "not detected", "none found", "no mutation", "not mutated", "normal", "ND", "pending", "failed",
    "VUS", "benign", "0", "+", "\u2212", "p.?", "p.0", "p.=", "p.(=)", "no L858R",
    "L858R not detected", "L858R negative", "L858R-", "L858R (-)", "not L858R",
    "no evidence of T790M", "germline", "0%", "mutation", "EGFR", "exon 19", "p.",
]  # fmt: skip
CHANGES = (
    "p.L858R",
    "p.T790M",
    "p.G719A",
    "p.E746_A750del",
    "p.A858R",
    "p.L858=",
    "-",
    "wt",
    "p.?",
)
GENES = ("EGFR", "KRAS", "TP53", "ALK", "EGRF", "-", "AC012345.1")
KINDS = ("Missense_Mutation", "Silent", "In_Frame_Del", "Splice_Site", "Intron", "Fusion", "")
STATUSES = ("", "Somatic", "Germline", "LOH", "None", "refuted")
COLUMNS = (
    "Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode", "HGVSp_Short", "HGVSp",
    "Mutation_Status", "Validation_Status", "Fusion",
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(GENES),
        st.sampled_from(KINDS),
        st.sampled_from(("A", "B", "a", "")),
        st.sampled_from(CHANGES),
        st.sampled_from(("", "p.Leu858Arg", "p.Thr790Met", "-")),
        st.sampled_from(STATUSES),
        st.sampled_from(("", "Valid", "Invalid")),
        st.sampled_from(("", "EML4-ALK fusion", "no fusion")),
    ),
    max_size=8,
)


def table(rows: Sequence[Sequence[str]], order: Sequence[int]) -> list[str]:
    """Return the lines of a MAF with its columns in an order."""
    return ["\t".join(row[at] for at in order) for row in [COLUMNS, *rows]]


def told(samples: Samples) -> object:
    """Return what files say, without places and in no order."""
    aside = sorted((str(reason), str(gene)) for reason, gene, _ in apart(samples))
    return sorted({s.id for s in samples}), all_found(samples), aside, samples.records()


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, data=st.data())
def test_the_order_of_columns_and_rows_says_nothing(
    rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(COLUMNS))))
    mixed = data.draw(st.permutations(rows))
    whole = read({"maf": table(rows, range(len(COLUMNS)))})
    assert told(read({"maf": table(mixed, order)})) == told(whole)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_every_record_has_one_fate_and_no_row_is_a_negative(rows: list[tuple[str, ...]]) -> None:
    samples = read({"maf": table(rows, range(len(COLUMNS)))})
    (counted,) = samples.records()
    assert counted["items"] == len(rows) == len(list(samples.items()))
    found = [f for item in samples.items() if item.fate == "finding" for f in item.findings]
    assert {finding.result for finding in found} <= {"detected"}


@settings(max_examples=150, deadline=None)
@given(
    word=st.sampled_from(WORDS),
    pad=st.sampled_from(("", " ", "  ")),
    upper=st.booleans(),
    gene=st.sampled_from(("EGFR", "KRAS", "NRAS", "BRAF", "ERBB2", "ALK")),
    column=st.sampled_from(("HGVSp_Short", "HGVSp")),
)
def test_no_word_in_a_column_of_changes_gives_a_result(
    word: str, pad: str, upper: bool, gene: str, column: str
) -> None:
    text = pad + (word.upper() if upper else word) + pad
    other = "HGVSp" if column == "HGVSp_Short" else "HGVSp_Short"
    rows = [
        f"Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\t{column}\t{other}",
        f"{gene}\tMissense_Mutation\tS\t{text}\t",
    ]
    samples = read({"maf": rows})
    assert all_found(samples) == []
    assert len(apart(samples)) == 1


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="LpR.858T790M-+= ()*?_>delinsfxnowtg", max_size=14))
def test_no_text_in_a_column_of_changes_is_a_negative(text: str) -> None:
    rows = [
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short",
        f"EGFR\tMissense_Mutation\tS\t{text}",
    ]
    findings = [f for item in read({"maf": rows}).items() for f in item.findings]
    assert {finding.result for finding in findings} <= {"detected"}


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.sampled_from(("2", "-2", "0", "1", "-1", "NA", "", "2.000", "+2", "x", "0.37")),
        min_size=4,
        max_size=4,
    ),
    data=st.data(),
)
def test_a_wide_and_a_long_table_of_copy_numbers_say_the_same(
    values: list[str], data: st.DataObject
) -> None:
    genes, names = ("ERBB2", "CCNE1"), ("s1", "S1")
    cells = [(g, n, values[2 * i + k]) for i, g in enumerate(genes) for k, n in enumerate(names)]
    order = data.draw(st.permutations(range(4)))
    columns = ("Hugo_Symbol", "Entrez_Gene_Id", *names)
    wide = [
        "\t".join(row[at] for at in order)
        for row in [columns, *((g, "1", *values[2 * i : 2 * i + 2]) for i, g in enumerate(genes))]
    ]
    long = ["Hugo_Symbol\tSample_Id\tValue", *("\t".join(cell) for cell in cells)]
    one, other = read({"cna": wide}), read({"cna": long})
    assert all_found(one) == all_found(other)
    assert sorted(x[:2] for x in apart(one)) == sorted(x[:2] for x in apart(other))  # type: ignore[type-var]
    assert one.records()[0]["items"] == other.records()[0]["items"] == 4


BASES = st.text(alphabet="ACGT", min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(ref=BASES, alts=st.lists(BASES, min_size=1, max_size=4, unique=True), data=st.data())
def test_an_annotation_is_used_for_its_own_allele_in_every_form_of_a_record(
    ref: str, alts: list[str], data: st.DataObject
) -> None:
    """The forms: all alleles on one line, each alone, longer by what follows, in another order."""
    alts = [alt for alt in alts if alt != ref]
    entries = [Entry(alt, "G", "T", "", "", f"change of {alt}") for alt in alts]
    tail = data.draw(st.text(alphabet="ACGT", max_size=3))
    order = data.draw(st.permutations(range(len(alts))))
    for at, alt in enumerate(alts):
        forms = [
            (ref, alts, at),
            (ref, [alt], 0),
            (ref + tail, [one + tail for one in alts], at),
            (ref, [alts[n] for n in order], order.index(at)),
        ]
        for form in forms:
            chosen = Alleles(form[0], form[1], entries).choose(form[2]).entries
            assert {entry.protein for entry in chosen} <= {f"change of {alt}"}
        untouched = Alleles(ref, alts, entries).choose(at).entries
        assert [entry.protein for entry in untouched] == [f"change of {alt}"]
    one, other = minimal(ref, alts[0]) if alts else ("", "x")
    assert one != other


@settings(max_examples=100, deadline=None)
@given(
    alts=st.lists(
        st.sampled_from(("G", "A", "C", "*", "<DEL>", "TG", ".")), min_size=1, max_size=3
    ),
    entry=st.sampled_from(("", "G|m|EGFR|X|p.Leu858Arg", "A|m|TP53|X|p.Arg175His", "G|m", ",,")),
    calls=st.lists(st.sampled_from(("0/1", "1/2", "./.", ".", "0/0", "0|3", "x")), max_size=3),
)
def test_every_allele_in_every_sample_is_accounted_for(
    alts: list[str], entry: str, calls: list[str]
) -> None:
    names = [f"S{number}" for number in range(len(calls))]
    head = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *names]
    form = "Allele|Consequence|SYMBOL|Feature|HGVSp"
    row = ["7", "1", ".", "T", ",".join(alts), ".", "PASS", f"CSQ={entry}", "GT", *calls]
    lines = [f'##INFO=<ID=CSQ,Number=1,Type=String,Description="Format: {form}">']
    samples = read_vcf(load_kb(), [*lines, "\t".join(head), "\t".join(row)])
    (counted,) = samples.records()
    named = [alt for alt in alts if alt != "."]
    assert counted["items"] == max(1, len(named)) * max(1, len(calls))
    assert counted["items"] == sum(
        value for key, value in counted.items() if key not in ("items", "file")
    )


@given(
    residue=st.sampled_from("ACDEFGHIKLMNPQRSTVWY*"),
    position=st.integers(1, 99999),
    change=st.sampled_from([*"ACDEFGHIKLMNPQRSTVWYX*", "fs", "fs*1", "fs*4321"]),
    symbol=st.sampled_from(["TP53", "STK11", "RB1"]),
)
def test_a_usual_change_of_another_gene_is_read_as_every_text_is(
    residue: str, position: int, change: str, symbol: str
) -> None:
    """The short way for the many rows of a panel gives what the reader of texts gives."""
    column = GeneColumn(load_kb())
    gene = column.find(symbol)
    text = f"p.{residue}{position}{change}"
    if gene.stranger is None:
        return  # somebody curated it
    item = column.not_covered(gene, text, "maf:2")
    assert item.findings == to_stranger(gene.stranger, text, None).strangers
