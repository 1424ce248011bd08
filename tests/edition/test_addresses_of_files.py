"""Which file an address has: a name that every system takes, and no two addresses share."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from rallynov_graph.edition.addresses import (
    Absent,
    SiteAddress,
    canonical,
)

NOWHERE = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$')
"""What no name of a file may have on Windows."""
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/?lang=en", "index.en.html"),
        ("/?certainty=explicit&lang=en", "index.explicit.en.html"),
        ("/page/stage/dole", "page/stage/dole.html"),
        ("/data/stage/dole.ttl", "data/stage/dole.ttl"),
        ("/ontology/Stage", "ontology/stage-de838855e4.html"),
        ("/list/stage.csv?certainty=inferred", "list/stage.inferred.csv"),
        ("/list/organisation?view=matrix&page=2", "list/organisation.view-matrix.page-2.html"),
        ("/carnet/x?page=2", "carnet/x.page-2.html"),
        ("/doubts?page=2&lang=en", "doubts.page-2.en.html"),
        ("/doubts?touches=stage/dole&page=2", "doubts.touches-stage_dole.page-2.html"),
        ("/changes?what=added&kind=stage&page=2", "changes.what-added.kind-stage.page-2.html"),
        ("/linkset/page/stage/dole", "linkset/page/stage/dole.json"),
        ("/release/0123456789abcdef/?lang=en", "release/0123456789abcdef/index.en.html"),
        ("/static/built/style-JOWGX6ZN.css", "static/built/style-JOWGX6ZN.css"),
        ("/downloads/SHA256SUMS", "downloads/SHA256SUMS"),
        ("/downloads/rallynov.rdf", "downloads/rallynov.rdf"),
    ],
)
def test_an_address_has_a_file_that_reads_well(address: str, file: str) -> None:
    assert SiteAddress.of(address).file == file
    assert canonical(SiteAddress.of(address)) == SiteAddress.of(address)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/id/stage/dole", "/page/stage/dole"),
        ("/data/stage/dole", "/data/stage/dole.ttl"),
        ("/catalog", "/catalog.ttl"),
        ("/r/m5ftmp6jonfxbmnk?certainty=explicit", "/r/m5ftmp6jonfxbmnk"),
        ("/sparql?query=ASK%20{}&lang=en", "/sparql?lang=en"),
        ("/list/stage.ttl?certainty=explicit&lang=en", "/list/stage.ttl?certainty=explicit"),
        ("/list/stage.csv?lang=en", "/list/stage.csv?lang=en"),
        ("/static/logo.svg?v=1", "/static/logo.svg"),
        ("/downloads/SHA256SUMS?lang=en", "/downloads/SHA256SUMS"),
    ],
)
def test_an_address_without_a_file_leads_to_that_of_another(address: str, leads_to: str) -> None:
    assert canonical(SiteAddress.of(address)) == SiteAddress.of(leads_to)


@pytest.mark.parametrize(
    ("address", "absent"),
    [
        ("/builder?kind=rn%3AStage", Absent.BUILDER),
        ("/between?from=stage/dole", Absent.CONNECTIONS),
        ("/compare", Absent.COMPARISON),
        ("/list/organisation?theme=theme/formation", Absent.CHOICES),
        ("/list/organisation.csv?theme=theme/formation", Absent.CHOICES),
        ("/linkset/network?centre=stage/dole&sort=name", Absent.CHOICES),
        ("/doubts?touches=stage/dole&try=reading/x&page=2", Absent.CHOICES),
        ("/suggest.json", Absent.PROGRAMS),
        ("/r/m5ftmp6jonfxbmnk.csv", Absent.CLAIMS),
        ("/data/stage/dole.nq", Absent.FORMATS),
        ("/data/stage/dole.csv", Absent.FORMATS),
        ("/questions/stages.tsv?lang=en", Absent.FORMATS),
        ("/cite/r/m5ftmp6jonfxbmnk.bib?lang=en", Absent.PROGRAMS),
        ("/release/0123456789abcdef/builder", Absent.BUILDER),
    ],
)
def test_what_an_edition_has_not_has_a_page_that_says_so(address: str, absent: Absent) -> None:
    assert canonical(SiteAddress.of(address)) is absent


HARD = (
    "Stage",
    "stage",
    "STAGE",
    "con",
    "nul.txt",
    "aux",
    "ends.",
    "ends ",
    "été",
    "a/b",
    "a_b",
    "..",
)
names = st.one_of(
    st.sampled_from((*HARD, ".hidden", 'a"<>|*\\b', "http://example.org/a?b=c#d", "x" * 3000)),
    strategies.texts.filter(bool),
)
states = st.builds(
    SiteAddress,
    st.sampled_from(["/list/stage", "/resource"])
    | names.map(lambda it: "/ontology/" + it.replace("/", "")),
    st.dictionaries(st.sampled_from(["iri", "page", "view"]), names, max_size=2).map(
        lambda it: tuple(it.items())
    ),
    st.sampled_from(["fr", "en"]),
    st.sampled_from(["explicit", "inferred", "tentative"]),
)


@given(st.sets(states, max_size=6))
def test_names_are_names_on_every_system_and_none_stands_for_two(
    addresses: set[SiteAddress],
) -> None:
    files = [address.file for address in addresses]
    for part in (part for file in files for part in file.split("/")):
        assert not NOWHERE.search(part) and not DEVICE.fullmatch(part), part
        assert part.isascii(), part
    assert len({file.casefold() for file in files}) == len(files)
