"""What is imported is held to its text first: positions, printed forms, copies, contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.acts import DocumentText, TextSelection
from rallynov_graph.desk.document_reading import Fact
from rallynov_graph.desk.fact_rows import FactRow
from rallynov_graph.desk.proposing.proposers.contact_details import details
from rallynov_graph.desk.things import NameFault
from rallynov_graph.desk.words import message
from rallynov_graph.rdf.locations import locate
from rallynov_graph.release import building
from rallynov_graph.release.text_faults import TextChecks, TextSpan, printed_properties

_OA: Final = PREFIXES["oa"]
_TEXTS: Final = frozenset({f"{PREFIXES['rdf']}langString", f"{PREFIXES['xsd']}string"})
_DIGEST: Final = f"{RN}sha256"


def checks_of(text: DocumentText, words: str) -> TextChecks:
    """Return what holds a reading to the words of its text; without words, nothing does."""
    printed = printed_properties(building.ontology_of(ontology_dir()))
    return TextChecks({text.extraction: words} if words else {}, printed)


def is_contact(text: str) -> bool:
    """Return whether a text has a telephone number or an e-mail address in it."""
    return any(details(text))


def refuse_contacts(row: FactRow) -> None:
    """Raise NameFault where a cell that would be written down has a contact in it."""
    if any(map(is_contact, (row.subject, row.object, row.reason, row.voice, row.set))):
        raise NameFault(message("fault.contact"))


def refuse_faults(
    checks: TextChecks, text: str, facts: Sequence[Fact], words: Sequence[TextSelection]
) -> None:
    """Raise NameFault where words are cut, or a value is not as they have it."""
    spans = [TextSpan(text, it.start, it.end) for it in words]
    nowhere = NamedNode(RN)
    found = [checks.cut(nowhere, nowhere, it) for it in spans if it.is_cut()]
    for fact in facts:
        if isinstance(fact.value, Literal):
            subject = NamedNode(fact.subject)
            found += checks.of_value(subject, fact.property, fact.value, spans)
    for it in found:
        raise NameFault(it.messages)


def refuse_file_faults(paths: Sequence[Path], quads: Sequence[Quad], checks: TextChecks) -> None:
    """Raise SourceError with the first fault that files have, and how many there are."""
    faults = [*_contacts(quads), *_outside(quads, checks)]
    for it in checks.faults(quads):
        faults.append((getattr(it.focus, "value", ""), it.messages))
    if not faults:
        return
    focus, messages = faults[0]
    place = locate(paths, [focus]).get(focus)
    path, line = (str(place.path), place.line) if place else (str(paths[0]), None)
    reasons = {
        code: message("fault.nothing taken", reason=text, n=len(faults))[code]
        for code, text in messages.items()
    }
    raise SourceError(path, reasons["en"], line, reasons=reasons)


def _contacts(quads: Sequence[Quad]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for it in quads:
        value = it.object
        if not isinstance(value, Literal) or value.datatype.value not in _TEXTS:
            continue
        if it.predicate.value != _DIGEST and is_contact(value.value):
            yield str(it.subject)[1:-1], message("fault.contact")


def _outside(quads: Sequence[Quad], checks: TextChecks) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the passages that end behind their text."""
    ends = {it.subject: it.object for it in quads if it.predicate.value == f"{_OA}end"}
    selectors = {it.subject: it.object for it in quads if it.predicate.value == f"{_OA}hasSelector"}
    for it in quads:
        text = checks.texts.get(getattr(it.object, "value", ""))
        if it.predicate.value != f"{_OA}hasSource" or text is None:
            continue
        end = getattr(ends.get(selectors.get(it.subject)), "value", "")  # type: ignore[arg-type]
        if end.isdigit() and int(end) > len(text):
            yield str(it.subject)[1:-1], message("fault.behind the text", end=end, length=len(text))
