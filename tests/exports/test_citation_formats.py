"""The citation of a page, as readers of references that others wrote understand it."""

from __future__ import annotations

import json
import warnings
from urllib.parse import parse_qs

import rispy
from citeproc import Citation as Reference
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string

import strategies
from awkward import FORBIDDEN, WRITABLE
from rallynov_graph.exports.citations import (
    Citation,
    in_a_line,
    in_markdown,
    link_in_markdown,
    unescaped,
)

STYLE = "harvard-cite-them-right"
ADDRESS = "https://example.org/r/abcdefghijklmnop?lang=en&a=(b)"
GROUNDS = "incertain ; paroles de {X} & Y_Z ; carnet n° 2, signes 3 à 14"
TITLES = [
    *WRITABLE.values(),
    *FORBIDDEN.values(),
    "é" * 500,
    "مؤسسة \u202eالتعاون",
    "[a](b) *c* _d_ `e` <i>f</i> &amp; # g",
    "ER  - ",
    "@misc{x, title = {y}}",
]


def citation(title: str) -> Citation:
    return Citation(title, ADDRESS, "fr", "ab" * 32, "2026-05-04", GROUNDS)


def rendered(items: list[dict[str, object]]) -> str:
    """Return the line that a processor of CSL makes of references; what it does not know fails."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", module="citeproc.source")
        source = CiteProcJSON(items)
    style = CitationStylesStyle(STYLE, validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Reference([CitationItem(str(items[0]["id"]))]))
    (line,) = bibliography.bibliography()
    return str(line)


titles = st.one_of(st.sampled_from(TITLES), strategies.texts)


@given(titles)
def test_each_form_is_read_by_a_reader_of_others(title: str) -> None:
    cited, line = citation(title), in_a_line(title)

    (entry,) = parse_string(cited.written("bib"), "bibtex").entries.values()
    (author,) = entry.persons["author"]
    assert str(author) == f"{{{cited.creators}}}", "a body, not a person with a surname"
    assert in_a_line(unescaped(entry.fields["title"][1:-1])) == line
    assert entry.fields["url"].replace("%7B", "{") == ADDRESS
    assert unescaped(entry.fields["note"]).startswith(f"{GROUNDS}. CC BY 4.0")

    (reference,) = rispy.loads(cited.written("ris"))
    assert (reference["type_of_reference"], reference.get("title", "")) == ("ELEC", line)
    assert reference["authors"] == [cited.creators] and reference["urls"] == [ADDRESS]
    assert reference["unknown_tag"] == {"M2": [f"version: {cited.version}"]}
    assert reference["notes"][0].startswith(f"{GROUNDS}. CC BY 4.0")

    items = json.loads(cited.written("json"))
    assert ADDRESS in rendered(items) and cited.creators in rendered(items)
    assert items[0].get("title", "") == title and items[0]["URL"] == ADDRESS
    assert items[0]["note"].startswith(f"{GROUNDS}. CC BY 4.0")

    values = {name: value for name, (value,) in parse_qs(cited.context_object()).items()}
    assert values["rft_val_fmt"] == "info:ofi/fmt:kev:mtx:dc", "Zotero makes a web page of it"
    assert (values.get("rft.title", ""), values["rft_id"]) == (line, ADDRESS)
    assert (values["rft.aucorp"], values["rft.description"]) == (cited.creators, GROUNDS)


@given(titles)
def test_markdown_shows_the_title_unchanged_as_one_link(title: str) -> None:
    written = link_in_markdown(in_markdown(title), ADDRESS)
    assert "\n" not in written
    (block,) = (t for t in MarkdownIt().parse(f"See {written}.") if t.type == "inline")
    parts = block.children or []
    (link,) = (part for part in parts if part.type == "link_open")
    assert link.attrs["href"] == ADDRESS.replace("(", "%28").replace(")", "%29")
    texts = "".join(part.content for part in parts)
    assert texts == f"See {in_a_line(title)}."
    kinds = {part.type for part in parts}
    assert kinds <= {"text", "text_special", "link_open", "link_close"}
