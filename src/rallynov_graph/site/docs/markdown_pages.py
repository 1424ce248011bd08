"""Markdown as the content of a page: headings that can be linked to, tables and code that scroll.

Raw HTML in a document is shown as it is written, and never becomes part of a page but for ``<br>``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from rallynov_graph.base.languages import FRENCH, typeset
from rallynov_graph.site.model.addresses import Address

Resolve = Callable[[str], Address | None]
"""Returns the address that a link or picture of a document leads to; None if it has none."""
_NO_SLUG: Final = re.compile(r"[^\w\- ]")
_DRAWN: Final = "mermaid"
_BREAK: Final = "<br>"
"""The only HTML in documents that becomes part of a page, in cells of tables."""
_MOST_KEPT: Final = 24
"""How many documents are kept as they were read: all of them take 19 MB."""
_APART: Final = ("softbreak", "hardbreak")
_COLUMNS: Final = {"in French": "fr", "en anglais": "en"}
"""The heads of columns with words of another language."""
_IN_COLUMNS: Final = re.compile(r"\S {2,}\S")
"""The languages whose lines scroll and are not broken."""


@dataclass(frozen=True)
class Heading:
    """A heading of a document, below its title."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Section:
    """A part of a document as its readers search it; the first has the title for a heading."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class MarkdownText:
    """A document as it was read."""

    title: str
    language: str
    tokens: tuple[Token, ...] = field(repr=False)
    """The content after the title."""
    headings: tuple[Heading, ...] = ()

    @property
    def anchors(self) -> frozenset[str]:
        """The parts of the document that links may lead to."""
        return frozenset(heading.anchor for heading in self.headings)

    def sections(self) -> Iterator[Section]:
        anchor, heading, texts = "", self.title, list[str]()
        for place, token in enumerate(self.tokens):
            if token.type == "heading_open":
                yield Section(anchor, heading, " ".join(texts))
                anchor, texts = str(token.attrs["id"]), []
                heading = plain_text(self.tokens[place + 1])
            elif token.type in ("inline", "fence", "code_block"):
                is_heading = place and self.tokens[place - 1].type == "heading_open"
                texts += [] if is_heading else [plain_text(token)]
        yield Section(anchor, heading, " ".join(texts))


@dataclass(frozen=True)
class CodeWords:
    """The descriptions of parts of a page for screen readers, and the name of a drawing."""

    code: str
    table: str
    drawing: str


@lru_cache(_MOST_KEPT)
def markdown_text(path: Path, language: str) -> MarkdownText:
    """Return a document as read from its file, its texts set as its language wants."""
    tokens = _tokens(path.read_text("utf-8"), language)
    title, rest = _title(tokens)
    return MarkdownText(title, language, tuple(rest), tuple(_headings(rest)))


def title_of(path: Path, language: str) -> str:
    """Return the title of a document, which its first line has."""
    with path.open(encoding="utf-8") as file:
        return _title(_tokens(file.readline(), language))[0]


def _tokens(text: str, language: str) -> list[Token]:
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.children:
            token.children = [*_in_languages(token.children, language)]
    _mark_columns(tokens)
    return tokens


def html_of(text: MarkdownText, resolve: Resolve, words: CodeWords) -> Markup:
    """Return a document as HTML, without its title; a link that leads nowhere is plain text."""
    renderer = _PARSER.renderer
    assert isinstance(renderer, RendererHTML)
    tokens = [_with_children(token, resolve) for token in text.tokens]
    return Markup(renderer.render(tokens, _PARSER.options, {"words": words}))


def plain_text(token: Token) -> str:
    """Return the words of a token, without marks."""
    if token.children is None:
        return token.content
    return "".join(
        " " if it.type in _APART or it.content == _BREAK else it.content for it in token.children
    )


def slug(text: str) -> str:
    """Return the anchor of a heading, as the sites of repositories make it."""
    return _NO_SLUG.sub("", text.lower()).replace(" ", "-")


def _in_languages(children: Iterable[Token], language: str) -> Iterator[Token]:
    """Yield tokens whose texts are set; what an English text has in guillemets is French."""
    for child in children:
        if child.type != "text":
            yield child
            continue
        text, at = typeset(child.content, language), 0
        for found in FRENCH.finditer(text) if language == "en" else ():
            yield child.copy(content=text[at : found.start()])
            yield Token("span_open", "span", 1, attrs={"lang": "fr"})
            yield child.copy(content=found[0])
            yield Token("span_close", "span", -1)
            at = found.end()
        yield child.copy(content=text[at:])


def _mark_columns(tokens: Sequence[Token]) -> None:
    """Mark heads of columns, and the cells of one of words of another language, which it names."""
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            heads.append(plain_text(tokens[place + 1]))
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            told = _COLUMNS.get(heads[column]) if column < len(heads) else None
            token.attrs = {"lang": told} if told else {}
            column += 1


def _table_open(_: object, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:
    label = escape(env["words"].table)
    return f'<div class="scroll" role="group" aria-label="{label}" tabindex="0"><table>\n'


def _fence(_: object, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:
    token, words = tokens[at], env["words"]
    kind = token.info.strip()
    name = ' class="wide-code"' if _IN_COLUMNS.search(token.content) else ""
    code = (
        f'<pre{name} role="group" aria-label="{escape(words.code)}" tabindex="0">'
        f"<code>{escape(token.content)}</code></pre>\n"
    )
    if kind == _DRAWN:
        return f"<details><summary>{escape(words.drawing)}</summary>{code}</details>\n"
    return code


def _code_inline(_: object, tokens: Sequence[Token], at: int, *_of_page: Any) -> str:
    return f"<code>{escape(tokens[at].content)}</code>"


def _html(_: object, tokens: Sequence[Token], at: int, *_of_page: Any) -> str:
    return _BREAK if tokens[at].content == _BREAK else str(escape(tokens[at].content))


def _title(tokens: Sequence[Token]) -> tuple[str, list[Token]]:
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return plain_text(tokens[1]), [*tokens[3:]]
    return "", [*tokens]


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Yield the headings, each with its own anchor, which is recorded."""
    times: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            text = plain_text(tokens[place + 1])
            anchor = slug(text)
            times[anchor] = times.get(anchor, -1) + 1
            anchor += f"-{times[anchor]}" if times[anchor] else ""
            token.attrSet("id", anchor)
            yield Heading(int(token.tag[1]), anchor, text)


def _with_children(token: Token, resolve: Resolve) -> Token:
    """Return a copy of a token with adapted links."""
    if not token.children:
        return token
    return token.copy(children=[*_resolved(token.children, resolve)])


def _resolved(children: Iterable[Token], resolve: Resolve) -> Iterator[Token]:
    leads: list[Address | None] = []
    for child in children:
        if child.type == "link_open":
            leads.append(resolve(str(child.attrs["href"])))
            yield from map(_link, filter(None, leads[-1:]))
        elif child.type == "link_close":
            if leads.pop() is not None:
                yield child
        elif child.type == "image":
            address = resolve(str(child.attrs["src"]))
            if address is not None:
                yield child.copy(attrs={"src": address.href, "alt": "", "loading": "lazy"})
        elif child.type == "code_inline" and not any(leads) and child.content.startswith("/"):
            address = resolve(child.content)
            closed = Token("link_close", "a", -1)
            yield from (child,) if address is None else (_link(address), child, closed)
        else:
            yield child


def _link(address: Address) -> Token:
    away = {"rel": "external noreferrer", "class": "away"} if address.external else {}
    return Token("link_open", "a", 1, attrs={"href": address.href, **away})


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"xhtmlOut": False}).enable("table")
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    parser.add_render_rule("code_inline", _code_inline)
    for name in ("fence", "code_block"):
        parser.add_render_rule(name, _fence)
    for name in ("html_inline", "html_block"):
        parser.add_render_rule(name, _html)
    return parser


_PARSER: Final = _parser()
