"""Facts as HTML (templates: ``html``), and the signs of kinds as SVG (``kind_sign``).

A page has hundreds of values. In Python each costs a few microseconds, as a macro fifty.
Everything from the graph is escaped by ``in_html``, and the words of the site too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, Final, ParamSpec, Protocol

from markupsafe import Markup, escape

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.languages import FRENCH
from rallynov_graph.matching.words import TextPiece
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.facts import Details, Fact, FactValue
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.statement import (
    CURATION,
    DERIVED,
    GRAPH,
    OUTSIDE,
    Evidence,
    Statement,
)
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.site import SourceDocument

MOST_SOURCES: Final = 3
"""How many documents are named one by one where a page says what it is made from."""

Parameters = ParamSpec("Parameters")


class Called(Protocol):
    """A thing with a name; ``language`` is set if it is not the page's."""

    @property
    def text(self) -> str: ...

    @property
    def language(self) -> str: ...


def _safe(
    write: Callable[Concatenate[Html, Parameters], str],
) -> Callable[Concatenate[Html, Parameters], Markup]:
    """Return a method whose result templates do not escape again."""

    @wraps(write)
    def marked(self: Html, /, *positional: Parameters.args, **named: Parameters.kwargs) -> Markup:
        return Markup(write(self, *positional, **named))

    return marked


class Html:
    """Writes HTML with the words of one language.

    In English texts of our graph, text in guillemets is French; not so in other graphs.
    """

    def __init__(self, words: Messages, foreign: bool = False) -> None:
        self._words, self._language = words, "" if foreign else words.language
        self._escaped_words: dict[str, str] = {}
        self._external = f'<span class="unseen"> {self._words_of("site.external")}</span>'

    def _words_of(self, key: str) -> str:
        """Return words of the site, escaped; raise KeyError without any."""
        escaped = self._escaped_words.get(key)
        if escaped is None:
            escaped = self._escaped_words[key] = in_html(self._words(key))
        return escaped

    def _text(self, text: Text) -> str:
        """Return a text, marked with its language if it is not the page's."""
        return in_language(text.value, text.language, self._language)

    @_safe
    def sources(self, documents: Sequence[SourceDocument]) -> str:
        """Write the documents that a graph speaks from with their dates; very many as a number."""
        language = self._words.language
        if len(documents) > MOST_SOURCES:
            dates = [date for it in documents if (date := it.date(language))]
            span = {"first": dates[0] if dates else "", "last": dates[-1] if dates else ""}
            return in_html(self._words("site.sources", n=len(documents), **span))
        return " · ".join(
            ", ".join(filter(None, (self._text(it.name(language)), in_html(it.date(language)))))
            for it in documents
        )

    def _called(self, named: Called) -> str:
        """Return the name of a thing, marked with its language if it is not the page's."""
        return in_language(named.text, named.language, self._language)

    def _name(self, named: Called) -> str:
        """Return the name of a thing, within an element that has the language."""
        shown = in_html(named.text)
        return (
            _marked_quotations(shown, named.language or self._language) if self._language else shown
        )

    def _pieces(self, pieces: Iterable[TextPiece], language: str = "") -> str:
        """Return a found text with its matches marked, within an element that has the language."""
        escaped = ((in_html(piece.text), piece.marked) for piece in pieces)
        shown = "".join(f"<mark>{text}</mark>" if marked else text for text, marked in escaped)
        return _marked_quotations(shown, language or self._language) if self._language else shown

    def _words_with_names(self, key: str, /, **named: Called | int) -> str:
        """Return words of the site with names of things and numbers in their places."""
        shown = {
            name: self._words.number(value) if isinstance(value, int) else self._called(value)
            for name, value in named.items()
        }
        return self._words_of(key).format(**shown)

    def _words_with_links(self, key: str, /, **named: Node) -> str:
        """Return words of the site with things in their places, each a link to its page.

        A thing with an empty name is shown by the last part of its IRI: no link is without words.
        """
        shown = {
            name: self._node(
                node if node.text.strip() else replace(node, text=last_part(node.iri)), False
            )
            for name, node in named.items()
        }
        return self._words_of(key).format(**shown)

    def _label(self, label: Text) -> str:
        return _unchanged_case(label.value, self._text(label).strip())

    def _kind(self, kind: Node) -> str:
        return _unchanged_case(kind.text, self._node(kind, False))

    def _node(self, node: Node, mark: bool = True) -> str:
        """Return a thing or value, as a link if it has an address."""
        shape = (
            f'<span class="shape shape-{node.shape}" aria-hidden="true"></span>'
            if mark and node.shape
            else ""
        )
        if node.href:
            away = ' rel="external noreferrer" class="away"' if node.external else ""
            language = f' lang="{in_html(node.language)}"' if node.language else ""
            external = self._external if node.external else ""
            name = self._name(node) if "«" in node.text else in_html(node.text)
            shown = f'<a href="{in_html(node.href)}"{away}{language}>{name}</a>{external}'
        else:
            shown = self._called(node)
        cut = f' <span class="soft">{self._words_of("thing.cut")}</span>' if node.cut else ""
        return f"{shape}{shown}{cut}"

    def _nodes(self, nodes: Iterable[Node], mark: bool = True) -> str:
        return ", ".join(self._node(node, mark).strip() for node in nodes)

    def _certainty(self, name: str, quietly: bool = False) -> str:
        """Return a certainty: its bars and its word; the word alone where curators or others speak.

        The word of a quiet one is read aloud and shown to who points at the bars.
        """
        word, title = self._words_of(f"how.{name}"), ""
        if quietly:
            word, title = f'<span class="unseen">{word}</span>', f' title="{word}"'
        return f'<span class="certainty"{title}>{bars(name)}{word}</span>'

    def _node_or_certainty(self, node: Node) -> str:
        """Return a node; one of a certainty with its bars."""
        _, of_ontology, name = node.iri.rpartition("ontology#")
        return self._certainty(name) if of_ontology and name in CERTAINTIES else self._node(node)

    def _evidence_link(self, href: str, fact: str = "", has_note: bool = True) -> str:
        """Return the link to the evidence of a fact in words; a script opens a note in place."""
        word = self._words_of("thing.evidence")
        name = f' aria-label="{word}{self._words_of("site.colon")} {in_html(fact)}"' if fact else ""
        note = " data-evidence" if has_note else ""
        return f'<a class="evidence" href="{in_html(href)}"{note}{name}>{word}</a>'

    def _source(self, evidence: Evidence) -> str:
        """Return the name of a claim's graph, or of the basis of its rule."""
        if evidence.basis:
            return self._words_of(f"how.{evidence.mark}")
        return self._called(evidence.source)

    def _evidence(self, evidence: Evidence, has_note: bool = False) -> str:
        """Return a piece of evidence; without a note, with links to its passages and reason."""
        if evidence.kind in (OUTSIDE, GRAPH):
            shown = f"{self._certainty(evidence.kind)} {self._node(evidence.source)}"
        elif evidence.kind == CURATION:
            name = f'<span class="unseen"> {self._called(evidence.source)}</span>'
            word = self._words_of("how.curation")
            shown = (
                f'<a class="quiet" href="{in_html(evidence.source.href or "")}">{word}{name}</a>'
            )
        else:
            shown = " ".join(self._assertion_parts(evidence, has_note))
        return f'<span class="proof">{shown}</span>'

    def _assertion_parts(self, evidence: Evidence, has_note: bool) -> Iterable[str]:
        yield self._certainty(evidence.mark)
        for voice in evidence.voices:
            yield f"{self._words_of('thing.voice')} {self._node(voice, False)}"
        if has_note:
            return
        if evidence.kind == DERIVED != evidence.mark:
            yield self._words_of("how.derived")
        for number, passage in enumerate(evidence.passages, 1):
            word = self._words_of("thing.passage") if number == 1 else str(number)
            yield _short_link(passage.href, word, self._called(passage))
        if (evidence.reason or evidence.kind == DERIVED) and evidence.source.href:
            word = self._words_of("thing.evidence")
            yield _short_link(evidence.source.href, word, self._source(evidence))

    def _details(self, details: Details) -> str:
        return f'<dl class="details">\n{"".join(map(self._detail, details))}</dl>'

    def _detail(self, values: Sequence[Statement]) -> str:
        shown = "".join(map(self._value_with_certainty, values))
        return f"<div><dt>{self._text(values[0].label)}</dt>\n{shown}</div>\n"

    def _value_with_certainty(self, it: Statement) -> str:
        pieces = [piece for piece in it.evidence if piece.has_note]
        certainties = "".join(self._certainty_of_detail(piece, bool(it.note)) for piece in pieces)
        link = ""
        if pieces and it.note:
            note = self._evidence_link(it.note, it.in_words)
            link = f' <span class="small">{note}</span>'
        return f"<dd>{self._node(it.other)}{certainties}{link}</dd>\n"

    def _certainty_of_detail(self, evidence: Evidence, has_note: bool) -> str:
        """Return the certainty of a detail; without a note, with a link to the reason."""
        reason_link = ""
        if evidence.reason and not has_note:
            source = f'<span class="unseen"> — {self._called(evidence.source)}</span>'
            href = in_html(evidence.source.href or "")
            reason_link = f' <a href="{href}">{self._words_of("thing.evidence")}{source}</a>'
        return f' <span class="small">{self._certainty(evidence.mark)}{reason_link}</span>'

    def _fact(self, fact: Fact) -> str:
        kind = f' <span class="of-kind">{self._text(fact.of_kind)}</span>' if fact.of_kind else ""
        values = "".join(map(self._value, fact.values))
        more = ""
        if fact.more:
            more = f'<dd class="soft">{in_html(self._words("thing.more", n=fact.more))}</dd>\n'
        return (
            f'<div class="fact">\n<dt>{self._label(fact.label)}{kind}</dt>\n{values}{more}</div>\n'
        )

    def _value(self, value: FactValue) -> str:
        if value.members:
            members = "".join(
                f"<li>{self._node_or_certainty(member)}"
                f"{self._details(details) if details else ''}</li>"
                for member, details in value.members
            )
            more = (
                ""
                if value.is_complete
                else f'<p class="soft">{self._words_of("thing.list_goes_on")}</p>'
            )
            shown = f'<ol class="members">{members}</ol>{more}'
        else:
            shown = f'<span class="value">{self._node_or_certainty(value.other)}</span>'
        evidence = f"\n{self._proof(value)}" if value.evidence else ""
        details = f"\n{self._details(value.details)}" if value.details else ""
        return f"<dd>{shown}{evidence}{details}</dd>\n"

    def _statement(self, it: Statement, how: str = "note") -> str:
        name = f'<span class="soft">{self._called(it.prop)}</span>'
        value = self._node_or_certainty(it.value).strip()
        return f"{self._node(it.subject).strip()} {name} {value} {self._proof(it, how)}"

    def _proof(self, it: Statement, how: str = "note") -> str:
        """Return the mark of a statement, from its surest evidence, and the link to its note.

        Without a note, and if its "passages" are requested, all its evidence.
        """
        if how == "note" and it.note:
            shown = self._evidence(it.evidence[0], True)
            return f"{shown}\n{self._evidence_link(it.note, it.in_words)}"
        return "".join(map(self._evidence, it.evidence))

    text = _safe(_text)
    called = _safe(_called)
    name = _safe(_name)
    pieces = _safe(_pieces)
    saying = _safe(_words_with_names)
    saying_linked = _safe(_words_with_links)
    label = _safe(_label)
    kind = _safe(_kind)
    node = _safe(_node)
    nodes = _safe(_nodes)
    certainty = _safe(_certainty)
    node_or_certainty = _safe(_node_or_certainty)
    evidence = _safe(_evidence)
    proof = _safe(_proof)
    statement = _safe(_statement)
    evidence_link = _safe(_evidence_link)
    fact = _safe(_fact)


def _short_link(href: str | None, word: str, target: str) -> str:
    """Return a short link that also names its target, for screen readers."""
    unseen = f'<span class="unseen"> — {target}</span>'
    return f'<a class="small" href="{in_html(href or "")}">{word}{unseen}</a>'


def _unchanged_case(name: str, inner: str) -> str:
    """Return a shortened IRI (rdf:type, familyName) in its own case; CSS capitalises others."""
    if " " not in name and (":" in name or name[1:] != name[1:].lower()):
        return f'<span class="as-is">{inner}</span>'
    return inner


def in_language(text: str, language: str, page: str) -> str:
    """Return a text as HTML, marked with its language unless that is empty.

    ``page`` is the language of the page; without it, text in guillemets has no language.
    """
    escaped = in_html(text)
    if page and "«" in escaped:
        escaped = _marked_quotations(escaped, language or page)
    return f'<span lang="{in_html(language)}">{escaped}</span>' if language else escaped


def _marked_quotations(escaped: str, language: str) -> str:
    """Return a text as HTML; in English, what is in guillemets is marked as French."""
    if language != "en":
        return escaped
    return FRENCH.sub(r'<span lang="fr">\g<0></span>', escaped)


def in_html(text: str) -> str:
    return str(escape(text))


def bars(certainty: str) -> Markup:
    """Return the bars of a certainty, which ``base.html`` draws once; nothing for other words."""
    drawn = f'<svg class="bars" aria-hidden="true"><use href="#bars-{certainty}"/></svg>'
    return Markup(drawn if certainty in CERTAINTIES else "")


def kind_sign(shape: str, x: int, y: int, r: int) -> Markup:
    """Return the sign of a kind around a point, as SVG; things of no kind have a small disc."""
    return Markup(_kind_sign(shape, x, y, r))


def _kind_sign(shape: str, x: int, y: int, r: int) -> str:
    sign = DRAWN[shape].sign if shape in DRAWN else ""
    if sign == "circle":
        return f'<circle class="mark" cx="{x}" cy="{y}" r="{r}"/>'
    if sign == "rectangle":
        half = r + r // 3
        size = f'width="{2 * half}" height="{r * 3 // 2}"'
        return f'<rect class="mark" x="{x - half}" y="{y - r * 3 // 4}" {size}/>'
    if sign == "square":
        return f'<rect class="mark" x="{x - r}" y="{y - r}" width="{2 * r}" height="{2 * r}"/>'
    top = f'<path class="mark" d="M{x} {y - r - 1}l{r + 1} '
    if sign == "diamond":
        side = r + 1
        return f'{top}{side}l-{side} {side}l-{side}-{side}z"/>'
    if sign == "triangle":
        return f'{top}{2 * r}h-{2 * r + 2}z"/>'
    return f'<circle class="mark mark-other" cx="{x}" cy="{y}" r="{r // 2 + 1}"/>'
