"""What is cited of a release, for programs that keep references."""

import json

import rispy

from rallynov_graph.exports.citations import CREATORS_BY_LANGUAGE, references, written
from rallynov_graph.release.release import Release


def test_the_dataset_and_the_carnet_are_cited(release: Release) -> None:
    dataset, carnet = references(release)
    assert (dataset.type, dataset.author) == ("dataset", CREATORS_BY_LANGUAGE["fr"])
    assert release.id[:16] in dataset.version and dataset.date == release.manifest.issued
    assert (carnet.title, carnet.number, carnet.date) == ("carnet de route n° 2", "2", "2013-06")
    assert (carnet.author, carnet.address) == ("", ""), "the imprint names no author, it has none"


def test_every_form_says_the_same(release: Release) -> None:
    entries = references(release)
    items = json.loads(written(entries, "json"))
    told = rispy.loads(written(entries, "ris"))
    text = written(entries, "bib")
    for entry, item, reference in zip(entries, items, told, strict=True):
        assert item["id"] == reference["id"] == entry.key
        assert item["title"] == reference["title"] == entry.title
        assert f"@misc{{{entry.key}," in text and f"title = {{{{{entry.title}}}}}" in text
    assert [item["type"] for item in items] == ["dataset", "periodical"]
    assert [reference["type_of_reference"] for reference in told] == ["DATA", "SER"]
    assert told[1]["date"] == "2013/06//" and told[0]["date"].count("/") == 3
    assert "DOI" not in written(entries, "ris") + written(entries, "json") + text
