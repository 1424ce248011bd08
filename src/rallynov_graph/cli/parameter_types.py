"""The types of options that are a number of seconds, or of bytes as Docker reads them: 512M, 4G."""

import math
import re
from typing import Any, Final

import click

_SIZE: Final = re.compile(r"([0-9]{1,15}) ?([KMGT]?)(?:i?B)?", re.IGNORECASE | re.ASCII)
_TIMES: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Seconds(click.FloatRange):
    """A finite number within bounds: nan and inf are no time."""

    name = "number of seconds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fail with a sentence for anything else."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return number


class SizeInBytes(click.ParamType[int]):
    """A whole number of bytes, or of KiB, MiB, GiB or TiB by one letter."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of bytes; fail with a sentence for anything else."""
        if isinstance(value, int):
            return value
        found = _SIZE.fullmatch(str(value).strip())
        if not found or not int(found[1]):
            self.fail(f"{value!r} is no size; write one as 512M or 4G.", param, ctx)
        return int(found[1]) * _TIMES[found[2].upper()]
