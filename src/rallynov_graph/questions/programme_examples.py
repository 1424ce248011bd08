"""The questions with examples from the data of another programme than ours.

The files of the catalogue name things of the shipped data: those that a graph speaks of most take
their places, and a question that its things cannot be asked of is left out.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import CLASSES
from rallynov_graph.base.namespaces import ID, RN, kind_of_iri
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.questions.catalogue import Catalogue, Parameter, Question, parse
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store


def of_data(catalogue: Catalogue, queries: PageQueries) -> Catalogue:
    """Return the questions with examples of the graph; of the shipped data they are as they are."""
    if CURRENT.folder is None:
        return catalogue
    questions = (_of_graph(question, queries) for question in catalogue.values())
    known = {question.name: question for question in questions if question is not None}
    return Catalogue(known, catalogue.aliases)


def with_examples_of(question: Question, store: Store) -> Question:
    """Return a question with examples of a store; as it is where the store has none."""
    if CURRENT.folder is None:
        return question
    return _of_graph(question, PageQueries(store)) or question


def _of_graph(question: Question, queries: PageQueries) -> Question | None:
    text, taken = question.text, set[str]()
    for parameter in question.parameters:
        ours = _thing(parameter)
        if not ours:
            continue
        found = [iri for iri in _candidates(parameter, ours, queries) if iri not in taken]
        if not found:
            return None
        taken.add(found[0])
        text = text.replace(f"<{ours}>", f"<{found[0]}>").replace(
            f"example {ours.removeprefix(ID)}", f"example {found[0].removeprefix(ID)}"
        )
    return question if text == question.text else parse(question.name, text)


def _thing(parameter: Parameter) -> str:
    """Return the thing that a parameter has as an example or as a default; empty without one."""
    if parameter.type != "iri":
        return ""
    default = parameter.default.strip("<>")
    return ID + parameter.example if parameter.example else default * default.startswith(ID)


def _candidates(parameter: Parameter, ours: str, queries: PageQueries) -> Iterator[str]:
    kind = kind_of_iri(ours)
    classes = parameter.of or (NamedNode(CLASSES.get(kind, f"{RN}{kind.capitalize()}")),)
    for of in (*classes, NamedNode(f"{RN}Stage")):
        for (thing,) in queries.rows("example_of", of=of).rows:
            if isinstance(thing, NamedNode) and thing.value.startswith(ID):
                yield thing.value
