"""Write the pages of docs/ that follow from the catalogue, the ontology and the data.

Run ``make docs`` after a change to any of them; a test compares.
"""

import re
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rallynov_graph.base.languages import LANGUAGES, within_quotes
from rallynov_graph.base.namespaces import ID, in_prefixes
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.base.terms import Row, Solutions, Term
from rallynov_graph.cli.main import COMMANDS
from rallynov_graph.cli.words import words as words_of_commands
from rallynov_graph.questions.catalogue import Alias, Catalogue, Parameter, Question, load
from rallynov_graph.release.building import build
from rallynov_graph.site.model.catalogue_answers import default_text
from rallynov_graph.sparql.embedded import EmbeddedStore

HERE = Path(__file__).parent
WORDS = {
    language: tomllib.loads((HERE / f"generated.{language}.toml").read_text("utf-8"))
    for language in LANGUAGES
}
"""What the pages say beside what they are generated from, by language."""
QUERIES = HERE / "queries"
_IN_ENGLISH = 'VALUES ?language { "en" }'
"""The parameter of the queries whose texts are of one language."""


def pages(store: EmbeddedStore, catalogue: Catalogue) -> dict[str, str]:
    """Return the generated pages by file name."""
    return {
        f"{name}{'' if language == 'en' else f'.{language}'}.md": text
        for language in LANGUAGES
        for name, text in (
            ("questions", questions_page(store, catalogue, language)),
            ("coverage", coverage_page(store, language)),
            ("ontology", ontology_page(store, language)),
            ("commands", commands_page(language)),
        )
    }


def questions_page(store: EmbeddedStore, catalogue: Catalogue, language: str) -> str:
    """Return the questions by group, then each term of the ontology with those that need it."""
    words = WORDS[language]["questions"]
    lines = [f"# {words['title']}", "", words["lead"], ""]
    grouped = catalogue.groups()
    for group, title in words["groups"].items():
        lines += [f"## {title}", "", words["head"], "| --- | --- | --- |"]
        lines += [_question_row(question, language) for question in grouped[group]]
        lines.append("")
    lines += [f"## {words['former']}", "", words["former_lead"], ""]
    lines += [words["former_head"], "| --- | --- | --- | --- |"]
    lines += [_former_row(name, alias) for name, alias in sorted(catalogue.aliases.items())]
    lines.append("")
    lines += [f"## {words['terms']}", "", words["terms_head"], "| --- | --- | --- |"]
    needed = _needed(catalogue)
    for row in _rows(store, "terms", language):
        name = _short(row["term"])
        lines.append(
            f"| `{name}` | {_text(row['label'])} | {_cited(needed[name], words['more'])} |"
        )
    return "\n".join(lines) + "\n"


def coverage_page(store: EmbeddedStore, language: str) -> str:
    """Return each part of the carnet with the facts taken from it, or why there is none."""
    words = WORDS[language]["coverage"]
    lines = [f"# {words['title']}", "", words["lead"], ""]
    facts: dict[Term, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(_query("facts_by_part")):
        how = words["certainties"][_short(row["certainty"]).removeprefix("rn:")]
        label = _text(row["label"])
        # Where the sets' French stands in guillemets, its own are of the second rank.
        label = within_quotes(label, "fr") if "«" in words["set"] else label
        named = words["set"].format(label, how)
        facts[_term(row["part"])][named].append(row)
    for row in _rows(store, "parts", language):
        lines += [f"## {_text(row['label'])}, {_text(row['start'])}–{_text(row['end'])}", ""]
        taken = facts[_term(row["part"])]
        lines += [f"- {name} {_told(rows)}" for name, rows in taken.items()]
        lines += [] if taken else [f"*{_text(row['reason'])}*"]
        lines.append("")
    return "\n".join(lines)


def commands_page(language: str) -> str:
    """Return the commands, each with what its help says first, and the options of several."""
    words, told = WORDS[language]["commands"], words_of_commands()
    lines = [f"# {words['title']}", "", words["lead"], "", words["head"], "| --- | --- | --- |"]
    for name in COMMANDS:
        notes = told.get(f"{name}.notes", {}).get(language, "").split("\n\n")
        status = [note.strip() for note in notes if words["status"] in note]
        first = told[f"{name}.help"][language].strip().partition("\n\n")[0]
        said = " ".join([first, *status]).replace("|", "\\|")
        lines.append(f"| `rallynov {name}` | {said} | {words['see'].get(name, '')} |")
    lines += ["", f"## {words['options']}", "", words["options_head"], "| --- | --- |"]
    options = (key for key in told if key.startswith("options.--") and key not in _RARE)
    lines += [f"| `{key.partition('.')[2]}` | {told[key][language]} |" for key in options]
    return "\n".join([*lines, "", words["data"]]) + "\n"


_RARE = ("options.--data-folder", "options.--help", "options.--version")
"""What is no option, or needs no word."""


def _told(rows: list[Row]) -> str:
    """Return facts in short form, those of one subject and of one property together."""
    subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        subjects[_short(row["subject"])][_short(row["property"])].append(_short(row["object"]))
    return ". ".join(
        f"`{subject}` " + "; ".join(f"{name} {_listed(of)}" for name, of in properties.items())
        for subject, properties in subjects.items()
    )


def _listed(values: list[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def ontology_page(store: EmbeddedStore, language: str) -> str:
    """Return the diagram of the classes as the shapes link them, and each term's definition."""
    words = WORDS[language]["ontology"]
    lines = [f"# {words['title']}", "", words["lead"], "", "```mermaid"]
    lines += ["classDiagram", "    direction LR"]
    lines += [f"    {line}" for line in _diagram()]
    lines += ["```", "", words["head"], "| --- | --- | --- |"]
    lines += [
        f"| `{_short(row['term'])}` | {_text(row['label'])} | {_text(row['definition'])} |"
        for row in _rows(store, "terms", language)
    ]
    return "\n".join(lines) + "\n"


def _diagram() -> Iterator[str]:
    """Yield the classes' links, subclasses first, as Mermaid writes them."""
    terms = EmbeddedStore.of_files(sorted(ontology_dir().glob("*.ttl")))
    for row in terms.select(_query("subclasses")):
        yield f"{_node(row['class'])} <|-- {_node(row['subclass'])}"
    links: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in terms.select(_query("links")):
        name = _short(row["property"]).split(":")[1]
        links[_node(row["from"]), _node(row["to"])].append(name)
    for (start, end), names in links.items():
        yield f"{start} --> {end} : {', '.join(dict.fromkeys(names))}"


def _former_row(name: str, alias: Alias) -> str:
    asked_with = ", ".join(f"`{it}={value}`" for it, value in alias.values.items())
    renamed = ", ".join(f"`{old}` → `{new}`" for old, new in alias.renamed.items())
    return f"| `{name}` | `{alias.question}` | {asked_with} | {renamed} |"


def _question_row(question: Question, language: str) -> str:
    words = WORDS[language]["questions"]
    parameters = ", ".join(_parameter(it, words["or"]) for it in question.parameters)
    if question.compares_documents:
        parameters += f"; *{words['compares']}*"
    return f"| `{question.name}` | {question.summary[language]} | {parameters} |"


def _parameter(parameter: Parameter, either: str) -> str:
    """Return a parameter with what it may be, and what it is where none is given."""
    taken = (*map(_short, parameter.of), *parameter.choices)
    of = f" {either} ".join(f"`{one}`" for one in taken)
    has_own = parameter.type in ("iri", "choice")
    rest = f" = `{default_text(parameter.default)}`" if has_own else ""
    return f"`{parameter.name}`{f' ({of})' if of else ''}{rest if not parameter.is_open else ''}"


def _needed(catalogue: Catalogue) -> dict[str, list[str]]:
    needed: dict[str, list[str]] = defaultdict(list)
    for question in catalogue.values():
        for term in sorted(set(re.findall(r"\brn:\w+", question.text))):
            needed[term].append(question.name)
    return needed


def _cited(names: list[str], more: str, most: int = 4) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return shown + (more.format(len(names) - most) if len(names) > most else "")


def _rows(store: EmbeddedStore, name: str, language: str) -> Solutions:
    """Return the answer to a query whose texts are wanted in a language."""
    asked = _query(name)
    assert asked.count(_IN_ENGLISH) == 1
    return store.select(asked.replace(_IN_ENGLISH, f'VALUES ?language {{ "{language}" }}'))


def _query(name: str) -> str:
    return (QUERIES / f"{name}.rq").read_text("utf-8")


def _term(term: Term | None) -> Term:
    assert term is not None
    return term


def _short(term: Term | None) -> str:
    return in_prefixes(_text(term)).removeprefix(ID)


def _node(term: Term | None) -> str:
    """A name that Mermaid takes for a class."""
    return _short(term).split(":")[1]


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


def main() -> None:
    """Write the pages beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore.of_release(build(Path(folder)))
        for name, text in pages(store, load()).items():
            (HERE / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
