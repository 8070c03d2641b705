"""A bar for each month, as high as what was paid in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from backend.web.charts.canvas import Canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHTS = {"wide": 220, "narrow": 180}
_LABELS = {"wide": (12, 8), "narrow": (12, 4)}
"""How many short and how many long labels have room."""
_SHORT = 4
_STEPS = 3


@dataclass(frozen=True, slots=True)
class PaidChart:
    """`amounts` are in minor units, one for each of `labels`; `ticks` are amounts with their texts,
    to be marked on the left."""

    labels: tuple[str, ...]
    amounts: tuple[int, ...]
    ticks: tuple[tuple[int, str], ...]

    def paint(self, axes: Axes, canvas: Canvas) -> None:
        """Draw it."""
        places = range(len(self.amounts))
        top = max((*self.amounts, *(amount for amount, _ in self.ticks))) or 1
        # As shares of the largest: amounts may have more digits than floats keep.
        axes.bar(places, [a / top for a in self.amounts], width=0.7, color=canvas.colours.bar)
        axes.set_ylim(0, 1.02)
        axes.set_xlim(-0.6, len(self.amounts) - 0.4)
        short, long = _LABELS[canvas.size]
        most = short if max(map(len, self.labels)) <= _SHORT else long
        every = -(-len(self.labels) // most)
        axes.set_xticks(list(places)[::every], self.labels[::every])
        axes.set_yticks([a / top for a, _ in self.ticks], [text for _, text in self.ticks])
        axes.grid(axis="y", color=canvas.colours.rule, linewidth=1)


def rounded_steps(largest: int) -> list[int]:
    """Zero and a few round amounts up to the first that is not below `largest`."""
    if largest <= 0:
        return [0]
    power = 10 ** (len(str(largest)) - 1)
    nice = [power * factor // 10 for factor in (2, 5, 10, 20, 25, 50)]
    step = next((s for s in nice if s and s * _STEPS >= largest), max(1, power * 5))
    return [step * place for place in range(-(-largest // step) + 1)]


@lru_cache(maxsize=128)
def draw_paid(chart: PaidChart, canvas: Canvas) -> bytes:
    """The chart as SVG."""
    return canvas.draw(chart.paint)
