"""Compare data with the texts of documents: positions, printed forms, copied sentences."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.languages import LANGUAGES, words_of
from rallynov_graph.base.namespaces import PREFIXES, RN, SHAPES
from rallynov_graph.matching.words import readings_of
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation.report import VIOLATION, Finding

_WORDS: Final = words_of(Path(__file__).with_suffix(".toml"))
_OA: Final = PREFIXES["oa"]
_SUBPROPERTY: Final = f"{PREFIXES['rdfs']}subPropertyOf"
_TITLE: Final = f"{PREFIXES['dcterms']}title"
_PRINTED: Final = frozenset({f"{RN}asPrinted", f"{RN}acronym", f"{RN}expansion"})
_PASSAGE: Final = f"{RN}passage"
_RUN: Final = 9
"""The number of consecutive words of a text from which a summary, reason or name copies it."""
_RUN_PRINTED: Final = 13
"""The same for names and titles as printed, which are the document's own."""
_SHOWN: Final = 5
"""How many words of a copied sentence a message shows."""
_WORD: Final = re.compile(r"[^\W_]+")
_QUOTED: Final = re.compile(r"«[^»]*»|“[^”]*”")
_BY_EYE: Final = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-"}
)


def faults(
    data: Iterable[Quad], ontology: Iterable[Quad], files: Sequence[SourceFile]
) -> list[Finding]:
    """Return the faults of data according to the given texts, which appear in no file.

    Raises SourceError for a file that is not a text of the data.
    """
    quads = [*data]
    texts = loaded(EmbeddedStore.of_quads(quads).pages(), files).of_extractions
    return [*TextChecks(texts, printed_properties(ontology)).faults(quads)]


def printed_properties(ontology: Iterable[Quad]) -> frozenset[str]:
    """Return the properties whose values are in the text as printed."""
    return _PRINTED | {
        quad.subject.value
        for quad in ontology
        if quad.predicate.value == _SUBPROPERTY
        and isinstance(quad.subject, NamedNode)
        and quad.object == NamedNode(f"{RN}asPrinted")
    }


@dataclass(frozen=True)
class TextSpan:
    """Words of a text, by their positions."""

    text: str = field(repr=False)
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    def is_cut(self) -> bool:
        """Whether it begins or ends inside a word, or with white space."""
        return self.words != self.words.strip() or any(
            0 < place < len(self.text)
            and self.text[place - 1].isalnum()
            and self.text[place].isalnum()
            for place in (self.start, self.end)
        )


@dataclass(frozen=True)
class TextChecks:
    """Checks of data against the texts of their documents: of files, of a reading, of one row."""

    texts: Mapping[str, str]
    """By the IRI of each extraction."""
    printed: frozenset[str]
    _seen: dict[tuple[str, str], tuple[int, str] | None] = field(default_factory=dict, repr=False)
    """The copied words of each value, so that a reading is not searched again for each act."""

    def faults(self, quads: Collection[Quad]) -> Iterator[Finding]:
        placed = _PlacedPassages(quads, self.texts)
        for passage, span in sorted(placed.cut.items()):
            selector = NamedNode(placed.selector_of(passage))
            yield self.cut(NamedNode(passage), selector, span)
        for quad in quads:
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                yield from self.of_value(
                    quad.subject,
                    quad.predicate.value,
                    quad.object,
                    placed.of_set(getattr(quad.graph_name, "value", "")),
                )

    def cut(self, passage: NamedNode, selector: NamedNode, span: TextSpan) -> Finding:
        """Return the finding that a passage does not consist of whole words."""
        shown = f"{span.words[:12]}…{span.words[-12:]}" if len(span.words) > 30 else span.words
        return _finding(
            "passage_holds_whole_words",
            passage,
            f"{_OA}hasSelector",
            selector,
            start=span.start,
            end=span.end,
            shown=" ".join(shown.split()),
        )

    def of_value(
        self, subject: NamedNode, name: str, value: Literal, spans: Sequence[TextSpan]
    ) -> Iterator[Finding]:
        """Yield the faults of a value that some words of a text state, or none."""
        if name in self.printed and spans:
            yield from _misprinted((subject, name, value), spans)
        is_theirs = name in self.printed or name == _TITLE
        key = "theirs" if is_theirs else "", value.value
        if key not in self._seen:
            self._seen[key] = self._copied(value.value, _RUN_PRINTED if is_theirs else _RUN)
        if copied := self._seen[key]:
            number, shown = copied
            yield _finding("words_are_ours", subject, name, value, number=number, shown=shown)

    @cached_property
    def _runs(self) -> Mapping[int, frozenset[tuple[str, ...]]]:
        words = [_words(text) for text in self.texts.values()]
        return {
            length: frozenset(tuple(it[i : i + length]) for it in words for i in range(len(it)))
            for length in (_RUN, _RUN_PRINTED)
        }

    def _copied(self, text: str, least: int) -> tuple[int, str] | None:
        """Return how many of our words are copied from a document, with the first ones, or None."""
        for words in map(_words, _QUOTED.split(text)):
            for start in range(len(words) - least + 1):
                if _run(words, start, least) in self._runs[least]:
                    return least, " ".join(words[start : start + _SHOWN])
        return None


class _PlacedPassages:
    """The passages of data in some texts, and the sets with these passages."""

    def __init__(self, quads: Iterable[Quad], texts: Mapping[str, str]) -> None:
        wanted = {f"{_OA}{it}" for it in ("hasSelector", "hasSource", "start", "end")} | {_PASSAGE}
        self._of: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in quads:
            if quad.predicate.value in wanted:
                thing = quad.subject.value, quad.predicate.value  # type: ignore[union-attr]
                self._of[thing].append(quad.object.value)  # type: ignore[union-attr]
        self._spans = dict(self._placed(texts))
        self.cut = {passage: span for passage, span in self._spans.items() if span.is_cut()}

    def selector_of(self, passage: str) -> str:
        return self._of[passage, f"{_OA}hasSelector"][0]

    def of_set(self, graph: str) -> Sequence[TextSpan]:
        """Return the words of a set; none if one of its passages is in no text, or is cut."""
        passages = self._of.get((graph, _PASSAGE), [])
        if any(it not in self._spans or it in self.cut for it in passages):
            return []
        return [self._spans[it] for it in passages]

    def _placed(self, texts: Mapping[str, str]) -> Iterator[tuple[str, TextSpan]]:
        for (thing, prop), (selector, *_) in self._of.items():
            text = texts.get(next(iter(self._of.get((thing, f"{_OA}hasSource"), ())), ""))
            bounds = [self._of.get((selector, f"{_OA}{it}"), [""])[0] for it in ("start", "end")]
            if prop == f"{_OA}hasSelector" and text is not None and all(map(str.isdigit, bounds)):
                start, end = map(int, bounds)
                if start < end <= len(text):
                    yield thing, TextSpan(text, start, end)


def _misprinted(
    about: tuple[NamedNode, str, Literal], spans: Sequence[TextSpan]
) -> Iterator[Finding]:
    """Yield the finding that a printed form is not current in some words."""
    form = about[2].value
    words = [it for span in spans for it in readings_of(span.words)]
    if any(_plain(form) in _plain(it) for it in words) or _is_cut_up(form, spans):
        return
    for span in spans:
        if found := re.search(_pattern(form), span.words):
            yield _finding("printed_form_is_exact", *about, form=form, printed=found[0])
            return
    yield _finding("printed_form_is_printed", *about, form=form, elsewhere=_at(form, spans[0]))


def _run(words: Sequence[str], start: int, length: int) -> tuple[str, ...]:
    return tuple(words[start : start + length])


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def _plain(text: str) -> str:
    """Return a text without bold and italic marks, its white space folded."""
    return " ".join(text.replace("*", "").split())


def _is_cut_up(form: str, spans: Sequence[TextSpan]) -> bool:
    """Whether a form is split over several passages with other words between them."""
    in_order = sorted(spans, key=lambda span: span.start)
    together = "".join(_plain(span.words) for span in in_order)
    return "".join(_plain(form).split()) in "".join(together.split())


def _pattern(form: str) -> str:
    """Return a pattern for text that looks like a printed form."""
    signs = {"'": "['’ʼ‘]", '"': '["“”]', "-": "[-‑–]"}
    return "".join(
        r"[\s*]+" if sign.isspace() else signs.get(sign, re.escape(sign))
        for sign in " ".join(form.translate(_BY_EYE).split())
    )


def _at(form: str, span: TextSpan) -> Mapping[str, str]:
    """Return where the nearest occurrence of a form to a passage is, in words, by language."""
    found = [match.span() for match in re.finditer(_pattern(form), span.text)]
    if not found:
        return dict.fromkeys(LANGUAGES, "")
    start, end = min(found, key=lambda place: abs(place[0] - span.start))
    return _sentence("elsewhere", start=start, end=end)


def _sentence(key: str, **values: object) -> dict[str, str]:
    """Return words by language; a value may be one for each language."""
    return {
        language: words[key].format(
            **{k: v[language] if isinstance(v, Mapping) else v for k, v in values.items()}
        )
        for language, words in _WORDS.items()
    }


def _finding(check: str, focus: object, path: str, value: object, **values: object) -> Finding:
    """Return a finding of a check with its messages, filled with a value by language."""
    return Finding(
        severity=VIOLATION,
        shape=f"{SHAPES}check-{check}",
        focus=focus,  # type: ignore[arg-type]
        path=path,
        value=value,  # type: ignore[arg-type]
        messages=_sentence(check, **values),
    )
