"""Parts of drawings as SVG: the shape of a kind, a thing's neighbours. Templates: ``svg``."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.site.model.drawing.neighbourhood import Neighbourhood
from rallynov_graph.site.model.drawing.neighbourhood import PlacedNeighbour as Placed
from rallynov_graph.site.web.html import in_html
from rallynov_graph.site.web.messages import Messages

_RADIUS = 6
_UNSAID = SUREST
"""The stroke of a line of which nobody says how sure it is."""


class SvgElements:
    """What drawings are made of, in the words of one language."""

    def __init__(self, words: Messages) -> None:
        self._words = words

    def mark(self, shape: str, x: int, y: int, r: int) -> Markup:
        """Draw the shape of a kind around a point."""
        return Markup(_mark(shape, x, y, r))

    def around(self, it: Neighbourhood) -> Markup:
        """Draw a thing's neighbours, in halves that meet where it stands itself."""
        x, y = it.half, it.height // 2
        language = f' lang="{in_html(it.language)}"' if it.language else ""
        name, mark = in_html(it.name), _mark(it.shape, x, y, _RADIUS * 3 // 2)
        place = f'x="{x}" y="{y + 27}" text-anchor="middle"'
        here = f'<g class="here">{mark}<text {place}{language}>{name}</text></g>'
        right = self._half(it, x, it.right, here)
        left = self._half(it, 0, it.left, f'<g class="here again">{mark}</g>') if it.left else ""
        return Markup(
            f'<p class="around-name" aria-hidden="true"{language}>{name}</p>\n'
            f'<div class="halves">\n{right}{left}</div>'
        )

    def _half(self, it: Neighbourhood, start: int, them: Sequence[Placed], here: str) -> str:
        size = f'width="{it.half}" height="{it.height}"'
        middle = f"M{it.half} {it.height // 2}"
        lines = "\n".join(
            f'<path class="line line-{at.neighbour.how or _UNSAID}" d="{middle}L{at.x} {at.y}"/>'
            for at in them
        )
        neighbours = "\n".join(map(self._neighbour, them))
        return (
            f'<svg class="net" viewBox="{start} 0 {it.half} {it.height}" {size}'
            f' role="presentation">\n{lines}\n{here}\n{neighbours}\n</svg>\n'
        )

    def _neighbour(self, at: Placed) -> str:
        it, node = at.neighbour, at.neighbour.node
        sure = f" ({in_html(self._words(f'how.{it.how}'))})" if it.how else ""
        told = f"{in_html(it.label)}{self._words('site.colon')} {in_html(node.text)}{sure}"
        end = ' text-anchor="end"' if at.is_left else ""
        language = f' lang="{in_html(node.language)}"' if node.language else ""
        x = at.x - 14 if at.is_left else at.x + 14
        return (
            f'<a href="{in_html(node.href or "")}"><title>{told}</title>'
            f"{_mark(node.shape, at.x, at.y, _RADIUS)}"
            f'<text x="{x}" y="{at.y + 5}"{end}{language}>{in_html(at.name)}</text></a>'
        )


def _mark(shape: str, x: int, y: int, r: int) -> str:
    """Draw the sign of a kind around a point; a small disc is anything else."""
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
