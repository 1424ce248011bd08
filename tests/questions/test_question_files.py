"""The catalogue: headers, parameters, and what people write for them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode

import strategies
from rallynov_graph.base.errors import AmbiguousNameError, QueryError, UnknownNameError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.questions import catalogue, parameters, thing_names
from rallynov_graph.sparql.embedded import EmbeddedStore

XSD = "http://www.w3.org/2001/XMLSchema#"
FILE = """\
#+ summary_fr: Quoi de neuf ?
#+ summary_en: What is new?
#+ group: news
#+ param: theme iri
#+ param: word string default "neuf"
#+ param: since date
#+ param: least integer
#+ param: certainty certainty
#+ It says what is new,
#+ and nothing else.
SELECT ?s ?theme WHERE {
  VALUES ?theme { UNDEF }  values $word{"neuf"}
  VALUES ?since { "2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> }
  VALUES ?least { 3 }
  VALUES ?certainty { rn:tentative }
  ?s ?p ?theme
  { SELECT ?theme { VALUES ?theme { UNDEF } ?theme ?q ?r } }
}
"""


BOUND = """SELECT ?word ?thing WHERE { VALUES ?word { "x" } VALUES ?thing { UNDEF } }"""


@pytest.fixture(scope="module")
def shipped() -> catalogue.Catalogue:
    return catalogue.load()


@pytest.fixture
def question() -> catalogue.Question:
    return catalogue.parse("news", FILE)


def test_a_file_says_what_it_asks(question: catalogue.Question) -> None:
    assert question.summary == {"fr": "Quoi de neuf ?", "en": "What is new?"}
    assert question.group == "news"
    assert question.about == {"": "It says what is new,\nand nothing else."}
    assert question.form == "SELECT"
    assert [(p.name, p.type, p.default) for p in question.parameters] == [
        ("theme", "iri", "UNDEF"),
        ("word", "string", '"neuf"'),
        ("since", "date", '"2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("least", "integer", "3"),
        ("certainty", "certainty", "rn:tentative"),
    ]
    assert [p.is_open for p in question.parameters] == [True, False, False, False, False]


def test_at_rest_the_query_is_the_file(question: catalogue.Question) -> None:
    assert question.bind() == FILE


def test_a_value_takes_the_default_s_place_wherever_it_stands(question: catalogue.Question) -> None:
    bound = question.bind({"theme": NamedNode("https://example.org/x"), "word": Literal('a"}b')})
    assert bound.count("VALUES ?theme { <https://example.org/x> }") == 2
    assert r'values $word{"a\"}b"}' in bound
    assert bound.replace("<https://example.org/x>", "UNDEF").replace(r'"a\"}b"', '"neuf"') == FILE


@given(strategies.literals, strategies.iris)
def test_no_value_breaks_out_of_its_place(text: Literal, thing: NamedNode) -> None:
    word = Literal(text.value)
    query = catalogue.parse("own", "#+ param: word string\n#+ param: thing iri\n" + BOUND)
    (row,) = EmbeddedStore.of_quads([]).select(query.bind({"word": word, "thing": thing})).rows
    assert row == (word, thing)


def test_none_means_any_thing(question: catalogue.Question) -> None:
    bound = question.bind({"theme": NamedNode("https://example.org/x")})
    assert catalogue.parse("again", bound).bind({"theme": None}) == FILE


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("theme", Literal("x")),
        ("word", NamedNode("https://example.org/")),
        ("word", Literal("x", language="fr")),
        ("least", Literal("3")),
        ("since", None),
    ],
)
def test_a_value_of_another_type_is_refused(
    question: catalogue.Question, name: str, term: Literal | NamedNode | None
) -> None:
    with pytest.raises(QueryError, match=name):
        question.bind({name: term})


def test_an_unknown_parameter_is_told_with_near_ones(question: catalogue.Question) -> None:
    with pytest.raises(UnknownNameError, match="'thme': did you mean theme"):
        question.bind({"thme": Literal("x")})


def test_an_unknown_question_is_told_with_near_ones(shipped: catalogue.Catalogue) -> None:
    with pytest.raises(UnknownNameError, match="did you mean stages"):
        shipped.question("stage")
    with pytest.raises(UnknownNameError, match="nothing has a name near it"):
        shipped.question("xyzzy")
    assert shipped.get("xyzzy") is None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("theme", "NAME TYPE"),
        ("theme colour", "with a type of iri"),
        ("word string rn:Stage", "after iri, classes and lists"),
        ("word iri Stage", "after iri, classes and lists"),
        ("word iri nowhere:Stage", "after iri, classes and lists"),
        ("place iri", "found was none"),
        ("word choice", "word is choice"),
        ("word choice\n#+ choice: word new | neuf", "is not NAME WORD | LABEL_FR | LABEL_EN"),
        ("word choice\n#+ choice: word old | ancien | old", "word is choice"),
        ("word string\n#+ choice: word new | neuf | new", "word is string"),
        ('word string default "old"', 'the header says that word is "old"'),
    ],
)
def test_a_wrong_header_is_an_error(header: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        catalogue.parse("bad", f'#+ param: {header}\nASK {{ VALUES ?word {{ "new" }} }}')


def test_a_question_that_compares_documents_says_so(question: catalogue.Question) -> None:
    text = FILE.replace("#+ group", "#+ documents: several\n#+ group")
    assert catalogue.parse("news", text).compares_documents
    assert not question.compares_documents
    with pytest.raises(QueryError, match="its only value is 'documents: several'"):
        catalogue.parse("news", text.replace("several", "two"))


def test_a_parameter_that_stands_with_two_defaults_is_an_error() -> None:
    text = "#+ param: a integer\nASK { VALUES ?a { 1 } VALUES ?a { 2 } }"
    with pytest.raises(QueryError, match="the same wherever"):
        catalogue.parse("bad", text)


def test_every_shipped_question_has_words_in_both_languages(shipped: catalogue.Catalogue) -> None:
    assert len(shipped) >= 20
    for question in shipped.values():
        assert set(question.summary) == {"fr", "en"}, question.name
        assert question.group, question.name


def test_every_shipped_question_runs_as_it_is(
    shipped: catalogue.Catalogue, store: EmbeddedStore
) -> None:
    for question in shipped.values():
        assert question.form == "SELECT"
        columns = store.select(question.bind()).variables
        for said in question.says.values():
            assert {*re.findall(r"{(\w+)}", said)} <= {*columns}, question.name


def test_groups_hold_every_question_once(shipped: catalogue.Catalogue) -> None:
    grouped = [q.name for questions in shipped.groups().values() for q in questions]
    assert sorted(grouped) == sorted(shipped)


THEME = f"{ID}theme/vie-au-travail"


@pytest.mark.parametrize(
    "text",
    [
        THEME,
        f"<{THEME}>",
        "id:theme/vie-au-travail",
        "theme/vie-au-travail",
        "Vie au travail",
        "  vie AU  tràvail ",
    ],
)
def test_a_thing_is_named_in_many_ways(store: EmbeddedStore, text: str) -> None:
    assert thing_names.thing(text, store) == NamedNode(THEME)


def test_a_term_of_the_ontology_is_a_thing(store: EmbeddedStore) -> None:
    assert thing_names.thing("rn:Stage", store) == NamedNode(f"{RN}Stage")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vie au travial", "did you mean Vie au travail"),
        ("theme/vie-au-travial", "did you mean theme/vie-au-travail"),
        ("https://example.org/nowhere", "nothing has a name near it; write another word of its"),
        ("xyzzy", "nothing has a name near it; write another word of its name, or its IRI"),
    ],
)
def test_an_unknown_thing_is_told_with_near_ones(
    store: EmbeddedStore, text: str, words: str
) -> None:
    with pytest.raises(UnknownNameError, match=words):
        thing_names.thing(text, store)


@pytest.mark.parametrize("text", ["https://example.org/{a}", "https://example.org/%zz"])
def test_what_is_not_an_iri_is_told_with_how_one_is_written(
    store: EmbeddedStore, text: str
) -> None:
    with pytest.raises(QueryError, match=r"is not an IRI .*; write it as https://.* %7B for"):
        thing_names.thing(text, store)


def test_a_name_of_two_things_is_not_guessed(tmp_path: Path) -> None:
    file = tmp_path / "two.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    file.write_text(f'<https://example.org/1> {label} "x". <https://example.org/2> {label} "X".')
    with pytest.raises(UnknownNameError, match="names 2 things"):
        thing_names.thing("x", EmbeddedStore.of_files([file]))


def test_the_bearers_of_a_name_are_told_up_to_ten_with_what_they_are_called(
    tmp_path: Path,
) -> None:
    file = tmp_path / "many.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    many = " ".join(f'<{ID}theme/{n:02}> {label} "x"@en, "nom {n}"@fr .' for n in range(12))
    file.write_text(many, "utf-8")
    with pytest.raises(AmbiguousNameError) as raised:
        thing_names.thing("X", EmbeddedStore.of_files([file]))
    assert raised.value.bearers == {f"theme/{n:02}": f"nom {n}" for n in range(10)}
    assert str(raised.value).startswith(
        "'X' names 12 things; name one by its IRI: theme/00 (nom 0)"
    )
    assert str(raised.value).endswith("theme/09 (nom 9), and 2 more.")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("explicit", "explicit"), ("Déduit", "inferred"), ("rn:tentative", "tentative")],
)
def test_certainty_is_named_in_both_languages(text: str, meant: str) -> None:
    assert parameters.certainty(text) == NamedNode(RN + meant)


def test_an_unknown_certainty_is_told(question: catalogue.Question, store: EmbeddedStore) -> None:
    with pytest.raises(UnknownNameError, match="explicit, inferred, tentative"):
        parameters.values(question, {"certainty": "sure"}, store)


def test_texts_are_read_by_type(question: catalogue.Question, store: EmbeddedStore) -> None:
    texts = {"theme": "*", "word": "ça", "since": "2024-05-31", "least": "12"}
    assert parameters.values(question, texts, store) == {
        "theme": None,
        "word": Literal("ça"),
        "since": Literal("2024-05-31", datatype=NamedNode(f"{XSD}date")),
        "least": Literal("12", datatype=NamedNode(f"{XSD}integer")),
    }


CHOICE = catalogue.parse(
    "choice",
    """#+ param: only choice
#+ choice: only past | le passé | the past
#+ choice: only not_yet | à venir | to come
SELECT ?only { VALUES ?only { "past" } }""",
)


def test_a_choice_takes_its_words_and_their_labels(store: EmbeddedStore) -> None:
    for text in ("not_yet", " Not yet", "A venir", "to come"):
        (row,) = store.select(CHOICE.bind(parameters.values(CHOICE, {"only": text}, store))).rows
        assert row == (Literal("not_yet"),)
    with pytest.raises(UnknownNameError, match=r"write not_yet \(à venir / to come\)\.$") as raised:
        parameters.values(CHOICE, {"only": "a vennir"}, store)
    assert raised.value.near == ("not_yet",)
    with pytest.raises(UnknownNameError, match=r"write past \(.*\) or not_yet \("):
        parameters.values(CHOICE, {"only": "xyzzy"}, store)
    with pytest.raises(QueryError, match="only"):
        CHOICE.bind({"only": Literal("xyzzy")})


@pytest.mark.parametrize(
    ("name", "text"), [("since", "yesterday"), ("since", "2024-02-30"), ("least", "three")]
)
def test_a_text_of_another_type_is_refused(
    question: catalogue.Question, store: EmbeddedStore, name: str, text: str
) -> None:
    with pytest.raises(QueryError, match=text):
        parameters.values(question, {name: text}, store)
