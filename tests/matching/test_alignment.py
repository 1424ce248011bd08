"""Where the words of one text stand in another text of the same thing."""

import random
import re

import pytest

from rallynov_graph.matching.alignment import Alignment, Span

OLD = (
    "Le rallye part du lac, au matin. L’atelier prête des outils : marteau, scie, rabot. "
    "La coopérative du haut répare les vélos. On se retrouve au lac, le soir, pour la fin."
)


def moved(old: str, new: str, words: str, number: int = 0) -> str | None:
    """Return what stands in the new text at the place of words of the old one."""
    start = [it.start() for it in re.finditer(re.escape(words), old)][number]
    found = Alignment(old, new).same_words(Span(start, start + len(words)))
    return None if found is None else new[found.start : found.end]


CHANGES = (
    (lambda t: "Un titre de plus. " + t, "prête des outils", "prête des outils"),
    (lambda t: t.replace("’", "'"), "L’atelier prête", "L'atelier prête"),
    (lambda t: t.replace("’", "’ ").replace(" du", "\n\ndu"), "L’atelier", "L’ atelier"),
    (lambda t: t.replace("ê", "e\u0302"), "prête des", "pre\u0302te des"),
    (lambda t: t.replace("fin", "ﬁn"), "la fin", "la ﬁn"),
    (lambda t: t[84:] + t[:84], "La coopérative du haut", "La coopérative du haut"),
    (lambda t: t.replace("atelier", "ateIier"), "L’atelier prête", None),
    (lambda t: t.replace("scie, ", ""), "scie", None),
    (lambda t: t.replace("rabot", "rabots"), "rabot", None),
    (lambda t: "", "rabot", None),
)


def test_words_are_found_by_their_letters() -> None:
    for change, words, there in CHANGES:
        assert moved(OLD, change(OLD), words) == there


def test_the_same_words_twice_are_told_apart_by_what_stands_beside_them() -> None:
    new = OLD.replace("Le rallye", "Ce grand rallye").replace("On se", "Tous se")
    for number in (0, 1):
        start = [it.start() for it in re.finditer("au", OLD)][number]
        found = Alignment(OLD, new).same_words(Span(start, start + 2))
        assert found and new[found.start :][:10] == OLD[start:][:10]


def test_a_word_that_went_is_not_taken_for_the_same_word_elsewhere() -> None:
    old = "un clou, une scie d’or, une vis. " + OLD.replace("scie", "hache")
    new = "un clou, une vis. " + OLD.replace("hache", "scie")
    assert moved(old, new, "scie d’or") is None and moved(old, new, "scie") is None


def test_words_that_changed_inside_have_their_ends() -> None:
    new = OLD.replace("coopérative", "cooperatlve").replace("vélos", "vélos (sic)")
    start, end = OLD.index("La coop"), OLD.index(" On se")
    alignment = Alignment(OLD, new)
    assert alignment.same_words(Span(start, end)) is None
    found = alignment.changed_words(Span(start, end))
    assert found and new[found.start : found.end].startswith("La cooperatlve")
    assert new[found.start : found.end].endswith("vélos (sic).")
    assert alignment.changed_words(Span(0, len(OLD))) is not None
    rewritten = Alignment(OLD, OLD[:start] + "Tout autre chose, dite autrement." + OLD[end:])
    assert rewritten.changed_words(Span(start, end)) is None


@pytest.mark.parametrize("only_put_in", [True, False])
def test_what_is_put_in_or_left_out_elsewhere_changes_no_words(*, only_put_in: bool) -> None:
    """Each passage has its letters where it is placed; all are where text is only put in."""
    rng = random.Random(int(only_put_in))
    words = "".join(rng.choice("abcdeilmnorstué  ’.\n") for _ in range(3000)).split()
    old = " ".join(words)
    starts = [it.start() for it in re.finditer(r"\S+", old)]
    spans = []
    for _ in range(40):
        first = rng.randrange(len(words) - 12)
        last = first + rng.randrange(8, 12)
        spans.append(Span(starts[first], starts[last] + len(words[last])))
    inside = {at for span in spans for at in range(span.start, span.end)}
    written = []
    for at, character in enumerate(old):
        is_edge = at in inside or at - 1 in inside
        if not is_edge and rng.random() < 0.02:
            written.append(rng.choice(("XYZ", " WWW KKK ", " \n ")))
        if is_edge or only_put_in or rng.random() > 0.05:
            written.append(character)
    new = "".join(written)
    alignment = Alignment(old, new)
    found = [alignment.same_words(span) for span in spans]
    for span, there in zip(spans, found, strict=True):
        if there is not None:
            assert letters(new[there.start : there.end]) == letters(old[span.start : span.end])
    placed = [there for there in found if there is not None]
    assert len(placed) == len(spans) if only_put_in else len(placed) > len(spans) * 3 / 4


def letters(text: str) -> str:
    return "".join(text.split())
