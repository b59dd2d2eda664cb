"""Tables as spreadsheets, R, pandas and pyarrow write them: cells, quotes, headers, widths."""

from __future__ import annotations

import csv
import io

import pytest

from service.adapters.files.tables import MAX_LINE, open_table
from service.errors import InputError
from tests.adapters.small_files import all_found, apart, maf, read

HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tComment"
ROW = "EGFR\tMissense_Mutation\tS\tp.L858R\t"


def cells(*lines: str) -> list[list[str]]:
    """Return the cells of the rows of a table with the columns a, b, c."""
    return [list(row.cells) for row in open_table("maf", ["a\tb\tc\n", *lines]).rows]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (['"x"\t"y"\t"z"\n'], [["x", "y", "z"]]),
        (['"x\ty"\t"say ""hi"""\tz\n'], [["x\ty", 'say "hi"', "z"]]),
        (['x\t"two\n', 'lines"\tz\n', "1\t2\t3\n"], [["x", "two\nlines", "z"], ["1", "2", "3"]]),
        # A quote that is never closed stands for itself, and swallows no row.
        (['x\t"open\tz\n', "1\t2\t3\n"], [["x", '"open', "z"], ["1", "2", "3"]]),
        (['"5 inch\ty\tz\n', '1\t"2\t3\n'], [['"5 inch', "y", "z"], ["1", '"2', "3"]]),
        (['x\t5" tall\tz\n', "1\t2\t3\n"], [["x", '5" tall', "z"], ["1", "2", "3"]]),
        (['x\t"a" b\tz\n'], [["x", '"a" b', "z"]]),
        (["x\ty\tz\t\t\n", "1\n"], [["x", "y", "z"], ["1"]]),
        (["x\ty\tz\n", "#no row\n", "\n", "1\t2\t3\n"], [["x", "y", "z"], ["1", "2", "3"]]),
    ],
)
def test_cells_are_read_as_they_were_written(lines: list[str], wanted: list[list[str]]) -> None:
    assert cells(*lines) == wanted


def test_a_quote_that_stays_open_swallows_no_sample() -> None:
    rows = [HEADER, f'{ROW}"open', *(f"{ROW}".replace("\tS\t", f"\tS{n}\t") for n in range(30))]
    assert len(all_found(read({"maf": rows}))) == 31


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_MINIMAL])
def test_a_table_that_was_quoted_is_the_same_table(quoting: int) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", quoting=quoting)  # type: ignore[arg-type]
    rows = [HEADER.split("\t"), [*ROW.split("\t")[:4], "two\nlines, and a\ttab"]]
    writer.writerows(rows)
    lines = io.StringIO(out.getvalue())
    assert all_found(read({"maf": lines})) == [("S", "EGFR L858R")]


def test_row_names_without_a_column_are_left_out_as_r_does() -> None:
    rows = [f'"{HEADER}"'.replace("\t", '"\t"'), *(f'"{n}"\t{ROW}x' for n in (1, 2))]
    samples = read({"maf": rows})
    assert all_found(samples) == [("S", "EGFR L858R")] * 2
    rows[2] = f"{ROW}x\ty\tz"
    assert apart(read({"maf": rows})) == [("extra_cells", None, "maf:3")]


def test_a_row_with_more_cells_than_columns_is_set_apart_whole() -> None:
    rows = [*maf("EGFR Missense_Mutation S p.L858R Somatic"), "EGFR\tx\tM\tA\tp.T790M\tSomatic"]
    samples = read({"maf": rows})
    assert all_found(samples) == [("S", "EGFR L858R")]
    assert apart(samples) == [("extra_cells", None, "maf:3")]


def test_a_header_row_that_is_repeated_is_no_sample() -> None:
    rows = maf("EGFR Missense_Mutation S p.L858R Somatic")
    samples = read({"maf": [*rows, "#version 2.4", *rows]})
    assert [sample.id for sample in samples] == ["S"]
    assert samples.records()[0]["no_content"] == 1
    wide = ["Hugo_Symbol\tA\tB", "ERBB2\t2\t0", "Hugo_Symbol\tA\tB", "EGFR\t0\t2"]
    assert all_found(read({"cna": wide})) == [
        ("A", "ERBB2 amplification"),
        ("B", "EGFR amplification"),
    ]


def test_a_second_header_row_with_other_columns_refuses_the_file() -> None:
    rows = [
        *maf("EGFR Missense_Mutation S p.L858R Somatic"),
        "Hugo_Symbol\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short\tMutation_Status",
    ]
    with pytest.raises(InputError) as caught:
        read({"maf": rows})
    assert [(f.pointer, f.code) for f in caught.value.faults] == [("maf:3", "other_header")]


@pytest.mark.parametrize(
    "header",
    ["Hugo_Symbol\tS1\tS1", "Hugo_Symbol\tHUGO_SYMBOL\tS1", "Hugo_Symbol\tcytoband\tCytoband\tS1"],
)
def test_a_column_that_stands_twice_refuses_the_file(header: str) -> None:
    with pytest.raises(InputError) as caught:
        read({"cna": [header, "ERBB2\t2\t2\t2"]})
    assert [fault.code for fault in caught.value.faults] == ["duplicate_column"]


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        cells("x" * (MAX_LINE + 1))
    assert [(f.pointer, f.code) for f in caught.value.faults] == [("maf:2", "line_too_long")]


@pytest.mark.parametrize(
    ("columns", "cells", "tumor", "place"),
    [
        ("ONCOTREE_CODE CANCER_TYPE", "LUAD Lung", "LUAD", "ONCOTREE_CODE"),
        ("ONCOTREE_CODE CANCER_TYPE_DETAILED", "NA Melanoma", "Melanoma", "CANCER_TYPE_DETAILED"),
        ("CANCER_TYPE CANCER_TYPE_DETAILED", "Lung Melanoma", "Melanoma", "CANCER_TYPE_DETAILED"),
        ("CANCER_TYPE", "Melanoma", "Melanoma", "CANCER_TYPE"),
        ("CANCER_TYPE", "NA", None, ""),
    ],
)
def test_the_most_precise_column_says_the_tumour_type(
    columns: str, cells: str, tumor: str | None, place: str
) -> None:
    rows = ["\t".join(f"{one} {two}".split(" ")) for one, two in
            (("SAMPLE_ID", columns), ("S1", cells))]  # fmt: skip
    (sample,) = read({"clinical": rows})
    assert sample.tumor_type == tumor
    assert sample.tumor_place == (f"clinical:2:{place}" if place else "")


def test_low_cells_of_other_genes_are_a_number_in_both_layouts() -> None:
    wide = read({"cna": ["Hugo_Symbol\tS1\tS2", "TP53\t-1\t-2"]})
    rows = ["Hugo_Symbol\tSample_Id\tValue", "TP53\tS1\t-1", "TP53\tS2\t-2"]
    long = read({"cna": rows})
    for samples in (wide, long):
        assert [item.text for item in samples.items()] == ["TP53 homozygous deletion"]
        assert samples.records()[0]["not_covered"] == 2
        assert [sample.id for sample in samples] == ["S1", "S2"]
