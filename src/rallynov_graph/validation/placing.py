"""Findings placed at the statement at fault: its file and line, or those of what lacks one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf.locations import Location, StatementLine, locate, statement_lines, value_of

if TYPE_CHECKING:
    from rallynov_graph.validation.report import Finding

_TYPE: Final = f"{PREFIXES['rdf']}type"
_SELECTOR: Final = f"{PREFIXES['oa']}hasSelector"
_END: Final = f"{PREFIXES['oa']}end"
_AT_MOST: Final = f"{PREFIXES['sh']}MaxCountConstraintComponent"


def placed(findings: Iterable["Finding"], files: Mapping[Path, str]) -> list["Finding"]:
    """Return findings with the file and line of the statement that each is about.

    What is missing is told where the thing's kind is stated. A finding about a statement that is
    in none of the files, since a rule concluded it, is marked so.
    """
    found = list(findings)
    subjects = {iri for finding in found if (iri := finding.described)}
    subjects |= {iri for finding in found if (iri := _selector(finding))}
    if not subjects:
        return found
    stated = statement_lines(files, subjects)
    described = locate(files, subjects - stated.keys())
    return [_placed(finding, stated, described, files) for finding in found]


def _placed(
    finding: "Finding",
    stated: Mapping[str, Sequence[StatementLine]],
    described: Mapping[str, Location],
    files: Mapping[Path, str],
) -> "Finding":
    iri = finding.described
    if iri is None:
        return finding
    place = _of_selector(finding, stated) or _at_fault(finding, stated.get(iri, ()))
    concluded = place is None and _is_concluded(finding, stated.get(iri, ()))
    found = place or _kind(stated.get(iri, ())) or described.get(iri)
    if found is None:
        return replace(finding, concluded=concluded)
    return replace(finding, source_file=files[found.path], line=found.line, concluded=concluded)


def _at_fault(finding: "Finding", own: Sequence[StatementLine]) -> StatementLine | None:
    """Return the statement that a finding is about; None where it is in no file."""
    value = value_of(finding.value if finding.place is None else finding.place)
    graph = getattr(finding.value, "value", None)
    of_path = [line for line in own if line.predicate == finding.path]
    exact = [line for line in of_path if line.value == value]
    within = [line for line in of_path or own if graph is not None and line.graph == graph]
    if exact or within:
        return (exact or within)[0]
    if finding.value is not None or not of_path:
        return None
    in_first_file = [line for line in of_path if line.path == of_path[0].path]
    return in_first_file[-1 if finding.component == _AT_MOST else 0]


def _is_concluded(finding: "Finding", own: Sequence[StatementLine]) -> bool:
    """Whether a finding is about a statement of a thing that files describe, but do not state."""
    is_property = finding.path is not None and "<" not in finding.path and "^" not in finding.path
    return is_property and finding.value is not None and bool(own)


def _kind(own: Sequence[StatementLine]) -> StatementLine | None:
    """Return where it is stated what a thing is, else where anything is."""
    return next((line for line in own if line.predicate == _TYPE), own[0] if own else None)


def _selector(finding: "Finding") -> str | None:
    """Return the IRI of the positions that a finding is about."""
    is_one = finding.path == _SELECTOR and isinstance(finding.value, NamedNode)
    return getattr(finding.value, "value", None) if is_one else None


def _of_selector(
    finding: "Finding", stated: Mapping[str, Sequence[StatementLine]]
) -> StatementLine | None:
    """Return where the positions stand that a finding is about."""
    own = stated.get(_selector(finding) or "", ())
    return next((line for line in own if line.predicate == _END), None)
