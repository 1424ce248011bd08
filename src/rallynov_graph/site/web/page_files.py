"""The content of a page as a file: rows as CSV or JSON, statements as RDF."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from flask import Response, make_response
from pyoxigraph import Literal, NamedNode, Triple, serialize

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, Format
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.reader import view

ROWS: Final = ("csv", "json")
"""The suffixes of files of rows."""
_ANSWERS: Final = {form.name: form for form in RESULTS if form.name in ROWS}
_GRAPHS: Final = {form.suffix[1:]: form for form in GRAPHS}


def of_query(query: str, suffix: str, name: str) -> Response:
    """Return the answer to the query of a page as a file; raise Missing for another suffix."""
    form = _ANSWERS.get(suffix)
    if form is None:
        raise Missing
    return file_response(view().store.serialize(query, form.media_type), form, name)


def of_rows(
    header: Sequence[str], rows: Iterable[Sequence[object]], suffix: str, name: str
) -> Response:
    """Return rows as CSV, or as JSON with an object a row; raise Missing for another suffix."""
    form = _ANSWERS.get(suffix)
    if form is None:
        raise Missing
    if suffix == "json":
        objects = [dict(zip(header, row, strict=True)) for row in rows]
        response = file_response(json.dumps(objects, ensure_ascii=False, indent=1), form, name)
        response.content_type = "application/json"
        return response
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(map(_plain, row) for row in rows)
    return file_response(text.getvalue(), form, name)


def of_triples(triples: Iterable[Triple], suffix: str, name: str) -> Response:
    """Return statements in the RDF format of a suffix; raise Missing where it is none."""
    form = _GRAPHS.get(suffix)
    if form is None:
        raise Missing
    body = serialize(sorted({*triples}, key=str), format=form.rdf, prefixes=PREFIXES)
    return file_response(body or b"", form, name)


def of_things(iris: Iterable[str], suffix: str, name: str) -> Response:
    """Return the statements about things in the RDF format of a suffix."""
    queries = view().queries
    text = queries.text("about_thing", thing=map(NamedNode, iris))
    return of_triples(queries.store.construct(text), suffix, name)


def file_response(content: bytes | str, form: Format, name: str) -> Response:
    """Return the response of a file; ``name`` has no suffix."""
    response = make_response(content)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{form.suffixes[-1]}"'
    return response


def plain(term: Term) -> str:
    """Return a term as text for a cell: an IRI or a literal's value, else as in N-Triples."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _plain(cell: object) -> object:
    return str(cell).lower() if isinstance(cell, bool) else cell
