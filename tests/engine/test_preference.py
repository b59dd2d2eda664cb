"""M20, key 4: a preference orders rows in the tumour type it speaks about, nowhere else."""

from __future__ import annotations

import pytest

from service.engine.match import match
from tests.engine.small import A10C, assertion, case, small_rulebook

PLAIN = assertion("A0001", drugs=("alphanib",))
PREFERRED = assertion("A0002", drugs=("betanib",), preferred=True)


def order(tumor_type: str) -> list[str]:
    """Return the regimens of two equal labels, one of them preferred, in a tumour type."""
    report = match(small_rulebook(PLAIN, PREFERRED), case(A10C, tumor_type=tumor_type))
    return [row.regimen.id for row in report.therapies]


@pytest.mark.parametrize("tumor_type", ["NSCLC", "LUAD"])
def test_the_preferred_regimen_comes_first_in_its_tumour_type(tumor_type: str) -> None:
    assert order(tumor_type) == ["betanib", "alphanib"]


def test_elsewhere_the_preference_does_not_count() -> None:
    assert order("BREAST") == ["alphanib", "betanib"]
