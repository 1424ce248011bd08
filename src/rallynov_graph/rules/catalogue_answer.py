"""The answer to a question of the catalogue, for pages, files, the API, tools and commands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Row, Solutions, Term
from rallynov_graph.matching.words import asked_words
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.questions.parameters import bound_things
from rallynov_graph.rules.open_questions import OpenQuestions, required_properties, touching
from rallynov_graph.rules.silences import Silence, silences
from rallynov_graph.search.asking import concept


@dataclass(frozen=True)
class CatalogueAnswer:
    """A question with its parameters' values; the store is queried when rows are first read."""

    question: Question
    values: Mapping[str, Term | None]
    queries: PageQueries
    mentioned: frozenset[str] = frozenset()
    """The things that each row has to name, beside the values of parameters."""
    words: frozenset[str] = frozenset()
    """The words, as ``concept`` has them, that each row has to have in its texts."""

    @cached_property
    def query(self) -> str:
        """The query with its values; raises QueryError for a value of the wrong type."""
        return self.question.bind(self.values)

    @cached_property
    def rows(self) -> Solutions:
        """The rows of a SELECT that name what is mentioned, and have the words."""
        found = self.queries.store.select(self.query)
        if not self.mentioned and not self.words:
            return found
        kept = (
            row
            for row in found
            if self.mentioned <= {it.value for it in row.values() if isinstance(it, NamedNode)}
            and self.words <= {*self._words_of(row)}
        )
        return Solutions(found.variables, tuple(tuple(row.values()) for row in kept))

    def _words_of(self, row: Row) -> Iterator[str]:
        """Yield the words of a row's texts but for the names of what is mentioned."""
        for name, text in row.items():
            named = row.get(name.removesuffix("_label"))
            if isinstance(text, Literal) and getattr(named, "value", "") not in self.mentioned:
                yield from map(concept, asked_words(text.value))

    @property
    def is_table(self) -> bool:
        """Whether it has rows, as a SELECT has."""
        return self.question.form == "SELECT"

    @cached_property
    def verdict(self) -> bool:
        return self.queries.store.ask(self.query)

    def written(self, media_type: str) -> bytes:
        """Return the answer in a format, with all rows of the query."""
        return self.queries.store.serialize(self.query, media_type)

    @property
    def things(self) -> dict[str, NamedNode | None]:
        """The thing that is each parameter's value, None if any thing."""
        return bound_things(self.question, self.values)

    @cached_property
    def open_questions(self) -> tuple[NamedNode, ...]:
        """The open questions that touch its rows: another reading would change these rows."""
        return self.touched_by(self.rows)

    def touched_by(self, rows: Solutions) -> tuple[NamedNode, ...]:
        return touching(self.queries, self.question, self.values, rows)

    @cached_property
    def silences(self) -> tuple[Silence, ...]:
        """Where documents do not say what is asked about the things of its parameters."""
        things = [it for it in self.things.values() if it is not None]
        return silences(self.queries, things, self._asked_properties)

    @cached_property
    def left_open(self) -> tuple[NamedNode, ...]:
        """The open questions that leave the answer unsettled, perhaps why there is no row."""
        records = OpenQuestions.read(self.queries).records
        return tuple(
            it
            for it in self.open_questions
            if not (properties := records[it.value].properties)
            or not self._asked_properties.isdisjoint(node.value for node in properties)
        )

    @cached_property
    def _asked_properties(self) -> frozenset[str]:
        given = {it.value for it in self.things.values() if it is not None}
        return required_properties(self.question.text) | given
