"""The scripts and letters that the build makes: small, from here, with their licences."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from places import ROOT
from rallynov_graph.base.errors import AssetsError
from rallynov_graph.base.resources import web_dir
from rallynov_graph.site.web import assets
from reading_pages import is_built, read

BUILT = web_dir() / "static" / assets.BUILT
MOST = 60_000
"""Bytes, compressed, of all scripts of a page."""
MOST_LATER = 200_000
"""The same with all that one of them asks for later: the editor, or what draws charts."""
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w-]+\.js)"')
LATER = re.compile(r'\bimport\("\./([\w-]+\.js)"\)')
"""What a script asks for only when it is wanted."""
PAGES = (
    *("/", "/list/stage", "/list/stage?view=timeline", "/list/organisation?view=matrix", "/sparql"),
    *("/page/organisation/legeni", "/search?q=a", "/between", "/compare", "/network", "/ontology"),
    *("/carnet/carnet-2", "/questions", "/builder?kind=rn:Stage", "/page/stage/nowhere"),
)


def with_all_it_loads(paths: set[Path]) -> set[Path]:
    """Return scripts and every script that they import at once, not what they may ask for later."""
    found, wanted = set(), [*paths]
    while wanted:
        script = wanted.pop()
        if script not in found:
            found.add(script)
            wanted += [BUILT / name for name in IMPORTED.findall(script.read_text())]
    return found


def size(paths: set[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_a_page_has_few_scripts_all_of_the_build(client: FlaskClient) -> None:
    for address in PAGES:
        told = read(client, address, client.get(address).status_code).all("script")
        scripts = {BUILT / Path(it["src"]).name for it in told if is_built(it)}
        loaded = with_all_it_loads(scripts)
        assert scripts and size(loaded) < MOST, address
        later = {BUILT / name for it in loaded for name in LATER.findall(it.read_text())}
        assert all(size(with_all_it_loads({*loaded, it})) < MOST_LATER for it in later), address


def test_the_licences_of_all_that_is_passed_on_are_passed_on_too(client: FlaskClient) -> None:
    (link,) = [a["href"] for a in read(client, "/about").all("a") if "licences-" in a["href"]]
    licences = client.get(link).text
    heads = (text.partition("\n")[0] for text in licences.split(f"\n\n{'-' * 80}\n\n"))
    passed_on = [it.groups() for head in heads if (it := re.match(r"(\S+) (\S+) \((.+)\)$", head))]
    known = {"BSD-3-Clause", "ISC", "MIT", "MIT OR Apache-2.0", "OFL-1.1"}
    assert {licence for _, _, licence in passed_on} == known
    lock = (ROOT / "web/package-lock.json").read_text("utf-8")
    assert '"integrity"' in lock and '"resolved"' not in lock, "locked, and no registry is named"
    locked = json.loads(lock)["packages"]
    for name, version, licence in passed_on:
        it = locked[f"node_modules/{name}"]
        assert (it["version"], it["license"].strip("()")) == (version, licence)
        assert not it.get("dev"), "what checks scripts is not passed on"
    assert licences.count("SIL OPEN FONT LICENSE Version 1.1") == 2
    built = (f"/static/built/{name}" for name in assets.load().files.values())
    assert [it for it in built if client.get(it).status_code != 200] == []


def test_without_what_is_built_there_is_no_site_and_it_says_what_to_do(tmp_path: Path) -> None:
    for manifest in ("", "{", "[]", '{"packages": [{}]}'):
        if manifest:
            (tmp_path / "manifest.json").write_text(manifest)
        with pytest.raises(AssetsError, match="make setup"):
            assets.load(tmp_path)
