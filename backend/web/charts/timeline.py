"""A line for each stage: when it was planned, and when it was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from backend.web.charts.canvas import Canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROOM = 40
_FEW = 20
_HIGH, _LOW = 26, 9


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage, in days since 1970: when it was planned and when it was accepted or, while it is
    not, today if it is late; None for what there is not."""

    number: int
    planned: int | None
    accepted: int | None
    late_until: int | None


@dataclass(frozen=True, slots=True)
class TimelineChart:
    """`today` is in days since 1970; `ticks` are days with their texts."""

    bars: tuple[Bar, ...]
    today: int
    today_text: str
    ticks: tuple[tuple[int, str], ...]

    def paint(self, axes: Axes, canvas: Canvas) -> None:
        """Draw it, the first stage on top."""
        few = len(self.bars) <= _FEW
        for bar in self.bars:
            _paint_bar(axes, bar, canvas, size=8 if few else 5)
        first, last = self.ticks[0][0], self.ticks[-1][0]
        axes.set_xlim(first, last)
        axes.set_ylim(self.bars[-1].number + 0.7, self.bars[0].number - 0.7)
        axes.set_xticks([day for day, _ in self.ticks], [text for _, text in self.ticks])
        # Texts at the ends would stand beyond the picture.
        labels = axes.get_xticklabels()
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")
        axes.grid(axis="x", color=canvas.colours.rule, linewidth=1)
        every = 1 if few else 5
        axes.set_yticks([bar.number for bar in self.bars if (bar.number - 1) % every == 0])
        if first <= self.today <= last:
            axes.axvline(self.today, color=canvas.colours.ink, linewidth=1, linestyle=(0, (3, 3)))
            right = self.today > (first + last) / 2
            axes.annotate(
                self.today_text,
                (self.today, 1),
                xycoords=("data", "axes fraction"),
                xytext=(-4 if right else 4, 0),
                textcoords="offset points",
                ha="right" if right else "left",
                va="bottom",
                color=canvas.colours.ink,
            )


def height_of(stages: int) -> int:
    """How high the chart of so many stages is."""
    return _ROOM + stages * (_HIGH if stages <= _FEW else _LOW)


@lru_cache(maxsize=128)
def draw_timeline(chart: TimelineChart, canvas: Canvas) -> bytes:
    """The chart as SVG."""
    return canvas.draw(chart.paint)


def _paint_bar(axes: Axes, bar: Bar, canvas: Canvas, size: int) -> None:
    """Planned is hollow, accepted full; what is late ends in a triangle, if it is not accepted."""
    colours, y = canvas.colours, bar.number
    end = bar.late_until if bar.accepted is None else bar.accepted
    late = bar.planned is not None and end is not None and end > bar.planned
    colour = colours.late if late else colours.accent
    if bar.planned is not None and end is not None:
        axes.plot([bar.planned, end], [y, y], color=colour, linewidth=2, solid_capstyle="butt")
    if bar.planned is not None:
        axes.plot(bar.planned, y, "o", ms=size, mfc="none", mec=colours.quiet, mew=1.5, zorder=3)
    if end is not None:
        axes.plot(end, y, "o" if bar.accepted is not None else "^", ms=size, color=colour, zorder=4)
