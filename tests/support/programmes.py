"""The program in a process of its own: a process serves one programme."""

import os
import subprocess
import sys
from pathlib import Path


def rallynov_in(
    folder: Path, *arguments: object, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Return what the program did in a folder, with no other setting than those given."""
    command = [sys.executable, "-m", "rallynov_graph", *map(str, arguments)]
    others = {n: v for n, v in os.environ.items() if not n.startswith("RALLYNOV_")}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**others, **settings}, check=False
    )
