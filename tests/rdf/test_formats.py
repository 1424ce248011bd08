"""The table of formats."""

import pytest

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.rdf import formats


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.ttl", formats.TURTLE),
        ("a.NT", formats.N_TRIPLES),
        ("a.nq.gz", formats.N_QUADS),
        ("a.trig", formats.TRIG),
        ("a.rdf", formats.RDF_XML),
        ("a.owl", formats.RDF_XML),
        ("a.xml", formats.RDF_XML),
        ("a.jsonld", formats.JSON_LD),
        ("a.n3", formats.N3),
        ("a.json", None),
        ("ttl", None),
        (".gz", None),
    ],
)
def test_a_suffix_names_a_format(name, expected):
    assert formats.by_path(name) is expected


def test_a_media_type_names_a_format_whatever_its_parameters():
    assert formats.by_media_type("Text/Turtle; charset=utf-8", formats.GRAPHS) is formats.TURTLE


def test_the_own_media_type_of_a_format_wins_over_another_ones_second():
    assert formats.by_media_type("text/plain", formats.GRAPHS) is formats.N_TRIPLES
    assert formats.by_media_type("application/json", formats.RESULTS) is formats.RESULTS_JSON


def test_an_unknown_name_is_answered_with_a_near_one():
    with pytest.raises(UnknownNameError, match="did you mean ttl"):
        formats.by_name("ttll", formats.EXPORTS)


def test_an_alias_names_the_same_format():
    assert formats.by_name("ntriples", formats.GRAPHS) is formats.N_TRIPLES


def test_names_and_media_types_are_said_once_in_each_family():
    for family in (formats.RDF, formats.RESULTS):
        assert len({f.name for f in family}) == len(family)
        assert len({f.media_type for f in family}) == len(family)


def test_a_header_tells_the_encoding_of_text_alone():
    assert formats.TURTLE.content_type == "text/turtle; charset=utf-8"
    assert formats.RESULTS_CSV.content_type == "text/csv; charset=utf-8"
    assert formats.JSON_LD.content_type == "application/ld+json"
