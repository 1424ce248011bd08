"""The page of downloads and its files: every dump, as it is said to be."""

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from copies import copied
from rallynov_graph.base.languages import size
from rallynov_graph.exports import dump_files
from rallynov_graph.exports.dump_files import DumpFolder, found
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read


@pytest.fixture(scope="module")
def there(site: Flask, release: Release) -> DumpFolder:
    assert site.test_client().get("/downloads").status_code == 200
    made = found(release)
    assert made is not None
    return made


def test_the_page_shows_every_dump_with_its_hash(client: FlaskClient, there: DumpFolder) -> None:
    assert {kept.name for kept in there.dumps} == {dump.name for dump in DUMPS}
    for language in ("fr", "en"):
        page = read(client, f"/downloads?lang={language}")
        assert faults(page, language) == []
        text = page.text.replace(" ", "\N{NO-BREAK SPACE}")
        for kept in there.dumps:
            assert f"/downloads/{kept.file}" in page.links()
            assert kept.sha256 in text and size(kept.bytes, language) in text
    rows = [row.text for row in read(client, "/downloads").all("tr")]
    for reader, file in (("Gephi", "network.gexf"), ("tableur", "tables"), ("Zotero", "ris")):
        assert any(reader in row and file in row for row in rows), reader


def test_every_file_is_what_the_page_and_the_list_of_hashes_say(
    client: FlaskClient, there: DumpFolder
) -> None:
    sums = client.get("/downloads/SHA256SUMS").text.splitlines()
    for line, kept in zip(sums, there.dumps, strict=True):
        assert line == f"{kept.sha256}  {kept.file}"
        beside = client.get(f"/downloads/{kept.file}.sha256")
        assert (beside.text, beside.mimetype) == (f"{line}\n", "text/plain")
        answer = client.get(f"/downloads/{kept.file}")
        assert answer.status_code == 200
        assert hashlib.sha256(answer.data).hexdigest() == kept.sha256
        assert len(answer.data) == kept.bytes
        assert answer.headers["ETag"] == f'"{kept.sha256}"'
        assert answer.content_type == kept.media_type
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_file_can_be_had_in_parts_and_not_twice(
    client: FlaskClient, there: DumpFolder, release: Release
) -> None:
    address = "/downloads/rallynov.nq"
    whole = release.data.read_bytes()
    part = client.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    tag = part.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    changed = {"Range": "bytes=10-19", "If-Range": '"another"'}
    assert client.get(address, headers=changed).status_code == 200
    behind = client.get(address, headers={"Range": "bytes=99999999-"})
    assert (behind.status_code, behind.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert "Date" not in part.headers, "the server adds it, once"
    head = client.head(address)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(whole)))
    told = datetime.strptime(head.headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT")
    assert told.date().isoformat() == release.manifest.issued


def test_files_of_a_large_release_are_made_by_a_command(
    awkward: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = copied(awkward, tmp_path / awkward.path.name)
    monkeypatch.setattr(dump_files, "SMALL", 1)
    client = create_app(EmbeddedStore.of_release(large), large).test_client()
    page = client.get("/downloads")
    assert "pas encore prêts" in page.text and "rallynov export" not in page.text
    assert "ETag" not in page.headers, "it is another page once they are made"
    assert client.get("/downloads/rallynov.nq").status_code == 404
    dump_files.stored(large)
    assert "rallynov.nq.gz" in client.get("/downloads").text
    assert client.get("/downloads/rallynov.nq").status_code == 200


def test_a_format_that_cannot_hold_it_is_named_and_the_others_are_there(
    forbidden: Release,
) -> None:
    made = dump_files.stored(forbidden)
    assert [name for name, _ in made.failed] == ["rdfxml"]
    assert made.file("rallynov.rdf") is None and not (made.folder / "rallynov.rdf").exists()
    kept = made.file("network.gexf")
    assert kept is not None and kept.replaced > 0
    client = create_app(EmbeddedStore.of_release(forbidden), forbidden).test_client()
    text = client.get("/downloads?lang=en").text
    assert "This format cannot write all of it." in text
    assert f"This format cannot write {kept.replaced} characters" in text


def test_sizes_are_told_in_units_of_the_language() -> None:
    for octets, french, english in (
        (0, "0 o", "0 B"),
        (999, "999 o", "999 B"),
        (1000, "1 ko", "1 kB"),
        (1_683_665, "1,7 Mo", "1.7 MB"),
        (999_950, "1 Mo", "1 MB"),
        (220_947_383, "221 Mo", "221 MB"),
    ):
        for language, told in (("fr", french), ("en", english)):
            assert size(octets, language).replace("\N{NO-BREAK SPACE}", " ") == told
