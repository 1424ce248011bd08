"""A comparison of releases tells an address that gave way, and not each of its facts."""

import shutil

import pytest

from identities import DATA, with_second_naming
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.release import diffing, release_set
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """Releases of the same data before and after a merge."""
    folder = tmp_path_factory.mktemp("merged")
    data = with_second_naming(folder)
    before = build(folder / "releases", data=data, checked=False)
    shutil.copy(DATA / "same.trig", data)
    return before, build(folder / "releases", data=data, checked=False)


def about(facts, thing):
    return {
        (it.predicate.value.removeprefix(PREFIXES["rdfs"]), getattr(it.object, "value", ""))
        for it in facts
        if it.subject.value == ID + thing
    }


def test_facts_that_moved_are_not_told(releases):
    difference = diffing.between(*releases)
    (change,) = difference.addresses
    assert (change.former, change.now) == (f"{ID}person/b-herry", (f"{ID}person/bruno-herry",))
    assert (change.is_undone, change.facts > 2) == (False, True)
    assert about(difference.removed, "person/b-herry") == {("label", "B. Herry")}
    added = about(difference.added, "person/bruno-herry")
    assert added == {(PREFIXES["skos"] + "altLabel", "B. Herry")}


def test_an_undone_merge_is_told_as_such(releases):
    difference = diffing.between(*reversed(releases))
    (change,) = difference.addresses
    assert (change.former, change.is_undone) == (f"{ID}person/b-herry", True)
    assert about(difference.added, "person/b-herry") == {("label", "B. Herry")}


def test_the_command_tells_it_in_a_line(releases, rallynov):
    ran = rallynov("diff", releases[0].path, releases[1].path)
    assert "> person/b-herry is now person/bruno-herry; facts that moved with it:" in ran.out
    ran = rallynov("diff", releases[1].path, releases[0].path, "--format", "json")
    assert '"is_undone": true' in ran.out


def test_the_page_of_changes_says_which_address_gave_way(releases):
    before, after = releases
    compared = release_set.compared(after, [before.path])
    app = create_app(EmbeddedStore.of_release(after).pages(), after, earlier=compared)
    for language, said in (
        ("fr", "faits ont changé d’adresse"),
        ("en", "facts moved to the other address"),
    ):
        page = read(app.test_client(), f"/changes?lang={language}")
        assert faults(page, language) == []
        assert "person/b-herry → " in page.text and said in page.text
