"""Paths of the shipped ontology, data, templates and queries, in a checkout and in a wheel."""

import re
from pathlib import Path
from typing import Final

from rallynov_graph.base.programme import CURRENT, PROGRAM, in_neutral_words

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent
_IN_WHEEL = _PACKAGE / "_shared"
_SUMMARY: Final = re.compile(r"^#\+ \w+_(?:fr|en):.*$", re.MULTILINE)
_OUR_THINGS: Final = f"{PROGRAM}id/"
_NO_FEATURES = ("node_modules", "static")
_OF_PAGES = (".html", ".svg", ".toml", ".xml")


def _shared(folder: str) -> Path:
    """Return a shared folder: the wheel's own copy, else the checkout's."""
    in_wheel = _IN_WHEEL / folder
    return in_wheel if in_wheel.is_dir() else _CHECKOUT / folder


def ontology_dir() -> Path:
    """Return the folder of the ontology, its shapes, alignments and JSON-LD context."""
    return _shared("ontology")


def data_dir() -> Path:
    """Return the folder of the curated data: the programme's, or the shipped one."""
    return _shared("data") if CURRENT.folder is None else CURRENT.folder / "data"


def shipped_data_dir() -> Path:
    """Return the folder of the data that come with the program, whatever the programme."""
    return _shared("data")


def extensions_dir() -> Path | None:
    """Return the folder of a programme's extensions of ontology and shapes; None for ours."""
    return None if CURRENT.folder is None else CURRENT.folder / "ontology"


def query_text(file: Path) -> str:
    """Return the text of a query file, adapted to the things of the programme.

    A query of the program names a list's terms by their addresses in the shipped data.
    """
    text = file.read_text("utf-8")
    if CURRENT.folder is None:
        return text
    text = _SUMMARY.sub(lambda found: in_neutral_words(found[0]), text)
    return text.replace(_OUR_THINGS, f"{CURRENT.base}id/")


def web_dir() -> Path:
    """Return the folder of the site: one folder for each feature, and ``static``."""
    return _shared("web")


def docs_dir() -> Path:
    """Return the folder of the documents: Markdown, pictures, and the list of their purposes."""
    return _shared("docs")


def deploy_dir() -> Path:
    """Return the folder of the files for people who run a site for others."""
    return _shared("deploy")


def page_files() -> list[Path]:
    """Return the templates and words of all features, sorted by path."""
    features = (
        folder
        for folder in web_dir().iterdir()
        if folder.is_dir() and folder.name not in _NO_FEATURES
    )
    found = (path for folder in features for path in folder.rglob("*"))
    return sorted(path for path in found if path.suffix in _OF_PAGES)


def checks_dir() -> Path:
    """Return the folder of the checks that concern graphs, one ``.rq`` file each."""
    return _PACKAGE / "validation" / "checks"


def rules_dir() -> Path:
    """Return the folder of the rules that conclude facts from facts, one ``.rq`` file each."""
    return _PACKAGE / "rules" / "conclusions"


def shared_queries_dir() -> Path:
    """Return the folder of the queries that several features use."""
    return _PACKAGE / "questions" / "shared"


def page_queries_dirs() -> list[Path]:
    """Return the folders of the queries of pages and exports, the shared one first."""
    of_features = sorted((_PACKAGE / "site").rglob("queries"))
    return [shared_queries_dir(), _PACKAGE / "exports" / "queries", *of_features]


def package_queries() -> list[Path]:
    """Return every query file that comes with the software, sorted by path."""
    return sorted(_PACKAGE.rglob("*.rq"))
