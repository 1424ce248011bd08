"""The authority files that things are linked to: how each writes the address of a record.

The shapes hold ``skos:exactMatch`` and ``schema:sameAs`` to these forms; a test compares the two.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Authority:
    """An authority file: its name, and the forms of its identifiers and addresses."""

    name: str
    identifier: str
    """A pattern of what identifies a record there."""
    iri: str
    """The address of a record, with ``{}`` in the place of its identifier."""
    written: str
    """A pattern of the addresses that people copy from it, with the same sign."""
    further: tuple[str, ...] = ()
    """Other addresses of the same record that its RDF has."""

    @property
    def iris(self) -> tuple[str, ...]:
        """The addresses that a record may have in data."""
        return (self.iri, *self.further)


AUTHORITIES: Final = tuple(
    Authority(**row | {"further": tuple(row.get("further", ()))})
    for row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["authority"]
)
_PREFIXED: Final = re.compile(r"(?:wikidata|wd|idref|viaf|rameau|eurovoc|geonames):", re.IGNORECASE)


def authority_of(iri: str) -> tuple[str, str] | None:
    """Return the authority whose record an IRI is, and the identifier there; None for none."""
    for it in AUTHORITIES:
        for form in it.iris:
            start, _, end = form.partition("{}")
            inner = iri.removeprefix(start).removesuffix(end)
            if f"{start}{inner}{end}" == iri and re.fullmatch(it.identifier, inner):
                return it.name, inner
    return None


def records_named(text: str) -> tuple[str, ...]:
    """Return the addresses of the records that a text may name, by an address or an identifier.

    Digits alone are an identifier of several authorities.
    """
    found: list[str] = []
    for it in AUTHORITIES:
        bare = _PREFIXED.sub("", text.strip(), count=1)
        written = re.fullmatch(it.written.format(f"({it.identifier})"), text.strip())
        identifier = written[1] if written else bare if re.fullmatch(it.identifier, bare) else ""
        if identifier:
            found += [form.format(identifier) for form in it.iris]
    return tuple(dict.fromkeys(found))
