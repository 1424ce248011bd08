"""What the build makes is there, with the licences of all that is passed on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from places import ROOT
from rallynov_graph.base.errors import AssetsError
from rallynov_graph.site.web.site import load_assets
from reading_pages import read


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
    built = (f"/static/built/{name}" for name in load_assets().files.values())
    assert [it for it in built if client.get(it).status_code != 200] == []


def test_without_what_is_built_there_is_no_site_and_it_says_what_to_do(tmp_path: Path) -> None:
    for manifest in ("", "{", "[]", '{"packages": [{}]}'):
        if manifest:
            (tmp_path / "manifest.json").write_text(manifest)
        with pytest.raises(AssetsError, match="make setup"):
            load_assets(tmp_path)
