"""The type of options that are a number of seconds."""

import math
from typing import Any

import click


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
