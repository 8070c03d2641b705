"""What charts have in common: their size, their colours, and how they become SVG."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Theme = Literal["light", "dark"]
Size = Literal["wide", "narrow"]

WIDTHS: dict[Size, int] = {"wide": 960, "narrow": 360}
FONT_SIZES: dict[Size, int] = {"wide": 14, "narrow": 12}
_POINTS_PER_INCH = 72
_MEASURED, _SHOWN = "DejaVu Sans", "system-ui"
"""The font that texts are measured with, and the one that the reader's browser takes."""
# matplotlib is imported when the first chart is drawn: it takes more than a second.
# Its fonts and settings are shared by all threads.
_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Colours:
    """Those of the style sheet that charts use."""

    ink: str
    quiet: str
    rule: str
    accent: str
    late: str
    bar: str


COLOURS: dict[Theme, Colours] = {
    "light": Colours("#1c1c1a", "#5a5a55", "#d5d3cc", "#0b4f8a", "#a3290c", "#0b4f8a"),
    "dark": Colours("#e8e7e3", "#a9adb0", "#3a4046", "#8ebdeb", "#ff9d7e", "#8ebdeb"),
}


@dataclass(frozen=True, slots=True)
class Canvas:
    """How a chart is wanted; `height` is in the units of `WIDTHS`."""

    theme: Theme
    size: Size
    height: int

    @property
    def colours(self) -> Colours:
        """The colours of the theme."""
        return COLOURS[self.theme]

    @property
    def font_size(self) -> int:
        """The size of all text."""
        return FONT_SIZES[self.size]

    def draw(self, paint: Callable[[Axes, Canvas], None]) -> bytes:
        """The SVG of what `paint` puts on axes without a frame; the same for the same input.

        Its ground is transparent. Texts stay texts, and none is read as mathematics.
        """
        with _drawing:
            import matplotlib as mpl
            from matplotlib.figure import Figure

            mpl.rcParams.update(
                {
                    "svg.fonttype": "none",
                    "svg.hashsalt": "termin",
                    "text.parse_math": False,
                    "font.size": self.font_size,
                    "font.sans-serif": [_MEASURED],
                }
            )
            inches = (WIDTHS[self.size] / _POINTS_PER_INCH, self.height / _POINTS_PER_INCH)
            figure = Figure(figsize=inches, layout="constrained")
            figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)  # type: ignore[call-arg, union-attr]
            axes = figure.subplots()
            self._plain(axes)
            paint(axes, self)
            written = io.StringIO()
            figure.savefig(
                written,
                format="svg",
                transparent=True,
                metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
            )
        return written.getvalue().replace(f"'{_MEASURED}'", _SHOWN).encode()

    def _plain(self, axes: Axes) -> None:
        """Take away all that is no data."""
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, colors=self.colours.quiet, labelcolor=self.colours.quiet)
        axes.set_axisbelow(True)
