"""Dates in EDTF in words, their order held against that of the library that the gate uses."""

import random

from edtf import parse_edtf

from rallynov_graph.base.languages import edtf_in_words

IN_WORDS = [
    ("2013-06", "juin 2013", "June 2013"),
    ("2013-06~", "juin 2013 environ", "about June 2013"),
    ("1973?", "1973, sans certitude", "1973, uncertain"),
    ("1973/..", "depuis 1973", "since 1973"),
    ("2013-04-08/..", "depuis le 8 avril 2013", "since 8 April 2013"),
    (
        "2012-12/2013-01~",
        "de décembre 2012 à janvier 2013 environ",
        "from December 2012 to about January 2013",
    ),
    ("../2013-06", "jusqu’en juin 2013", "until June 2013"),
    ("1974/1975", "de 1974 à 1975", "from 1974 to 1975"),
    ("2013-04/2013-06", "d’avril à juin 2013", "from April to June 2013"),
    ("2013-04-01/2013-06", "du 1er avril à juin 2013", "from 1 April to June 2013"),
    (
        "[2013-04-08..2013-06-30]",
        "entre le 8 avril et le 30 juin 2013",
        "between 8 April and 30 June 2013",
    ),
    ("[..2013-06]", "au plus tard en juin 2013", "in or before June 2013"),
    ("[1973..]", "au plus tôt en 1973", "in or after 1973"),
]
NOT_READ = [
    "", "..", "/", "../..", "[..]", "2013-13", "2013-02-30", "1975/1974", "[1975..1974]", "2013-21",
    "hier", "{1974,1975}", "201X", "2013-06/", "0000-00", "２０１３",
]  # fmt: skip


def test_a_date_is_shown_in_words() -> None:
    for text, french, english in IN_WORDS:
        assert (edtf_in_words(text, "fr"), edtf_in_words(text, "en")) == (french, english)


def test_what_is_not_read_is_shown_as_it_is_written() -> None:
    for text in NOT_READ:
        assert edtf_in_words(text, "fr") == edtf_in_words(text, "en") == text


def test_a_period_ends_where_the_library_says_so() -> None:
    rng = random.Random(21)

    def point() -> str:
        parts = [
            f"{rng.randint(2010, 2012)}",
            f"{rng.randint(1, 12):02}",
            f"{rng.randint(1, 28):02}",
        ]
        return "-".join(parts[: rng.randint(1, 3)])

    for text in (f"{point()}/{point()}" for _ in range(40)):
        theirs = parse_edtf(text)
        is_period = theirs.lower_strict() <= theirs.upper_strict()
        assert (edtf_in_words(text, "fr") != text) == is_period, text
