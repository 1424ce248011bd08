"""The addresses of authority files: one form in data, several as people write them."""

from collections import Counter

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES, authority_of, records_named
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.validation import gate

RIGHT = (
    "http://www.wikidata.org/entity/Q42",
    "http://www.idref.fr/12345678X/id",
    "http://viaf.org/viaf/123456789",
    "http://data.bnf.fr/ark:/12148/cb12345678k",
    "https://data.bnf.fr/ark:/12148/cb12345678k#about",
    "http://eurovoc.europa.eu/1234",
    "https://sws.geonames.org/3033123/",
)
WRONG = (
    "https://www.wikidata.org/wiki/Q42",
    "http://www.wikidata.org/entity/42",
    "http://www.wikidata.org/entity/Q042",
    "http://www.idref.fr/1234/id",
    "http://www.idref.fr/123456789",
    "https://viaf.org/viaf/123456789/",
    "http://data.bnf.fr/ark:/12148/cb1234",
    "http://data.bnf.fr/ark:/12148/cb12345678a",
    "http://eurovoc.europa.eu/economy",
    "https://www.geonames.org/3033123/besancon.html",
    "https://example.org/Q42",
)


def test_shapes_take_the_form_of_each_authority_and_no_other(tmp_path):
    links = [
        f"<https://example.org/{kind}/{number}> a {kind} ; {link} <{iri}> .\n"
        for kind in ("foaf:Person", "org:Organization", "schema:Place", "skos:Concept")
        for link in ("skos:exactMatch", "schema:sameAs")
        for number, iri in enumerate((*RIGHT, *WRONG))
    ]
    file = tmp_path / "links.ttl"
    prefixes = [f"@prefix {it}: <{iri}> .\n" for it, iri in PREFIXES.items()]
    file.write_text("".join([*prefixes, *links]), "utf-8")
    shapes = sources.quads([ontology_dir() / "shapes.ttl"])
    ontology = building.ontology_of(ontology_dir())
    report = gate.validate(sources.quads([file]), shapes, background=ontology)
    ours = ("exactMatch", "sameAs")
    refused = Counter(it.value for it in report.results if str(it.shape).endswith(ours))
    assert refused == {NamedNode(iri): 8 for iri in WRONG}


def test_an_address_names_its_authority():
    assert all(authority_of(iri) for iri in RIGHT)
    assert not any(authority_of(iri) for iri in WRONG)
    assert authority_of(RIGHT[0]) == ("Wikidata", "Q42")


COPIED = [
    ("Q42", RIGHT[0]),
    ("wikidata:Q42", RIGHT[0]),
    (" https://www.wikidata.org/wiki/Q42 ", RIGHT[0]),
    ("12345678X", RIGHT[1]),
    ("https://www.idref.fr/12345678X", RIGHT[1]),
    ("viaf:123456789", RIGHT[2]),
    ("https://viaf.org/viaf/123456789/", RIGHT[2]),
    ("cb12345678k", RIGHT[3]),
    ("https://data.bnf.fr/fr/ark:/12148/cb12345678k", RIGHT[4]),
    ("eurovoc:1234", RIGHT[5]),
    ("https://www.geonames.org/3033123/besancon.html", RIGHT[6]),
]


def test_what_people_copy_names_the_record():
    for text, iri in COPIED:
        assert iri in records_named(text)


def test_anything_else_names_no_record():
    for text in ("", "Q", "Besançon", "organisation/cress", "Q42 Q43", "https://"):
        assert records_named(text) == ()
