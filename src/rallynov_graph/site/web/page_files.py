"""The content of a page as a file: rows as CSV or JSON, statements as RDF.

The bytes of RDF are the same each time, in the format that the request wants.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from typing import Final

from flask import Response, make_response, request
from pyoxigraph import Literal, NamedNode, Quad, Triple, serialize

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.rdf.canonical import written
from rallynov_graph.rdf.compact import Context
from rallynov_graph.rdf.compact import written as compacted
from rallynov_graph.rdf.formats import GRAPHS, JSON_LD, RDF_XML, RESULTS, Format
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.error_pages import Missing, Unwritable
from rallynov_graph.site.web.reader import Files, site, view
from rallynov_graph.site.web.signposting import links_of_files, set_links

ROWS: Final = ("csv", "json")
"""The suffixes of files of rows."""
_ANSWERS: Final = {form.name: form for form in RESULTS if form.name in ROWS}
BY_SUFFIX: Final = {form.suffix: form for form in GRAPHS}
TEXT: Final = "text/plain; charset=utf-8"


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
    """Return statements in the RDF format of a suffix; raise Missing if it is unknown."""
    form = format_of_suffix(suffix)
    body = serialize(sorted({*triples}, key=str), format=form.rdf, prefixes=PREFIXES)
    return file_response(body or b"", form, name)


def of_things(iris: Iterable[str], suffix: str, name: str) -> Response:
    queries = view().queries
    text = queries.text("about_thing", thing=map(NamedNode, iris))
    return of_triples(queries.store.construct(text), suffix, name)


def sent(content: bytes | str, content_type: str = TEXT) -> Response:
    response = make_response(content)
    response.content_type = content_type
    return response


def file_response(content: bytes | str, form: Format, name: str) -> Response:
    """Return the response of a file; ``name`` has no suffix."""
    response = sent(content, form.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{form.suffixes[-1]}"'
    return response


def plain(term: Term) -> str:
    """Return a term as text for a cell: an IRI or a literal's value, else as in N-Triples."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _plain(cell: object) -> object:
    return str(cell).lower() if isinstance(cell, bool) else cell


def graph_response(
    statements: Iterable[Triple] | Iterable[Quad],
    form: Format,
    prefixes: Mapping[str, str] = PREFIXES,
) -> Response:
    """Return a response of sorted statements in a format; JSON-LD uses our context.

    Raises Unwritable if the format cannot express one of them.
    """
    try:
        body = graph_content(statements, form, site().context, prefixes)
    except (UnwritableError, OSError) as error:
        path, query = request.path.removesuffix(form.suffix), [*request.args.items(multi=True)]
        files = ((it, view().addresses.file(f"{path}{it.suffix}", query)) for it in GRAPHS)
        raise Unwritable(of_any_statement(files)) from error
    return sent(body, form.content_type)


def of_any_statement(files: Iterable[tuple[Format, str]]) -> Files:
    """Return the files in formats that express any statement: JSON-LD and RDF/XML do not."""
    return tuple(it for it in files if it[0] not in (JSON_LD, RDF_XML))


def graph_content(
    statements: Iterable[Triple] | Iterable[Quad],
    form: Format,
    context: Context | None,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return sorted statements in a format; raise UnwritableError if it cannot express one."""
    ordered = sorted(set(statements), key=str)
    assert form.rdf is not None
    if form is JSON_LD and context is not None:
        return compacted((s for s in ordered if isinstance(s, Triple)), context)
    return written(ordered, form.rdf, prefixes)  # type: ignore[arg-type]


def files_of(path: str) -> Files:
    return tuple((form, view().addresses.file(f"{path}{form.suffix}")) for form in GRAPHS)


def format_of_suffix(suffix: str, files: Files = ()) -> Format:
    """Return the format of a suffix without its dot; else raise Missing with the known ones."""
    form = BY_SUFFIX.get(f".{suffix}")
    if form is None:
        raise Missing(tuple(Node(known.label, href=href) for known, href in files))
    return form


def negotiated_format(files: Files, page: bool = True) -> Format:
    """Return the format that the request accepts; else raise Unwritable with those available."""
    wanted = tuple(form for form, _ in files)
    form = best(request.headers.get("Accept"), (HTML, *wanted) if page else wanted)
    if form is None:
        raise Unwritable(((HTML, request.path), *files) if page else files)
    return form


def negotiated(response: Response, form: Format, files: Files) -> Response:
    response.headers["Vary"] = "Accept"
    if form is not HTML:
        response.headers["Content-Location"] = dict(files)[form]
    return response


def page_or_data(
    files: Files,
    as_data: Callable[[Format], Response],
    as_page: Callable[[], str] | None = None,
    suffix: str = "",
) -> Response:
    """Return data in the format of a suffix; without one, page or data as the request prefers.

    Both have the same address then. Raises Missing for another suffix, Unwritable if the request
    accepts neither.
    """
    if suffix:
        form = format_of_suffix(suffix, files)
    else:
        form = negotiated_format(files, page=as_page is not None)
    set_links(links_of_files(files))
    if suffix:
        return as_data(form)
    response = make_response(as_page()) if form is HTML and as_page else as_data(form)
    return negotiated(response, form, files)
