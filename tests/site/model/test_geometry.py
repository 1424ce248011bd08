"""Where drawings put what has coordinates or a date, against distances that are known."""

from datetime import date
from math import dist

import pytest

from rallynov_graph.site.explore.timeline.views import Axis
from rallynov_graph.site.model.drawing.place_map import Projection, round_length

BESANCON, DOLE, BELFORT = (47.24878, 6.01815), (47.09225, 5.48966), (47.64218, 6.85385)
VESOUL, CHAMPAGNOLE = (47.62604, 6.14251), (46.74452, 5.91354)
PLACES = [BESANCON, VESOUL, BELFORT, DOLE, CHAMPAGNOLE]


def test_places_are_as_far_apart_as_they_are_north_up_and_within_the_margins() -> None:
    projection = Projection.fitted(PLACES, 720, 70)
    for one, other, km in (
        (BESANCON, VESOUL, 43),
        (BESANCON, DOLE, 44),
        (BESANCON, BELFORT, 76.5),
        (BELFORT, DOLE, 119.5),
    ):
        drawn = dist(projection.place(one), projection.place(other))
        assert drawn / projection.scale == pytest.approx(km, abs=1.5)
    across, down = zip(*map(projection.place, PLACES), strict=True)
    assert (min(across), max(across)) == pytest.approx((70, 650), abs=0.2)
    assert (min(down), max(down)) == pytest.approx((70, projection.height - 70), abs=0.2)
    (west, south), (east, north) = projection.place(DOLE), projection.place(BELFORT)
    assert west < east and north < south


def test_a_map_has_a_bounded_height_and_a_scale_of_round_length() -> None:
    alone = Projection.fitted([VESOUL], 720, 70)
    assert alone.place(VESOUL) == (360, pytest.approx(alone.height / 2, abs=0.1))
    assert Projection.fitted([(-80, 0), (80, 0.1)], 720, 70).height <= 1440
    longest = (31, 20, 9.9, 1, 0.4, 1234)
    assert [*map(round_length, longest)] == pytest.approx([20, 20, 5, 1, 0.2, 1000])


def test_an_axis_goes_from_month_to_month_and_a_long_one_shows_some_years() -> None:
    axis = Axis.around([date(2013, 11, 28), date(2013, 4, 8)])
    assert (axis.start, axis.end) == (date(2013, 4, 1), date(2013, 12, 1))
    assert axis.place(date(2013, 4, 1)) == 0 and axis.place(date(2013, 12, 1)) == 100
    assert axis.place(date(2013, 5, 1)) == 12.3, "30 of 244 days"
    assert [text for _, text in axis.ticks()] == [f"2013-{month:02}" for month in (4, 6, 8, 10)]
    some = Axis.around([date(2010, 5, 1), date(2013, 5, 1)]).ticks()
    assert [text for _, text in some] == ["2011", "2012", "2013"]
    assert len(Axis.around([date(1, 1, 1), date.max]).ticks()) <= 4
