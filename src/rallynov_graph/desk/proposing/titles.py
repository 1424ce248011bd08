"""What stands in quotation marks and is no speech: titles, names of events and of innovations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposers.speech import speech_in

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_NOUN: Final = re.compile(r"([^\W\d_][\w-]*)\s*:?\s*[«“\"*\s\xa0\u202f]*$")
_LONGEST: Final = 140


def titles(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Yield what is quoted and is no speech, with the word that stands before it."""
    said = {(it.start, it.end) for it in reading.once(speech_in)}
    for start, end in reading.outer_quotes:
        if (start, end) not in said and end - start <= _LONGEST:
            noun = _NOUN.search(reading.text[max(0, start - 30) : start])
            yield start, end, noun[1] if noun else ""
