"""The order of findings in every answer, whatever the order of the input."""

from __future__ import annotations

from collections.abc import Iterable

from service.engine.model import Finding

_ORDER_OF_KIND = (
    "sequence_variant", "fusion", "copy_number", "expression", "in_situ_hybridization", "status",
)  # fmt: skip

#: Curated words of variants that drive no tumour.
_NO_DRIVER = frozenset({"resistance", "neutral", "likely_neutral", "inconclusive"})


def canonical_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repeats in the order of every answer.

    What may drive the tumour comes first, then what else was found (resistance, no effect), then
    what was not; each by gene, kind, result, name, value and assay.
    """
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (
                _rank_of(f),
                f.gene,
                _ORDER_OF_KIND.index(f.kind),
                f.result,
                f.name,
                f.values,
                f.assay or "",
            ),
        )
    )


def _rank_of(finding: Finding) -> int:
    """Return 0 for what may drive the tumour, 1 for what else was found, 2 for the rest."""
    if finding.result != "detected":
        return 2
    return 1 if finding.oncogenicity in _NO_DRIVER else 0
