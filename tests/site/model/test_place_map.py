"""Maps: how high they are, what is one sign, where names stand."""

from __future__ import annotations

import random
from itertools import combinations, product

from rallynov_graph.site.model.drawing.names import Box, text_width
from rallynov_graph.site.model.drawing.place_map import MapPlace, PlaceMap, place_map

BESANCON, DOLE, BELFORT = (47.24878, 6.01815), (47.09225, 5.48966), (47.64218, 6.85385)


def drawn(*places: MapPlace) -> PlaceMap:
    found = place_map(places, "fr")
    assert found
    return found


def painted(found: PlaceMap, width: float) -> tuple[list[Box], list[Box]]:
    """Where signs and names are on a map so wide."""
    signs, names = [], []
    for sign in found.signs:
        x, y = sign.left * width / 100, sign.top * found.height * width / 10_000
        signs.append(Box(x - sign.radius, y - sign.radius, x + sign.radius, y + sign.radius))
        if sign.name:
            long = text_width(sign.name.text, 14)
            left = x + sign.name.x - long * {"start": 0, "middle": 0.5, "end": 1}[sign.name.side]
            top = y + sign.name.y - 11
            names.append(Box(left, top, left + long, top + 15))
    return signs, names


def test_one_place_has_a_low_map_and_places_far_apart_a_high_one() -> None:
    alone = drawn(MapPlace(BESANCON, "Besançon"))
    assert alone.height < 30 and (alone.signs[0].left, alone.signs[0].top) == (50, 50)
    assert 30 < drawn(MapPlace(BESANCON, "Besançon"), MapPlace(DOLE, "Dole")).height < 60
    assert 100 < drawn(MapPlace((80, 0), "a"), MapPlace((-80, 0), "b")).height <= 125
    assert place_map((), "fr") is None


def test_places_that_lie_close_are_one_sign_named_by_the_one_of_most_things() -> None:
    found = drawn(
        MapPlace((47.0, 6.0), "Ici"),
        MapPlace((47.001, 6.001), "Là", 5),
        MapPlace((46, 5), "Loin", 2),
    )
    assert [(sign.members, sign.things) for sign in found.signs] == [((1, 0), 6), ((2,), 2)]
    assert found.signs[0].name and found.signs[0].name.text == "Là + 1"


def test_no_name_lies_over_another_or_over_a_sign_at_any_width() -> None:
    chance = random.Random(0)
    for _ in range(3):
        places = [
            MapPlace(
                (46.5 + chance.random(), 5.5 + chance.random()),
                chance.choice(("Champagnole", "Dole", "Saint-Claude-en-Montagne", "Là")),
                chance.randint(1, 9),
            )
            for _ in range(30)
        ]
        found = drawn(*places)
        assert sum(bool(sign.name) for sign in found.signs) > 5
        for width in (280, 300, 358, 430, 576, 640):
            signs, names = painted(found, width)
            pairs = (*combinations(names, 2), *product(names, signs))
            assert not [pair for pair in pairs if pair[0].meets(pair[1])], width
            assert all(box.left >= -1 and box.right <= width + 1 for box in names)
