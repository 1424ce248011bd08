"""The shipped data with all that is said otherwise of a thing: decisions, and later letters.

One release serves the tests of both: the letters name no thing of the decisions.
"""

import pytest
from flask import Flask

import two_letters
from identities import with_second_naming
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

KEPT, MERGED, SPLIT = "person/bruno-herry", "person/b-herry", "person/pierre-alixant"
PARTS = ("person/pierre-alixant-2", "person/pierre-alixant-3")


@pytest.fixture(scope="session")
def told_otherwise(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site of the shipped data with a decision of each kind, and two letters beside it."""
    folder = tmp_path_factory.mktemp("told-otherwise")
    data = with_second_naming(folder, "same", "different", "open", "split")
    two_letters.among(data)
    release = build(folder / "out", data=data, checked=False)
    site = create_app(EmbeddedStore.of_release(release).pages(), release)
    site.testing = True
    return site
