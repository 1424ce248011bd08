"""The sentences that say what a thing is: grammatical in both languages, only its facts."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.grammar import AT, NAMES, OF, French
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, read

NARROW = "\N{NARROW NO-BREAK SPACE}"
MUTUALITE = "organisation/mutualite-francaise-franche-comte"
SAID: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "sentences.toml").read_text("utf-8")
)
EVIDENCE = {"fr": "preuve", "en": "evidence"}


def sentences(page: Page) -> list[str]:
    """Return the sentences of a page, each with its mark."""
    return [e.text.replace(NARROW, " ") for e in page.all("p", **{"class": "sentence"})]


def sentence(page: Page) -> str:
    """Return its first sentence, the empty string where it has none."""
    return (sentences(page) or [""])[0]


def test_a_thing_is_said_in_two_sentences_of_its_facts_each_with_its_weakest(
    client: FlaskClient, subtests: pytest.Subtests
) -> None:
    for thing, said in SAID.items():
        for language in ("fr", "en"):
            with subtests.test(thing, language=language):
                page = read(client, f"/page/{thing}?lang={language}")
                assert sentences(page) == [f"{it} {EVIDENCE[language]}" for it in said[language]]
                named = {e["href"] for e in page.all("a") if e.inside[-2:] == ("p", "bdi")}
                assert named <= {e["href"] for e in page.all("a") if "dl" in e.inside}


def test_a_sentence_follows_the_dial(client: FlaskClient) -> None:
    assert sentence(read(client, f"/page/{MUTUALITE}?certainty=explicit")) == ""
    inferred = sentence(read(client, f"/page/{MUTUALITE}?certainty=inferred"))
    assert "l’innovation « Vélo électrique pour les salariés »" in inferred
    assert "Mamhique" not in inferred


OTHERS = f"""
<https://example.org/organisation/a> a <{PREFIXES["org"]}Organization> ; <{RN}carries> <urn:b> .
<urn:b> a <{RN}Innovation> ; <{PREFIXES["rdfs"]}label> "B" .
"""


def test_of_what_little_is_known_nothing_is_said(client: FlaskClient) -> None:
    for thing in (
        "person/christian-maucler",
        "group/industriels-de-poids",
        "passage/carnet-2-843-904",
    ):
        page = read(client, f"/page/{thing}")
        assert sentence(page) == ""
    foreign = create_app(EmbeddedStore.of_quads(parse(OTHERS, format=RdfFormat.TURTLE)).pages())
    page = read(foreign.test_client(), "/resource?iri=https://example.org/organisation/a")
    assert sentence(page) == "" and "B" in page.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "plus de 200 personnes embarquées"),
        ("en", "more than 200 people on board"),
    ],
)
def test_a_figure_is_said_with_its_bound(release: Release, language: str, said: str) -> None:
    figure, bound = (f"{ID}{it}" for it in ("figure/carnet-2-personnes", "bound/plus-de"))
    told = NamedNode(f"{ID}assertion-set/carnet-2-chiffre-personnes")
    bounded = Quad(NamedNode(figure), NamedNode(f"{RN}bound"), NamedNode(bound), told)
    store = EmbeddedStore.of_quads([*sources.quads([release.data]), bounded])
    client = create_app(store.pages(), release).test_client()
    page = read(client, f"/page/figure/carnet-2-personnes?lang={language}")
    assert said in sentence(page)


ARTICLES = [
    ("Étape de Dole", "stage", "l’étape de Dole", "de l’", "à l’"),
    ("Départ du rallye", "event", "le départ du rallye", "du ", "au "),
    ("Clôture du jour", "event", "la clôture du jour", "de la ", "à la "),
    ("l’aventure LIP", "event", "l’aventure LIP", "de l’", "à l’"),
    ("Pôle bois", "organisation", "le Pôle bois", "du ", "au "),
    ("Mutualité", "organisation", "la Mutualité", "de la ", "à la "),
    ("Assurance maladie", "organisation", "l’Assurance maladie", "de l’", "à l’"),
    ("Les Ateliers", "organisation", "Les Ateliers", "des ", "aux "),
    ("des concurrents", "group", "des concurrents", "de ", "à "),
    ("des industriels", "group", "des industriels", "d’", "à "),
    ("Indibat", "organisation", "Indibat", "d’", "à "),
    ("BGE", "organisation", "BGE", "de ", "à "),
    ("Le Mans", "place", "Le Mans", "du ", "au "),
    ("Besançon", "place", "Besançon", "de ", "à "),
    ("Le Corbusier", "person", "Le Corbusier", "de ", "à "),
    ("Centre Martin", "person", "Centre Martin", "de ", "à "),
    ("Hélène", "person", "Hélène", "d’", "à "),
    ("Écologie", "theme", f"«{NARROW}Écologie{NARROW}»", f"de «{NARROW}", f"à «{NARROW}"),
]
"""Names, their kind, the name as it stands in a sentence, after « de » and after « à »."""


def test_french_names_take_articles_that_merge_and_elide() -> None:
    grammar = French()
    for name, kind, named, of, at in ARTICLES:
        assert "".join(grammar.placed(name, kind, NAMES) or ()) == named
        for form, before in ((OF, of), (AT, at)):
            assert (grammar.placed(name, kind, form) or ("",))[0] == before, name
