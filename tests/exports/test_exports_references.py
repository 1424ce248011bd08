"""What is cited of a release, for programs that keep references."""

import json
import re
from dataclasses import replace

import pytest

from awkward import FORBIDDEN, WRITABLE
from rallynov_graph.exports import works
from rallynov_graph.exports.bibliography import FORMS, BibliographyEntry, bibtex, csl, ris
from rallynov_graph.exports.citation_formats import CREATORS_BY_LANGUAGE
from rallynov_graph.release.release import Release

LINE = re.compile(r"[A-Z][A-Z0-9]  - .*")
ENTRY = BibliographyEntry(
    "key", "dataset", "A title", author="Somebody", date="2013-06", container="There"
)


def references(text: str) -> list[dict[str, str]]:
    """Read RIS as a program does that takes each line for a tag and its value."""
    found: list[dict[str, str]] = [{}]
    assert text.endswith("\r\n")
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert LINE.fullmatch(line), line
        tag, value = line[:2], line[6:]
        if tag == "ER":
            found.append({})
        else:
            found[-1][tag] = value
    return found[:-1]


def test_the_dataset_and_the_carnet_are_cited(release: Release) -> None:
    dataset, carnet = works.entries(release)
    assert (dataset.type, dataset.author) == ("dataset", CREATORS_BY_LANGUAGE["fr"])
    assert release.id[:16] in dataset.version and dataset.date == release.manifest.issued
    assert (carnet.title, carnet.number, carnet.date) == ("carnet de route n° 2", "2", "2013-06")
    assert (carnet.author, carnet.address) == ("", ""), "the imprint names no author, it has none"


def test_every_form_says_the_same(release: Release) -> None:
    entries = works.entries(release)
    items = json.loads(csl(entries))
    told = references(ris(entries))
    text = bibtex(entries)
    for entry, item, reference in zip(entries, items, told, strict=True):
        assert item["id"] == reference["ID"] == entry.key
        assert item["title"] == reference["TI"] == entry.title
        assert f"@misc{{{entry.key}," in text and f"title = {{{{{entry.title}}}}}" in text
    assert [item["type"] for item in items] == ["dataset", "periodical"]
    assert [reference["TY"] for reference in told] == ["DATA", "SER"]
    assert told[1]["DA"] == "2013/06//" and told[0]["DA"].count("/") == 3
    assert "DOI" not in ris(entries) + csl(entries) + text


@pytest.mark.parametrize("label", [*WRITABLE.values(), *FORBIDDEN.values()])
def test_an_awkward_title_breaks_no_form(label: str) -> None:
    entries = [replace(ENTRY, title=f"a{label}z"), replace(ENTRY, key="next")]
    items = json.loads(csl(entries))
    assert [item["id"] for item in items] == ["key", "next"]
    assert items[0]["title"] == f"a{label}z"
    first, second = references(ris(entries))
    assert "".join(first["TI"].split()) == "".join(_visible(f"a{label}z").split())
    assert second["TI"] == "A title"
    text = bibtex(entries)
    assert len(re.findall(r"^@misc\{", text, re.MULTILINE)) == 2
    title = next(line for line in text.splitlines() if line.startswith("  title"))
    assert title.endswith("}},") and title.count("{") == title.count("}")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def _visible(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text)


def test_what_is_not_known_is_not_written() -> None:
    bare = BibliographyEntry("k", "periodical", "T")
    assert json.loads(csl([bare])) == [{"id": "k", "type": "periodical", "title": "T"}]
    assert references(ris([bare])) == [{"TY": "SER", "ID": "k", "TI": "T"}]
    assert bibtex([bare]) == "@misc{k,\n  title = {{T}},\n}\n"


def test_each_form_has_a_suffix_of_its_own() -> None:
    assert len({form.suffix for form in FORMS.values()}) == len(FORMS)
