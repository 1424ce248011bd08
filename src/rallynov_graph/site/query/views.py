"""Common parts of questions, builder and workbench: citations of answers, and refusals."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from pyoxigraph import QueryBoolean, QuerySolutions, Triple, parse, parse_query_results

from rallynov_graph.base.certainty import STANDING
from rallynov_graph.base.languages import typeset
from rallynov_graph.base.terms import Solutions
from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource
from rallynov_graph.claims.row_evidence import COLUMNS, HOW, evidence_of
from rallynov_graph.exports import deposit
from rallynov_graph.exports.citations import (
    ANSWER_SUFFIXES,
    LONGEST_TITLE,
    CitedAnswer,
    cited_answer,
)
from rallynov_graph.http.permalinks import permalink
from rallynov_graph.http.protocol import ASK, NO_UPDATE, Refused
from rallynov_graph.http.queries import Ask, Reply
from rallynov_graph.rdf.canonical_answer import (
    LONGEST,
    CanonicalFormFailure,
    NoCanonicalAnswer,
    sha256,
)
from rallynov_graph.rdf.formats import N_TRIPLES, RESULTS_CSV, RESULTS_JSON
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.browser_engine import (
    MOST_QUADS,
    PROGRAM,
    packed_dataset,
    quads_of,
)
from rallynov_graph.site.query.mending import Fault, Mend, fault_of
from rallynov_graph.site.web.error_pages import Missing, refusal
from rallynov_graph.site.web.reader import absolute, site, view, whole_address, words

blueprint = Blueprint("citing_answers", __name__)

DEPOSIT: Final = "zip"
"""The suffix of an answer as a deposit."""
MOST_WITH_EVIDENCE: Final = 1000
"""So many rows of a deposit have theirs."""
_LONGEST_REPLY: Final = 3 * LONGEST
"""In JSON an answer takes about three times the room."""
_RELEASE: Final = 8
_SAID_AGAIN: Final = ("asking", "same", "different", "other", "refused", "unable")
"""The sentences of the page of a deposit."""
_UNSAID: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
"""The statuses whose sentence does not say what is wrong."""
_PLACE: Final = re.compile(r"(?:The query is not valid SPARQL: )?line \d+, column \d+: ")


def visitors_ask() -> Ask | None:
    """Return the runner of visitors' queries; None if there is none here."""
    return cast(Ask | None, request.environ.get(ASK))


@blueprint.post("/sparql/cite")
def shown() -> Response:
    """Return the citation of a query's answer in all its forms; an empty title is made up."""
    try:
        citation = _cited(request.form.get("query", ""), request.form.get("title", ""))
    except Refused as refused:
        return refusal(refused)
    return jsonify(
        title=citation.title, files={suffix: citation.written(suffix) for suffix in ANSWER_SUFFIXES}
    )


@blueprint.get("/sparql/cite.<suffix>")
def file(suffix: str) -> Response:
    """Serve the citation of a query's answer as a file, or with the answer as a deposit."""
    if suffix not in (*ANSWER_SUFFIXES, DEPOSIT):
        raise Missing
    query = request.args.get("query", "")
    try:
        citation = _cited(query, request.args.get("title", ""))
        content = _deposit(citation) if suffix == DEPOSIT else citation.written(suffix)
    except Refused as refused:
        return refusal(refused)
    response = make_response(content)
    text = ANSWER_SUFFIXES.get(suffix)
    response.content_type = f"{text}; charset=utf-8" if text else "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="answer.{suffix}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def files_of(query: str, title: str = "") -> tuple[tuple[str, str], ...]:
    """Return the addresses of a query's citation, by the names of its formats.

    None if visitors' queries are not run, and for another program's graph.
    """
    if site().foreign or visitors_ask() is None:
        return ()
    names = {"txt": words()["column.text"], "bib": "BibTeX", "json": "CSL-JSON", "ris": "RIS"}
    path, pairs = view().addresses.path, [("title", title), ("query", query)]
    names |= {DEPOSIT: words()["cite.deposit"]} if site().release else {}
    return tuple((name, path(f"/sparql/cite.{suffix}", pairs)) for suffix, name in names.items())


def _deposit(citation: CitedAnswer) -> bytes:
    """Return an answer as a deposit; raise Refused, Missing."""
    ask, release = visitors_ask(), site().release
    if ask is None or release is None:
        raise Missing
    reply = ask(citation.query, RESULTS_CSV, N_TRIPLES)
    again = _page_that_asks_again(release, citation, reply.content)
    if reply.form is N_TRIPLES:
        return deposit.written(release, citation, {"answer.nt": reply.content} | again)
    files = {"answer.csv": reply.content} | again
    found = _read_reply(ask(citation.query, RESULTS_JSON, N_TRIPLES))
    if isinstance(found, Solutions) and HOW in found.variables:
        first = Solutions(found.variables, found.rows[:MOST_WITH_EVIDENCE])
        root = whole_address(view().addresses.root).rstrip("/")
        issued = release.manifest.issued
        source = ClaimSource(view().graph.labels, view().language, release.id, issued, root)
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(("row", *COLUMNS))
        evidence = evidence_of(view().store, citation.query, first, ClaimReport(source))
        texts = (it.texts() if it else ("",) * len(COLUMNS) for it in evidence)
        writer.writerows((number, *row) for number, row in enumerate(texts, 1))
        files["evidence.csv"] = table.getvalue().encode()
    return deposit.written(release, citation, files)


def _page_that_asks_again(
    release: Release, citation: CitedAnswer, answer: bytes
) -> dict[str, bytes]:
    """Return the page with engine and release in it, and its licences; no file if too large."""
    if quads_of(view().graph.queries, release) > MOST_QUADS:
        return {}
    assets, of = site().assets, words()
    script = assets.read("again.js")
    lines = sorted(line.hex() for line in re.split(rb"\r?\n", answer) if line)
    given = {
        "apart": STANDING,
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "words": {name: of[f"again.{name}"] for name in _SAID_AGAIN},
    }
    page = render_template(
        "query/again.html",
        t=of,
        language=view().language,
        title=typeset(citation.title, view().language),
        citation=citation,
        given=given,
        program=base64.b64encode(assets.read(f"{PROGRAM}.zst")).decode(),
        data=base64.b64encode(packed_dataset(view().graph.queries, release)[0]).decode(),
        script=script.decode(),
        script_hash=base64.b64encode(hashlib.sha256(script).digest()).decode(),
    )
    return {deposit.AGAIN: page.encode(), "licences.txt": assets.read("licences.txt")}


def _cited(query: str, title: str) -> CitedAnswer:
    """Return how the answer to a query is cited; raise Refused, Missing."""
    ask = visitors_ask()
    if site().foreign or ask is None or not query.strip():
        raise Missing
    digest = _digest(query, ask(query, RESULTS_JSON, N_TRIPLES))
    language, release = view().language, site().release
    page, _, query_string = absolute(view().addresses.path("/sparql")).partition("?")
    language_parameter = {"lang": language} if query_string else {}
    address = permalink(
        page, query, release=release.id[:_RELEASE] if release else "", **language_parameter
    )
    return cited_answer(
        query,
        digest,
        address,
        language,
        title=" ".join(title.split())[:LONGEST_TITLE],
        release=release.id if release else "",
        issued=release.manifest.issued if release else "",
    )


def _digest(query: str, reply: Reply) -> str | CanonicalFormFailure:
    """Return the SHA-256 of an answer, or why it has none."""
    try:
        if len(reply.content) > _LONGEST_REPLY:
            return CanonicalFormFailure.LARGE
        return sha256(query, _read_reply(reply))
    except NoCanonicalAnswer as refused:
        return refused.reason


def _read_reply(reply: Reply) -> bool | Solutions | Iterable[Triple]:
    if reply.form is N_TRIPLES:
        return (quad.triple for quad in parse(reply.content, format=N_TRIPLES.rdf))
    found = parse_query_results(reply.content, format=RESULTS_JSON.results)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    variables = tuple(variable.value for variable in found.variables)
    return Solutions(variables, tuple(tuple(solution) for solution in found))


@dataclass(frozen=True)
class QueryRefusal:
    """Why there is no answer, and the place of the reason in the query."""

    key: int
    """The status whose words say it to readers."""
    words: str
    """What the engine or the service says of it, in English, without the place."""
    line: int | None = None
    column: int | None = None
    fault: Fault | None = None
    """What is wrong with the query, where that is known."""
    mend: Mend | None = None
    """What makes it a query that the engine reads, where that is known."""

    @classmethod
    def of(cls, refused: Refused) -> QueryRefusal:
        key = HTTPStatus.FORBIDDEN if refused.detail == NO_UPDATE else refused.status
        has_words = f"sparql.said_{key:d}" in words()
        message = _PLACE.sub("", refused.detail, count=1)
        return cls(
            int(key) if has_words else 500,
            message,
            refused.line,
            None if refused.line is None else refused.column or 1,
            fault_of(message) if refused.status == HTTPStatus.BAD_REQUEST else None,
        )

    @property
    def sentence(self) -> str:
        reason = words()["sparql.said_" + str(self.key)]
        if self.fault is None:
            return reason
        about = words()("fault." + self.fault.key, it=self.fault.about)
        return f"{reason} {about}"

    @property
    def quoted(self) -> str:
        """The engine's or the service's own words, if we have no sentence for the reason."""
        return self.words if self.fault is None and self.key in _UNSAID else ""

    @property
    def mending(self) -> str:
        if self.mend is None:
            return ""
        change = words()("mend." + self.mend.key, it=self.mend.about)
        declared = self.mend.declared
        return words()("mend.declaring", it=declared, mend=change) if declared else change
