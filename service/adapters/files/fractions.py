"""The fraction of reads that show a variant, as tables write it: only a fraction of 0 is a result.

A called variant that no read shows contradicts itself. A fraction above 0 is not judged here.

Source: GDC MAF format 1.0 (``t_depth``, ``t_ref_count``, ``t_alt_count``); cBioPortal file formats.
"""

from __future__ import annotations

from service.adapters.files.tables import Row

#: Reads of the variant; with reads of the place beside them, else 0 may mean "not counted".
_READS = "t_alt_count"
_DEPTHS = ("t_depth", "t_ref_count")
#: The fraction itself. ``AF`` is none of them: there vcf2maf has the frequency in a population.
_FRACTIONS = ("t_vaf", "tumor_vaf", "tumour_vaf", "vaf", "t_af", "tumor_f")
COLUMNS = (_READS, *_DEPTHS, *_FRACTIONS)


def never_read(row: Row) -> str | None:
    """Return the column that says that no read of the tumour shows the variant, if one does."""
    found = next((name for name in _FRACTIONS if number(row.get(name)) == 0), None)
    if found is not None:
        return found
    is_covered = any((number(row.get(name)) or 0) > 0 for name in _DEPTHS)
    return _READS if is_covered and number(row.get(_READS)) == 0 else None


def number(text: str) -> float | None:
    """Return a number as tables write it: ``0``, ``0.12``, ``12%``, ``0,12``."""
    try:
        return float(text.strip().removesuffix("%").replace(",", "."))
    except ValueError:
        return None
