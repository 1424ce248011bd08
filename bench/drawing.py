"""The results of the service's benchmark as a table and as a chart."""

from dataclasses import dataclass
from html import escape
from math import log10

LEFT, WIDTH, LINE = 330, 420, 22
"""Of the chart, in pixels: where the bars begin, how long they may be, how high a line is."""
LEAST, MOST = 0.1, 1000.0


@dataclass(frozen=True)
class Row:
    """One measure: a ratio (times faster, or times as many), and the figures behind it."""

    name: str
    unit: str
    aim: float | None
    """None where a figure is only shown."""
    value: float | None
    ours: str = ""
    theirs: str = ""
    less: bool = False
    """Whether the aim is to stay below."""
    bound: bool = False
    """Whether the peer was not waited for any longer: the value is at least so much."""
    note: str = ""
    wrong: bool = False
    """Whether both answers were compared, and differ."""

    @property
    def is_reached(self) -> bool:
        if self.wrong:
            return False
        if self.value is None or self.aim is None:
            return self.value is not None
        return self.value <= self.aim if self.less else self.value >= self.aim

    @property
    def told(self) -> str:
        if self.value is None:
            return "not finished"
        return ("> " if self.bound else "") + f"{self.value:.2f}"

    @property
    def wanted(self) -> str:
        return "shown" if self.aim is None else f"{'≤' if self.less else '≥'} {self.aim:g}"


def table(found: dict[int, list[Row]]) -> str:
    """Return the rows of each size as Markdown."""
    lines = []
    for size, rows in found.items():
        lines += [f"**{size:,} triples**", ""]
        lines += ["| measure | unit | aim | found | reached | ours | theirs | |"]
        lines += ["| --- | --- | ---: | ---: | --- | ---: | ---: | --- |"]
        for row in rows:
            reached = "yes" if row.is_reached else "no"
            cells = [row.name, row.unit, row.wanted, row.told, reached, row.ours, row.theirs]
            lines.append("| " + " | ".join([*cells, row.note]) + " |")
        lines.append("")
    return "\n".join(lines)


def chart(found: dict[int, list[Row]]) -> str:
    """Return the rows as bars on a logarithmic scale; a stroke shows each aim."""
    drawn, at = [], 10
    for size, rows in found.items():
        drawn.append(f'<text x="8" y="{at + 16}" font-weight="bold">{size:,} triples</text>')
        at += LINE + 4
        for row in rows:
            drawn += _bar(row, at)
            at += LINE
        at += 10
    size = f'width="{LEFT + WIDTH + 90}" height="{at}"'
    style = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style} role="img">'
    title = "<title>The service beside its peers: ratios, logarithmic; a stroke is the aim</title>"
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([head, title, ground, *drawn, "</svg>", ""])


def _bar(row: Row, at: int) -> list[str]:
    long, aim = _place(row.value or LEAST), _place(row.aim or LEAST)
    colour = "#2b6777" if row.is_reached else "#b4552d"
    return [
        f'<text x="{LEFT - 8}" y="{at + 14}" text-anchor="end">{escape(row.name)}</text>',
        f'<rect x="{LEFT}" y="{at + 3}" width="{long:.0f}" height="{LINE - 7}" fill="{colour}"/>',
        f'<path d="M{LEFT + aim:.0f} {at}v{LINE - 1}" stroke="#000" stroke-width="2"/>',
        f'<text x="{LEFT + max(long, aim) + 6:.0f}" y="{at + 14}">{escape(row.told)}</text>',
    ]


def _place(value: float) -> float:
    inside = min(max(value, LEAST), MOST)
    return WIDTH * log10(inside / LEAST) / log10(MOST / LEAST)
