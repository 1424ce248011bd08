"""Where words stand in texts: in any form, together first, within a bound."""

from __future__ import annotations

from rallynov_graph.search import text_index
from rallynov_graph.search.text_index import Occurrences, TextIndex

FIRST = "Une aide aux métiers. Les MÉTIERS de l'Œuvre\nsociale, et un métier social."
SECOND = "Rien que des essais. Un essai de R.I.F.C. !"
INDEX = TextIndex({"a": FIRST, "b": SECOND})


def found(*words: str, **spellings: list[str]) -> list[str]:
    texts = {"a": FIRST, "b": SECOND}
    return [texts[it.document][it.start : it.end] for it in INDEX.find(words, spellings).found]


def test_a_word_is_found_without_accents_or_case_in_every_form() -> None:
    assert found("metier") == found("metiers") == ["métiers", "MÉTIERS", "métier"]
    assert found("oeuvre") == ["Œuvre"] and found("rifc") == ["R.I.F.C."]


def test_the_texts_are_told_apart() -> None:
    assert [it.document for it in INDEX.find(["essai"]).found] == ["b", "b"]
    assert FIRST[INDEX.find(["aide"]).found[0].start :].startswith("aide")


def test_a_beginning_is_looked_for_where_no_form_is_found() -> None:
    assert found("soc") == ["sociale", "social"]
    assert INDEX.find(["soc"]).words[0].are_begun and not INDEX.find(["social"]).words[0].are_begun
    assert found("es") == [], "two letters begin too many words"


def test_another_spelling_is_looked_for_last() -> None:
    assert found("metrier") == []
    assert found("metrier", metrier=["metier"]) == ["métiers", "MÉTIERS", "métier"]


def test_words_that_follow_each_other_are_one_place() -> None:
    assert "métier social" in found("metier", "social")
    assert "aide aux métiers" in found("aide", "metier"), "a small word may stand between"
    assert "MÉTIERS de l'Œuvre" in found("metier", "oeuvre")
    assert "essais. Un essai" not in found("essai", "un")


def test_where_all_words_stand_near_comes_first() -> None:
    index = TextIndex({"a": "pomme " + "et puis " * 10 + "pomme verte", "b": "poire verte"})
    answer = index.find(["pomme", "verte"])
    assert [(it.document, it.start) for it in answer.found] == [("a", 86), ("a", 0), ("b", 6)]
    assert answer.together == 1
    assert index.find(["pomme", "inconnu"]).together == 2, "what stands nowhere does not count"


def test_what_no_word_is_finds_nothing() -> None:
    assert INDEX.find([]) == Occurrences()
    assert found("zzz") == [] and TextIndex({"a": "", "b": "…"}).find(["aide"]).found == ()


def test_a_word_that_is_everywhere_is_found_within_a_bound() -> None:
    index = TextIndex({"a": "aide " * (text_index.MOST_PLACES + 1)})
    answer = index.find(["aide"])
    assert len(answer.found) == text_index.MOST_PLACES and answer.more
