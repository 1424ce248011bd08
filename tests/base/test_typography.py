"""French spaces, dates, times and numbers."""

from rallynov_graph.base.languages import (
    NARROW,
    day,
    decimal,
    hour,
    number,
    size,
    typeset,
    within_quotes,
)

TYPESET = [
    ("Qui ?", f"Qui{NARROW}?"),
    ("Non\N{NO-BREAK SPACE}!", f"Non{NARROW}!"),
    ("« dit »", f"«{NARROW}dit{NARROW}»"),
    ("à : b ; c", f"à{NARROW}: b{NARROW}; c"),
    ("n° 2", f"n°{NARROW}2"),
    ("7 h 30", f"7{NARROW}h{NARROW}30"),
    ("20 h", f"20{NARROW}h"),
    ("https://example.org/?a=b", "https://example.org/?a=b"),
    ("200 %, en tout", f"200{NARROW}%, en tout"),
    ("étape n° {number}", f"étape n°{NARROW}{{number}}"),
    ("3 heures", "3 heures"),
    ("a ?b", "a ?b"),
]


def test_french_has_narrow_spaces_where_it_wants_them() -> None:
    for given, expected in TYPESET:
        assert typeset(given, "fr") == expected


def test_a_quotation_within_one_has_marks_of_the_second_rank() -> None:
    assert within_quotes(f"de «{NARROW}a{NARROW}» à « b »", "fr") == "de “a” à “b”"
    assert within_quotes("from “a” to “b”", "en") == "from ‘a’ to ‘b’"


DAYS = [
    ("2013-04-08", "8 avril 2013", "8 April 2013"),
    ("2013-05-01", "1er mai 2013", "1 May 2013"),
    ("2013-06", "juin 2013", "June 2013"),
    ("1974", "1974", "1974"),
    ("2013-02-30", "2013-02-30", "2013-02-30"),
    ("2013-13", "2013-13", "2013-13"),
    ("soon", "soon", "soon"),
]


def test_dates_are_written_in_words() -> None:
    for given, french, english in DAYS:
        assert (day(given, "fr"), day(given, "en")) == (french, english)


def test_times_are_written_as_each_language_does() -> None:
    assert (hour("07:30:00", "fr"), hour("07:30:00", "en")) == (f"7{NARROW}h{NARROW}30", "7:30")
    assert (hour("20:00:00", "fr"), hour("20:00:00", "en")) == (f"20{NARROW}h", "20:00")
    assert hour("noon", "fr") == "noon"


def test_numbers_have_their_thousands_apart_from_five_digits_on() -> None:
    assert (number(6345, "fr"), number(63450, "fr"), number(63450, "en")) == (
        "6345",
        f"63{NARROW}450",
        "63,450",
    )


def test_a_decimal_has_the_mark_of_its_language() -> None:
    assert (decimal("-47.25", "fr"), decimal("-47.25", "en")) == ("-47,25", "-47.25")
    assert size(1_250_000, "fr").startswith("1,2") and size(1_250_000, "en").startswith("1.2")
