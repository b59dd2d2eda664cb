"""Plots: what stands where, in percent of the width; nothing is drawn that was not given."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.explorer.plots import amount_scale, interval, rate_scale, ratio_scale, time_scale

RATIOS = st.floats(0.02, 40)


def test_a_rate_stands_in_proportion() -> None:
    scale = rate_scale()
    assert scale.place(0) == 3
    assert scale.place(50) == 50
    assert scale.place(100) == 97
    assert [tick.label for tick in scale.ticks] == ["0%", "25%", "50%", "75%", "100%"]


def test_a_ratio_stands_on_a_logarithmic_axis_with_a_line_at_one() -> None:
    """A halving and a doubling are equally far from the line."""
    scale = ratio_scale([0.5, 2.0])
    assert scale.line == scale.place(1.0) == 50
    assert scale.place(1.0) - scale.place(0.5) == pytest.approx(scale.place(2.0) - 50, abs=0.02)
    assert scale.place(0.5) - scale.place(0.25) == pytest.approx(0)  # outside: at the end


@given(st.lists(RATIOS, min_size=1, max_size=8))
def test_the_axis_of_ratios_holds_every_value_and_the_line(values: list[float]) -> None:
    scale = ratio_scale(values)
    assert all(scale.low <= value <= scale.high for value in values)
    assert scale.low <= 0.5
    assert scale.high >= 2
    assert "1" in [tick.label for tick in scale.ticks]


@given(RATIOS, RATIOS)
def test_a_larger_ratio_never_stands_further_left(one: float, other: float) -> None:
    scale = ratio_scale([one, other])
    assert (scale.place(min(one, other))) <= scale.place(max(one, other))


@given(st.lists(st.floats(0, 400), min_size=1, max_size=8))
def test_the_axis_of_times_begins_at_nothing_and_holds_every_value(values: list[float]) -> None:
    scale = amount_scale(values, "months")
    assert scale.low == 0
    assert scale.high >= max(values)
    assert scale.ticks[0].label == "0"
    assert scale.ticks[-1].label.endswith(" months")
    assert len(scale.ticks) <= 7


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 15000))
def test_the_axis_of_days_holds_both_ends_with_few_ticks(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    scale = time_scale(first, last)
    assert scale.low <= first.toordinal() <= last.toordinal() < scale.high
    assert 3 <= scale.place(first.toordinal()) <= scale.place(last.toordinal()) <= 97
    assert len(scale.ticks) <= 9


def test_a_bound_that_was_not_published_is_not_drawn() -> None:
    scale = rate_scale()
    assert interval(scale, 50, None, None).low is None
    assert interval(scale, 50, 25, None).high is None
    assert interval(scale, 50, 25, 75) == interval(scale, 50, 25.0, 75.0)
