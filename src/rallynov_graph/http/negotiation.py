"""Which of our formats an ``Accept`` header asks for (RFC 9110, section 12.5.1)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rallynov_graph.rdf.formats import Format

HTML: Final = Format("html", "HTML", "text/html", (".html",), also=("application/xhtml+xml",))


@dataclass(frozen=True)
class _Range:
    """A media range of the header with its weight."""

    kind: str
    subtype: str
    weight: float

    def closeness(self, media_type: str) -> int:
        """Return how closely the range names a media type, 0 where it does not."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if (self.kind, self.subtype) == (kind, "*"):
            return 2
        return int((self.kind, self.subtype) == ("*", "*"))


@lru_cache(maxsize=1024)
def best(accept: str | None, among: tuple[Format, ...]) -> Format | None:
    """Return the format that the header wants most, the first one where it does not care.

    None where it takes none of them. Of equal weights the more closely named format wins, then
    the one that comes first in ``among``; an empty or missing header takes everything.
    """
    if accept is None or not accept.strip():
        return among[0] if among else None
    ranges = _ranges(accept)
    wanted = [(*_wish(form, ranges), -place, form) for place, form in enumerate(among)]
    weight, _, _, form = max(wanted, key=lambda wish: wish[:3])
    return form if weight > 0 else None


def _wish(form: Format, ranges: tuple[_Range, ...]) -> tuple[float, int]:
    """Return how much a format is wanted under any of its names, and how closely it is named."""
    own = _weight(form.media_type, ranges)
    others = [
        (weight, closeness - 0.5)
        for weight, closeness in (_weight(name, ranges) for name in form.also)
        if closeness == 3
    ]
    if own[1] == 3 and own[0] == 0:
        return own
    weight, closeness = max([(own[0], float(own[1])), *others])
    return weight, int(closeness * 2)


def _weight(media_type: str, ranges: tuple[_Range, ...]) -> tuple[float, int]:
    """Return the weight of the range that names a media type most closely, and how closely."""
    closest = max((r.closeness(media_type) for r in ranges), default=0)
    if not closest:
        return 0.0, 0
    return max(r.weight for r in ranges if r.closeness(media_type) == closest), closest


@lru_cache(maxsize=1024)
def _ranges(accept: str) -> tuple[_Range, ...]:
    """Return the media ranges of a header; what is not one is passed over."""
    found = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        kind, slash, subtype = media.partition("/")
        if slash and kind and subtype:
            found.append(_Range(kind, subtype, _quality(parameters)))
    return tuple(found)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, number = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(number), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
