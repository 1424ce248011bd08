"""Facts as HTML: values, who says so, what links them. Templates know this as ``html``.

A page has hundreds of values. Written here, one costs a few microseconds, as a macro fifty.
Whatever comes from the graph passes ``in_html`` on its way; words of the site are escaped too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, Protocol

from markupsafe import Markup, escape

from rallynov_graph.base.certainty import CERTAINTIES, SUREST
from rallynov_graph.base.typography import FRENCH
from rallynov_graph.matching.words import TextPiece
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.evidence import (
    CURATION,
    DERIVED,
    GRAPH,
    OUTSIDE,
    Evidence,
)
from rallynov_graph.site.model.facts import Detail, Fact, Value
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.messages import Messages

_SURE: Final = frozenset((*CERTAINTIES, DERIVED))

Given = ParamSpec("Given")


class Called(Protocol):
    """What has a name, in a language that is told where it is not the page's."""

    @property
    def text(self) -> str: ...

    @property
    def language(self) -> str: ...


def _safe(
    write: Callable[Concatenate[Html, Given], str],
) -> Callable[Concatenate[Html, Given], Markup]:
    """Return a way to write that templates can use as it is: what it writes is escaped."""

    @wraps(write)
    def marked(self: Html, /, *given: Given.args, **named: Given.kwargs) -> Markup:
        return Markup(write(self, *given, **named))

    return marked


class Html:
    """How what pages show is written in the words of one language.

    In English texts of ours, what stands in guillemets is French; in those of others it is not.
    """

    def __init__(self, words: Messages, foreign: bool = False) -> None:
        self._words, self._language = words, "" if foreign else words.language
        self._said: dict[str, str] = {}
        self._external = f'<span class="unseen"> {self._say("site.external")}</span>'

    def _say(self, key: str) -> str:
        """Return words of the site, escaped once; raise KeyError where there are none."""
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = in_html(self._words(key))
        return said

    def _text(self, it: Text) -> str:
        """Write a text, marked where its language is not the page's."""
        return in_language(it.value, it.language, self._language)

    def _called(self, it: Called) -> str:
        """Write what a thing is called, marked where that is in another language."""
        return in_language(it.text, it.language, self._language)

    def _name(self, it: Called) -> str:
        """Write what a thing is called, within an element that says the language."""
        shown = in_html(it.text)
        return _quoting(shown, it.language or self._language) if self._language else shown

    def _pieces(self, them: Iterable[TextPiece], language: str = "") -> str:
        """Write a text that was found, what was looked for marked, within such an element."""
        told = ((in_html(it.text), it.marked) for it in them)
        shown = "".join(f"<mark>{text}</mark>" if marked else text for text, marked in told)
        return _quoting(shown, language or self._language) if self._language else shown

    def _saying(self, key: str, /, **named: Called | int) -> str:
        """Write words of the site with what things are called, and numbers, in their places."""
        told = {
            name: self._words.number(it) if isinstance(it, int) else self._called(it)
            for name, it in named.items()
        }
        return self._say(key).format(**told)

    def _label(self, it: Text) -> str:
        """Write the name of a property."""
        return _as_it_is(it.value, self._text(it).strip())

    def _kind(self, it: Node) -> str:
        """Write the name of a class."""
        return _as_it_is(it.text, self._node(it, False))

    def _node(self, it: Node, mark: bool = True) -> str:
        """Write a thing or value: a link where it leads somewhere."""
        shape = (
            f'<span class="shape shape-{it.shape}" aria-hidden="true"></span>'
            if mark and it.shape
            else ""
        )
        if it.href:
            away = ' rel="external noreferrer" class="away"' if it.external else ""
            language = f' lang="{in_html(it.language)}"' if it.language else ""
            told = self._external if it.external else ""
            name = self._name(it) if "«" in it.text else in_html(it.text)
            shown = f'<a href="{in_html(it.href)}"{away}{language}>{name}</a>{told}'
        else:
            shown = self._called(it)
        cut = f' <span class="soft">{self._say("thing.cut")}</span>' if it.cut else ""
        return f"{shape}{shown}{cut}"

    def _nodes(self, them: Iterable[Node], mark: bool = True) -> str:
        """Write several, with commas."""
        return ", ".join(self._node(it, mark).strip() for it in them)

    def _how(self, name: str, quietly: bool = False) -> str:
        """Write how sure something is: a stroke before the word."""
        word = self._say(f"how.{name}")
        if quietly:
            word = f'<span class="unseen">{word}</span>'
        stroke = '<span class="stroke" aria-hidden="true"></span>'
        return f'<span class="how how-{name}">{stroke}{word}</span>'

    def _certain(self, it: Node) -> str:
        """Write a node, or a certainty with its stroke."""
        _, of_ontology, name = it.iri.rpartition("ontology#")
        return self._how(name) if of_ontology and name in CERTAINTIES else self._node(it)

    def _proof(self, it: Evidence, why: str | None = None) -> str:
        """Write a piece of evidence, with the way to its passages and reason."""
        if it.how in (OUTSIDE, GRAPH):
            word = self._say(f"how.{it.how}")
            told = f'<span class="how how-{it.how}">{word}</span> {self._node(it.source)}'
        elif it.how == CURATION:
            named = f'<span class="unseen"> {self._called(it.source)}</span>'
            word = self._say("how.curation")
            told = f'<a class="quiet" href="{in_html(it.source.href or "")}">{word}{named}</a>'
        else:
            told = " ".join(self._grounds(it, why))
        return f'<span class="proof">{told}</span>'

    def _grounds(self, it: Evidence, why: str | None) -> Iterable[str]:
        derived = it.how == DERIVED
        sure = self._how(it.how)
        if derived and it.certainty:
            basis = f"how.from_{it.basis}" if it.basis else f"how.{it.certainty}"
            sure += f" ({self._say(basis)})"
        yield sure
        for voice in it.voices:
            yield f"{self._say('thing.voice')} {self._node(voice, False)}"
        for number, passage in enumerate(it.passages, 1):
            word = self._say("thing.passage") if number == 1 else str(number)
            yield _small(passage.href, word, self._called(passage))
        if (it.reason or derived) and it.source.href:
            told = self._say(f"how.from_{it.basis}") if it.basis else self._called(it.source)
            href = why if why and derived else it.source.href
            yield _small(href, self._say("thing.why"), told)

    def _details(self, them: Iterable[Detail]) -> str:
        """Write what a linking thing says beside itself."""
        return f'<dl class="details">\n{"".join(map(self._detail, them))}</dl>'

    def _detail(self, it: Detail) -> str:
        values = "".join(self._graded(node, proofs) for node, proofs in it.values)
        return f"<div><dt>{self._text(it.label)}</dt>\n{values}</div>\n"

    def _graded(self, it: Node, proofs: Iterable[Evidence]) -> str:
        grades = "".join(self._grade(proof) for proof in proofs if proof.how in _SURE)
        return f"<dd>{self._node(it)}{grades}</dd>\n"

    def _grade(self, it: Evidence) -> str:
        """Write how sure a detail is, and why."""
        why = ""
        if it.reason:
            told = f'<span class="unseen"> — {self._called(it.source)}</span>'
            href = in_html(it.source.href or "")
            why = f' <a href="{href}">{self._say("thing.why")}{told}</a>'
        return f' <span class="small">{self._how(it.how, it.how == SUREST)}{why}</span>'

    def _fact(self, it: Fact) -> str:
        """Write a property with its values."""
        kind = f' <span class="of-kind">{self._text(it.of_kind)}</span>' if it.of_kind else ""
        values = "".join(map(self._value, it.values))
        more = ""
        if it.more:
            more = f'<dd class="soft">{in_html(self._words("thing.more", n=it.more))}</dd>\n'
        return f'<div class="fact">\n<dt>{self._label(it.label)}{kind}</dt>\n{values}{more}</div>\n'

    def _value(self, it: Value) -> str:
        if it.members:
            members = "".join(
                f"<li>{self._certain(member.node)}"
                f"{self._details(member.details) if member.details else ''}</li>"
                for member in it.members
            )
            more = "" if it.whole else f'<p class="soft">{self._say("thing.list_goes_on")}</p>'
            shown = f'<ol class="members">{members}</ol>{more}'
        else:
            shown = f'<span class="value">{self._certain(it.node)}</span>'
        proofs = "".join(f"\n{self._proof(e, it.why)}" for e in it.evidence)
        details = f"\n{self._details(it.details)}" if it.details else ""
        return f"<dd>{shown}{proofs}{details}</dd>\n"

    text = _safe(_text)
    called = _safe(_called)
    name = _safe(_name)
    pieces = _safe(_pieces)
    saying = _safe(_saying)
    label = _safe(_label)
    kind = _safe(_kind)
    node = _safe(_node)
    nodes = _safe(_nodes)
    how = _safe(_how)
    certain = _safe(_certain)
    proof = _safe(_proof)
    details = _safe(_details)
    fact = _safe(_fact)


def _small(href: str | None, word: str, told: str) -> str:
    """Write a short link, and for those who do not see where it stands, what it leads to."""
    unseen = f'<span class="unseen"> — {told}</span>'
    return f'<a class="small" href="{in_html(href or "")}">{word}{unseen}</a>'


def _as_it_is(name: str, inner: str) -> str:
    """Write an address cut short (rdf:type, familyName) as it is: CSS begins others large."""
    if " " not in name and (":" in name or name[1:] != name[1:].lower()):
        return f'<span class="as-is">{inner}</span>'
    return inner


def in_language(text: str, language: str, page: str) -> str:
    """Return a text as HTML, marked with its language where that is told: it is not the page's.

    ``page`` is the language of the page; without it, words in guillemets are of no language.
    """
    shown = in_html(text)
    if page and "«" in shown:
        shown = _quoting(shown, language or page)
    return f'<span lang="{in_html(language)}">{shown}</span>' if language else shown


def _quoting(shown: str, language: str) -> str:
    """Return what is shown in a language, marked what an English text quotes in French."""
    if language != "en":
        return shown
    return FRENCH.sub(r'<span lang="fr">\g<0></span>', shown)


def in_html(text: str) -> str:
    """Return a text as it stands in HTML, in an attribute too; what is escaped stays plain text."""
    return str(escape(text))
