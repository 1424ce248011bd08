"""How things are called: addresses as a person writes them, texts in a reader's language."""

from rallynov_graph.base.namespaces import ID, RN, short_iri
from rallynov_graph.questions.labels import Text, best_text


def test_an_address_is_written_short_where_it_can_be() -> None:
    assert short_iri(f"{ID}stage/vesoul") == "stage/vesoul"
    assert short_iri(f"{RN}Stage") == "rn:Stage"
    assert short_iri("https://example.org/x") == "https://example.org/x"


def test_a_reader_gets_the_text_in_their_language_then_one_in_none_then_another() -> None:
    french, english, none = Text("étape", "fr"), Text("stage", "en-GB"), Text("Vesoul")
    assert best_text([none, french, english], "en") == english
    assert best_text([english, none], "fr") == none
    assert best_text([Text("Halt", "de"), english], "fr") == english
    assert best_text([], "fr") is None
