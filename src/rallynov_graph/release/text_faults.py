"""What the texts of documents say against the data: positions, printed forms, copied sentences."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES, RN, SHAPES
from rallynov_graph.release.document_texts import SourceFile, loaded
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.validation.report import VIOLATION, Finding

_OA: Final = PREFIXES["oa"]
_SUBPROPERTY: Final = f"{PREFIXES['rdfs']}subPropertyOf"
_TITLE: Final = f"{PREFIXES['dcterms']}title"
_PRINTED: Final = frozenset({f"{RN}asPrinted", f"{RN}acronym", f"{RN}expansion"})
_PASSAGE: Final = f"{RN}passage"
_RUN: Final = 9
"""From so many words of a text in a row on, a summary, reason or name of ours copies it."""
_RUN_PRINTED: Final = 13
"""The same for names and titles as printed, which are the document's own."""
_SHOWN: Final = 5
"""How many words of a copied sentence a message shows."""
_WORD: Final = re.compile(r"[^\W_]+")
_QUOTED: Final = re.compile(r"«[^»]*»|“[^”]*”")
_BY_EYE: Final = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-"}
)

_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "passage_holds_whole_words": {
        "fr": "Le passage, signes {start} à {end}, commence ou finit au milieu d’un mot ou par un "
        "blanc : « {shown} ». Ses positions sont-elles décalées ?",
        "en": "The passage, characters {start} to {end}, begins or ends inside of a word or with "
        "white space: “{shown}”. Are its positions shifted?",
    },
    "printed_form_is_printed": {
        "fr": "« {form} » n’est pas dans les passages de ce jeu{elsewhere}.",
        "en": "“{form}” is not in the passages of this set{elsewhere}.",
    },
    "printed_form_is_exact": {
        "fr": "Le texte écrit « {printed} » : même forme à l’œil, autre apostrophe, tiret ou "
        "espace. Recopiez-la telle quelle.",
        "en": "The text has “{printed}”: the same to the eye, with another apostrophe, dash or "
        "space. Write it as it is there.",
    },
    "words_are_ours": {
        "fr": "{number} mots de suite sont ceux du document (« {shown}… ») : dites-le avec les "
        "vôtres, ou entre guillemets s’il faut citer.",
        "en": "{number} words in a row are the document’s (“{shown}…”): say it in words of your "
        "own, or in guillemets where it must be quoted.",
    },
}
_ELSEWHERE: Final = {
    "fr": " ; c’est aux signes {start} à {end} du texte",
    "en": "; it stands at characters {start} to {end} of the text",
}


def faults(
    data: Iterable[Quad], ontology: Iterable[Quad], files: Sequence[SourceFile]
) -> list[Finding]:
    """Return what is at fault in data by the texts that are given; they are shown in no file.

    Raises SourceError for a file that is no text of the data.
    """
    quads = [*data]
    texts = loaded(EmbeddedStore.of_quads(quads).pages(), files).of_extractions
    printed = _PRINTED | {
        quad.subject.value
        for quad in ontology
        if quad.predicate.value == _SUBPROPERTY
        and isinstance(quad.subject, NamedNode)
        and quad.object == NamedNode(f"{RN}asPrinted")
    }
    return [*_Texts(quads, texts, frozenset(printed)).faults()]


@dataclass(frozen=True)
class _Span:
    text: str
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    def is_cut(self) -> bool:
        """Whether it begins or ends inside of a word, or with white space."""
        return self.words != self.words.strip() or any(
            0 < place < len(self.text)
            and self.text[place - 1].isalnum()
            and self.text[place].isalnum()
            for place in (self.start, self.end)
        )


@dataclass(frozen=True)
class _Texts:
    """Data beside the texts of their documents."""

    quads: Sequence[Quad]
    texts: Mapping[str, str]
    """By the IRI of each extraction."""
    printed: frozenset[str]

    def faults(self) -> Iterator[Finding]:
        """Yield what is at fault."""
        cut = {passage for passage, span in self._spans.items() if span.is_cut()}
        for passage in sorted(cut):
            span = self._spans[passage]
            shown = f"{span.words[:12]}…{span.words[-12:]}" if len(span.words) > 30 else span.words
            selector = NamedNode(self._of[passage, f"{_OA}hasSelector"][0])
            yield _finding(
                "passage_holds_whole_words",
                NamedNode(passage),
                f"{_OA}hasSelector",
                selector,
                start=span.start,
                end=span.end,
                shown=" ".join(shown.split()),
            )
        for quad in self.quads:
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                if quad.predicate.value in self.printed:
                    yield from self._misprinted(quad, cut)
                yield from self._copied(quad)

    @cached_property
    def _of(self) -> Mapping[tuple[str, str], list[str]]:
        """What is said of passages, selectors and sets."""
        wanted = {f"{_OA}{it}" for it in ("hasSelector", "hasSource", "start", "end")} | {_PASSAGE}
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in self.quads:
            if quad.predicate.value in wanted:
                thing = quad.subject.value, quad.predicate.value  # type: ignore[union-attr]
                found[thing].append(quad.object.value)  # type: ignore[union-attr]
        return found

    @cached_property
    def _spans(self) -> Mapping[str, _Span]:
        """The passages that lie in the texts."""
        found = {}
        for (thing, prop), (selector, *_) in self._of.items():
            text = self.texts.get(next(iter(self._of.get((thing, f"{_OA}hasSource"), ())), ""))
            bounds = [self._of.get((selector, f"{_OA}{it}"), [""])[0] for it in ("start", "end")]
            if prop == f"{_OA}hasSelector" and text is not None and all(map(str.isdigit, bounds)):
                start, end = map(int, bounds)
                if start < end <= len(text):
                    found[thing] = _Span(text, start, end)
        return found

    @cached_property
    def _runs(self) -> Mapping[int, frozenset[tuple[str, ...]]]:
        """The runs of words of all texts, by their length."""
        words = [_words(text) for text in self.texts.values()]
        return {
            length: frozenset(tuple(it[i : i + length]) for it in words for i in range(len(it)))
            for length in (_RUN, _RUN_PRINTED)
        }

    def _misprinted(self, quad: Quad, cut: set[str]) -> Iterator[Finding]:
        """Yield that a form does not stand as it is in the passages of its set."""
        passages = self._of.get((getattr(quad.graph_name, "value", ""), _PASSAGE), [])
        spans = [self._spans[it] for it in passages if it in self._spans]
        if not passages or len(spans) < len(passages) or cut.intersection(passages):
            return
        form = quad.object.value  # type: ignore[union-attr]
        if any(_plain(form) in _plain(span.words) for span in spans) or _is_cut_up(form, spans):
            return
        about = quad.subject, quad.predicate.value, quad.object
        for span in spans:
            if found := re.search(_pattern(form), span.words):
                yield _finding("printed_form_is_exact", *about, form=form, printed=found[0])
                return
        yield _finding("printed_form_is_printed", *about, form=form, elsewhere=_at(form, spans[0]))

    def _copied(self, quad: Quad) -> Iterator[Finding]:
        """Yield that a text of ours has a sentence of a document."""
        is_theirs = quad.predicate.value in self.printed or quad.predicate.value == _TITLE
        least = _RUN_PRINTED if is_theirs else _RUN
        parts = _QUOTED.split(quad.object.value)  # type: ignore[union-attr]
        for words in map(_words, parts):
            runs = (
                i
                for i in range(len(words) - least + 1)
                if _run(words, i, least) in self._runs[least]
            )
            if (first := next(runs, None)) is not None:
                yield _finding(
                    "words_are_ours",
                    quad.subject,
                    quad.predicate.value,
                    quad.object,
                    number=least,
                    shown=" ".join(words[first : first + _SHOWN]),
                )
                return


def _run(words: Sequence[str], start: int, length: int) -> tuple[str, ...]:
    return tuple(words[start : start + length])


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def _plain(text: str) -> str:
    """Return a text without its signs of bold and italic, its white space folded."""
    return " ".join(text.replace("*", "").split())


def _is_cut_up(form: str, spans: Sequence[_Span]) -> bool:
    """Whether passages carry a form together: other words stand between its parts."""
    in_order = sorted(spans, key=lambda span: span.start)
    together = "".join(_plain(span.words) for span in in_order)
    return "".join(_plain(form).split()) in "".join(together.split())


def _pattern(form: str) -> str:
    """Return a pattern of what looks like a printed form."""
    signs = {"'": "['’ʼ‘]", '"': '["“”]', "-": "[-‑–]"}
    return "".join(
        r"[\s*]+" if sign.isspace() else signs.get(sign, re.escape(sign))
        for sign in " ".join(form.translate(_BY_EYE).split())
    )


def _at(form: str, span: _Span) -> Mapping[str, str]:
    """Return where a form stands in the text nearest to a passage, by language."""
    found = [match.span() for match in re.finditer(_pattern(form), span.text)]
    if not found:
        return dict.fromkeys(_ELSEWHERE, "")
    start, end = min(found, key=lambda place: abs(place[0] - span.start))
    return {lang: text.format(start=start, end=end) for lang, text in _ELSEWHERE.items()}


def _finding(check: str, focus: object, path: str, value: object, **values: object) -> Finding:
    """Return a finding of a check, with its messages; a value by language is put into each."""
    return Finding(
        severity=VIOLATION,
        shape=f"{SHAPES}check-{check}",
        focus=focus,  # type: ignore[arg-type]
        path=path,
        value=value,  # type: ignore[arg-type]
        messages={
            lang: text.format(
                **{k: v[lang] if isinstance(v, Mapping) else v for k, v in values.items()}
            )
            for lang, text in _MESSAGES[check].items()
        },
    )
