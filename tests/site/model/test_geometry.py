"""Where drawings put what has coordinates or a date, against distances that are known."""

from datetime import date

import pytest

from rallynov_graph.site.model.drawing.geometry import Axis, Projection, round_length

BESANCON = (47.24878, 6.01815)
VESOUL = (47.62604, 6.14251)
BELFORT = (47.64218, 6.85385)
DOLE = (47.09225, 5.48966)
CHAMPAGNOLE = (46.74452, 5.91354)
PLACES = [BESANCON, VESOUL, BELFORT, DOLE, CHAMPAGNOLE]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (BESANCON, VESOUL, 42, 44),
        (BESANCON, DOLE, 43, 45),
        (BESANCON, BELFORT, 75, 78),
        (BELFORT, DOLE, 118, 121),
    ],
)
def test_places_are_as_far_apart_as_they_are(
    one: tuple[float, float], other: tuple[float, float], least: float, most: float
) -> None:
    assert least < Projection.fitted(PLACES, 720, 70).km(one, other) < most


def test_all_places_are_within_the_margins_and_two_touch_them() -> None:
    projection = Projection.fitted(PLACES, 720, 70)
    drawn = [projection.place(place) for place in PLACES]
    across, down = [x for x, _ in drawn], [y for _, y in drawn]
    assert min(across) == pytest.approx(70, abs=0.2) and max(across) == pytest.approx(650, abs=0.2)
    assert min(down) == pytest.approx(70, abs=0.2)
    assert max(down) == pytest.approx(projection.height - 70, abs=0.2)


def test_north_is_at_the_top_and_west_on_the_left() -> None:
    projection = Projection.fitted(PLACES, 720, 70)
    (west, south), (east, north) = projection.place(DOLE), projection.place(BELFORT)
    assert west < east and north < south


def test_one_place_alone_stands_in_the_middle() -> None:
    projection = Projection.fitted([VESOUL], 720, 70)
    assert projection.place(VESOUL) == (360, pytest.approx(projection.height / 2, abs=0.1))


def test_a_map_is_at_most_twice_as_high_as_wide() -> None:
    assert Projection.fitted([(-80, 0), (80, 0.1)], 720, 70).height <= 1440


@pytest.mark.parametrize(
    ("longest", "expected"), [(31, 20), (20, 20), (9.9, 5), (1, 1), (0.4, 0.2), (1234, 1000)]
)
def test_a_scale_bar_has_a_round_length(longest: float, expected: float) -> None:
    assert round_length(longest) == pytest.approx(expected)


def test_an_axis_goes_from_month_to_month() -> None:
    axis = Axis.around([date(2013, 11, 28), date(2013, 4, 8)], 100, 244)
    assert (axis.start, axis.end) == (date(2013, 4, 1), date(2013, 12, 1))
    assert axis.place(date(2013, 4, 1)) == 100 and axis.place(date(2013, 12, 1)) == 344
    assert axis.place(date(2013, 5, 1)) == 130, "a day is a unit here: 244 days"
    assert [text for _, text in axis.ticks()] == [f"2013-{month:02}" for month in range(4, 12)]


def test_a_long_axis_shows_years_and_a_longer_one_some_of_them() -> None:
    some = Axis.around([date(2010, 5, 1), date(2013, 5, 1)], 0, 500).ticks()
    assert [text for _, text in some] == ["2011", "2012", "2013"]
    assert len(Axis.around([date(1, 1, 1), date.max], 0, 500).ticks()) <= 14
