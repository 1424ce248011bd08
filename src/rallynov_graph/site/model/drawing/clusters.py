"""Places on a map, those that lie close together drawn as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from rallynov_graph.site.model.drawing.geometry import Point, Projection, round_length

WIDTH: Final = 720
MARGIN: Final = 64
_CLOSE: Final = 34.0
"""Places whose middles are nearer than this in the drawing are one cluster."""
_LEAST_DEGREES: Final = 0.5
_LEAST_RADIUS: Final = 9.0
_MOST_RADIUS: Final = 26.0


@dataclass(frozen=True)
class Cluster:
    """Places that lie close together: which, by their numbers, the one of most things first."""

    x: float
    y: float
    radius: float
    members: tuple[int, ...]
    things: int
    is_leftwards: bool
    """Whether its name stands on its left, for want of room on its right."""

    @property
    def text_x(self) -> float:
        """Where its name begins, or ends where it stands on the left."""
        return round(self.x + (-self.radius - 7 if self.is_leftwards else self.radius + 7), 1)


@dataclass(frozen=True)
class ClusterMap:
    """Clusters to scale, north at the top."""

    width: int
    height: int
    clusters: tuple[Cluster, ...]
    projection: Projection
    bar: float
    """The length of the scale bar in the drawing."""
    bar_km: float


def clustered(
    points: Sequence[Point], sizes: Sequence[int], around: Sequence[Point] = ()
) -> ClusterMap:
    """Return the map of some places with so many things each; it also holds points around."""
    projection = Projection.fitted([*points, *around], WIDTH, MARGIN)
    middles: list[tuple[float, float]] = []
    members: list[list[int]] = []
    for number in sorted(range(len(points)), key=lambda number: (-sizes[number], number)):
        x, y = projection.place(points[number])
        close = (
            place
            for place, (other_x, other_y) in enumerate(middles)
            if hypot(x - other_x, y - other_y) < _CLOSE
        )
        place = next(close, None)
        if place is None:
            middles.append((x, y))
            members.append([number])
        else:
            members[place].append(number)
    totals = [sum(sizes[number] for number in group) for group in members]
    km = round_length(WIDTH / 4 / projection.scale)
    return ClusterMap(
        WIDTH,
        round(projection.height),
        tuple(
            Cluster(
                x,
                y,
                _radius(total, max(totals)),
                tuple(group),
                total,
                x > WIDTH * 0.62,
            )
            for (x, y), group, total in zip(middles, members, totals, strict=True)
        ),
        projection,
        round(km * projection.scale, 1),
        km,
    )


def _radius(things: int, largest: int) -> float:
    """Return a radius whose circle has an area by the number of things."""
    span = _MOST_RADIUS - _LEAST_RADIUS
    share = sqrt(things / largest) if largest > 1 else 0.0
    return round(_LEAST_RADIUS + span * share, 1)
