"""What is concluded from the thesaurus alone is not told as if the document said it."""

from __future__ import annotations

from flask.testing import FlaskClient

from claims import short_of
from rallynov_graph.base.namespaces import ID
from rallynov_graph.rules import explanation
from rallynov_graph.rules.explanation import CURATION, OUTSIDE
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read

FROM_THESAURUS = {
    "narrower-theme",
    "related-both-ways",
    "theme-above",
    "theme-further-above",
    "theme-further-under",
    "theme-under-broader",
    "theme-under-group",
    "top-term-of-scheme",
}
"""The rules that need nothing but what the curators say of themes (docs/rules.md)."""
SKOS = "http://www.w3.org/2004/02/skos/core#"
LINK = ("theme/ecoresponsabilite", "skos:broaderTransitive", "theme/environnement")


def test_the_rules_over_the_thesaurus_are_found_by_what_they_need(store: EmbeddedStore) -> None:
    bases = explanation.bases(store)
    found = {iri.rpartition("/")[2]: basis for iri, basis in bases.items() if basis}
    assert found == {
        **dict.fromkeys(FROM_THESAURUS, CURATION),
        "place-in-departement": OUTSIDE,
        "lies-in": OUTSIDE,
    }


def test_the_command_line_says_what_it_rests_on(rallynov, release) -> None:
    for language, words in (
        ("fr", "calculé à partir du thésaurus"),
        ("en", "computed from the thesaurus"),
    ):
        ran = rallynov("why", *LINK, "--lang", language, "--release", release.path)
        first, way, *_ = ran.out.splitlines()
        assert first.endswith(words) and way.endswith(words)
    told = rallynov("why", *LINK, "--format", "json", "--release", release.path).out
    assert '"basis": "curation"' in told


def test_pages_say_what_it_rests_on(client: FlaskClient) -> None:
    address = short_of(f"<{ID}{LINK[0]}> <{SKOS}broaderTransitive> <{ID}{LINK[2]}>")
    for language, derived, said in (
        ("fr", "à partir du thésaurus", "explicite"),
        ("en", "from the thesaurus", "explicit"),
    ):
        theme = read(client, f"/page/theme/environnement?lang={language}")
        assert faults(theme, language) == []
        assert derived in theme.text
        assert theme.text.count(derived) == 3, "each theme below"
        reasons = read(client, f"{address}?lang={language}")
        assert derived in reasons.text and said not in reasons.text
        legeni = read(client, f"/page/organisation/legeni?lang={language}")
        assert said in legeni.text and derived not in legeni.text, "a document says a premise"
