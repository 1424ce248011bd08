"""Parts of drawings as SVG: the signs of kinds, a thing's neighbours. Templates: ``svg``."""

from __future__ import annotations

from markupsafe import Markup

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.site.model.drawing.neighbourhood import BESIDE, EDGE, Neighbourhood
from rallynov_graph.site.model.drawing.neighbourhood import PlacedNeighbour as Placed
from rallynov_graph.site.web.html import in_html
from rallynov_graph.site.web.messages import Messages

_RADIUS = 6
_LINE = 14
"""How far apart two lines of a name stand."""
_NO_CERTAINTY = SUREST
"""The stroke of a line without a certainty."""


class SvgElements:
    """The elements of drawings, with the words of one language."""

    def __init__(self, words: Messages) -> None:
        self._words = words

    def mark(self, shape: str, x: int, y: int, r: int) -> Markup:
        """Return the sign of a kind around a point."""
        return Markup(_mark(shape, x, y, r))

    def around(self, drawing: Neighbourhood) -> Markup:
        """Return the drawing of a thing and its neighbours."""
        x, y = EDGE, drawing.height // 2
        lines = "\n".join(
            f'<path class="line line-{at.neighbour.certainty or _NO_CERTAINTY}"'
            f' d="M{x} {y}L{at.x} {at.y}"/>'
            for at in drawing.neighbours
        )
        centre = f'<g class="here">{_mark(drawing.shape, x, y, _RADIUS * 3 // 2)}</g>'
        links = "\n".join(map(self._neighbour, drawing.neighbours))
        width, height = drawing.width, drawing.height
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        return Markup(
            f'<svg class="net" {size} role="presentation">\n{lines}\n{centre}\n{links}\n</svg>\n'
        )

    def _neighbour(self, placed: Placed) -> str:
        neighbour, node = placed.neighbour, placed.neighbour.node
        certainty = (
            f" ({in_html(self._words(f'how.{neighbour.certainty}'))})"
            if neighbour.certainty
            else ""
        )
        title = (
            f"{in_html(neighbour.label)}{self._words('site.colon')} {in_html(node.text)}{certainty}"
        )
        language = f' lang="{in_html(node.language)}"' if node.language else ""
        return (
            f'<a href="{in_html(node.href or "")}"><title>{title}</title>'
            f"{_mark(node.shape, placed.x, placed.y, _RADIUS)}"
            f"<text{language}>{_lines(placed)}</text></a>"
        )


def _lines(placed: Placed) -> str:
    """Return the lines of a name beside its sign, one after the other."""
    x, top = placed.x + BESIDE, placed.y + 5 - _LINE // 2 * (len(placed.name) - 1)
    return " ".join(
        f'<tspan x="{x}" y="{top + _LINE * number}">{in_html(line)}</tspan>'
        for number, line in enumerate(placed.name)
    )


def _mark(shape: str, x: int, y: int, r: int) -> str:
    """Return the sign of a kind around a point; things of no kind have a small disc."""
    sign = DRAWN[shape].sign if shape in DRAWN else ""
    if sign == "circle":
        return f'<circle class="mark" cx="{x}" cy="{y}" r="{r}"/>'
    if sign == "rectangle":
        half = r + r // 3
        size = f'width="{2 * half}" height="{r * 3 // 2}"'
        return f'<rect class="mark" x="{x - half}" y="{y - r * 3 // 4}" {size}/>'
    if sign == "square":
        return f'<rect class="mark" x="{x - r}" y="{y - r}" width="{2 * r}" height="{2 * r}"/>'
    top = f'<path class="mark" d="M{x} {y - r - 1}l{r + 1} '
    if sign == "diamond":
        side = r + 1
        return f'{top}{side}l-{side} {side}l-{side}-{side}z"/>'
    if sign == "triangle":
        return f'{top}{2 * r}h-{2 * r + 2}z"/>'
    return f'<circle class="mark mark-other" cx="{x}" cy="{y}" r="{r // 2 + 1}"/>'
