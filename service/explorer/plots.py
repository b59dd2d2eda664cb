"""Where things stand in a plot, in percent of its width; the templates draw it as SVG.

A plot is a table whose last column is drawn: the text wraps as on any page and says the same as the
drawing. Here: scales, ticks and intervals. Not here: what is plotted (``evidence``, ``timeline``).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: The outermost percent are left free, so that marks and labels at the ends are whole.
_MARGIN = 3.0
#: Ticks of a ratio; the axis reaches the nearest ones outside the data, and 0.5 and 2 at least.
_RATIO_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_NICE_STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
MAX_YEAR_TICKS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: where a value stands, and its ticks.

    Args:
        line: place of the value that separates the sides (no difference), if there is one.
    """

    low: float
    high: float
    ticks: tuple[Tick, ...] = ()
    line: float | None = None
    is_log: bool = False

    def place(self, value: float) -> float:
        """Return where a value stands, in percent; a value outside stands at the end."""
        low, high, at = (
            (math.log(max(v, self.low / 2)) if self.is_log else v)
            for v in (self.low, self.high, value)
        )
        share = min(max((at - low) / (high - low), 0.0), 1.0)
        return round(_MARGIN + share * (100 - 2 * _MARGIN), 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its interval; a bound that was not published is ``None`` and is not drawn."""

    at: float
    low: float | None
    high: float | None


def rate_scale() -> Scale:
    """Return the axis of a percentage."""
    return _with_ticks(Scale(0, 100), [(v, f"{v}%") for v in (0, 25, 50, 75, 100)])


def ratio_scale(values: Iterable[float]) -> Scale:
    """Return the logarithmic axis of ratios, with the line of no difference at 1."""
    found = [value for value in values if value > 0]
    low = max((t for t in _RATIO_TICKS if t <= min(found, default=1)), default=_RATIO_TICKS[0])
    high = min((t for t in _RATIO_TICKS if t >= max(found, default=1)), default=_RATIO_TICKS[-1])
    scale = Scale(min(low, 0.5), max(high, 2.0), is_log=True)
    shown = [(t, f"{t:g}") for t in _RATIO_TICKS if scale.low <= t <= scale.high]
    with_ticks = _with_ticks(scale, shown)
    return Scale(scale.low, scale.high, with_ticks.ticks, scale.place(1.0), is_log=True)


def amount_scale(values: Iterable[float], unit: str) -> Scale:
    """Return an axis from nothing to the largest value."""
    largest = max(values, default=1.0)
    step = next((s for s in _NICE_STEPS if largest / s <= 5), _NICE_STEPS[-1])
    count = max(1, math.ceil(largest / step))
    ticks = [
        (i * step, f"{i * step} {unit}" if i == count else str(i * step)) for i in range(count + 1)
    ]
    return _with_ticks(Scale(0, count * step), ticks)


def time_scale(first: dt.date, last: dt.date) -> Scale:
    """Return an axis of days, whole years from end to end."""
    low, high = first.year, last.year + 1
    step = next(s for s in (1, 2, 5, 10, 20) if (high - low) / s <= MAX_YEAR_TICKS or s == 20)
    years = [year for year in range(low, high + 1) if year % step == 0]
    scale = Scale(dt.date(low, 1, 1).toordinal(), dt.date(high, 1, 1).toordinal())
    return _with_ticks(scale, [(dt.date(year, 1, 1).toordinal(), str(year)) for year in years])


def interval(scale: Scale, value: float, low: float | None, high: float | None) -> Interval:
    """Return where a value and its bounds stand."""
    return Interval(
        scale.place(value),
        None if low is None else scale.place(low),
        None if high is None else scale.place(high),
    )


def _with_ticks(scale: Scale, ticks: Sequence[tuple[float, str]]) -> Scale:
    placed = tuple(Tick(scale.place(value), label) for value, label in ticks)
    return Scale(scale.low, scale.high, placed, scale.line, scale.is_log)
