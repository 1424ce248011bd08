"""Where the shipped ontology, data, templates and queries lie, in a checkout and in a wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent
_IN_WHEEL = _PACKAGE / "_shared"


@cache
def _shared(folder: str) -> Path:
    """Return a shared folder: the wheel's own copy, else the checkout's."""
    in_wheel = _IN_WHEEL / folder
    return in_wheel if in_wheel.is_dir() else _CHECKOUT / folder


def ontology_dir() -> Path:
    """Return the folder of the ontology, its shapes, alignments and JSON-LD context."""
    return _shared("ontology")


def data_dir() -> Path:
    """Return the folder of the curated data."""
    return _shared("data")


def web_dir() -> Path:
    """Return the folder of the site's templates and static files."""
    return _shared("web")


def queries_dir() -> Path:
    """Return the folder of the catalogue's questions, one ``.rq`` file each."""
    return _PACKAGE / "queries"


def checks_dir() -> Path:
    """Return the folder of the checks that concern graphs, one ``.rq`` file each."""
    return _PACKAGE / "checks"


def rules_dir() -> Path:
    """Return the folder of the rules that conclude facts from facts, one ``.rq`` file each."""
    return _PACKAGE / "rules"
