"""Files of RDF: what is read, and what is said of files that cannot be."""

import gzip
import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse, serialize

from rallynov_graph.base.errors import SourceError
from rallynov_graph.rdf import formats, sources

STATEMENT = '<https://example.org/s> <https://example.org/p> "été" .\n'
QUAD = '<https://example.org/s> <https://example.org/p> "été" <https://example.org/g> .\n'
XML_HEAD = (
    '<?xml version="1.0"?>\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:e="https://example.org/">\n'
)
XML = XML_HEAD + (
    '<rdf:Description rdf:about="https://example.org/s"><e:p>été</e:p></rdf:Description>\n'
    "</rdf:RDF>\n"
)


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as error:
        sources.read([path])
    assert str(path) in str(error.value)
    return error.value


def test_every_format_is_read_by_its_suffix(tmp_path):
    for packed in (False, True):
        for form in formats.RDF:
            wanted = list(parse(STATEMENT, format=RdfFormat.N_TRIPLES))
            content = serialize((q.triple for q in wanted), format=form.rdf)
            for suffix in form.suffixes:
                name = f"a{suffix}.gz" if packed else f"a{suffix}"
                path = saved(tmp_path, name, gzip.compress(content) if packed else content)
                assert [q.triple for q in sources.read([path])] == [q.triple for q in wanted]


def nested(levels: int) -> str:
    deep = "<<( <https://e.org/s> <https://e.org/p> " * levels + "<https://e.org/o>"
    subject = "<https://e.org/a> <https://e.org/p>"
    return f'{subject} "<<( <<(" .\n{subject} {deep}{" )>>" * levels} .'


def nested_xml(levels: int) -> str:
    within = '<e:p rdf:parseType="Triple"><rdf:Description rdf:about="https://e.org/s">' * levels
    without = "</rdf:Description></e:p>" * levels
    return (
        XML_HEAD.replace(" xmlns:e", ' rdf:version="1.2" xmlns:e')
        + f'<rdf:Description rdf:about="https://e.org/a">{within}<e:p>1</e:p>{without}'
        "</rdf:Description></rdf:RDF>"
    )


def test_triple_terms_are_read_in_each_other_and_refused_where_they_are_many(tmp_path):
    """Over 1,000 levels they take gigabytes; over 16,000 the parser ends its process."""
    assert len(sources.read([saved(tmp_path, "a.ttl", nested(10))])) == 2
    assert len(sources.read([saved(tmp_path, "a.rdf", nested_xml(10))])) == 1
    for name, content in {
        "deep.ttl": nested(5000),
        "deeper.trig": nested(40_000),
        "deep.nt.gz": gzip.compress(nested(11).encode()),
        "deep.rdf": nested_xml(11),
    }.items():
        error = refused(saved(tmp_path, name, content))
        assert "nested more than 10 levels deep" in str(error)
        assert "plus de 10 niveaux" in error.text("fr")


def nested_json(levels: int) -> str:
    within = '{"https://e.org/p": "\\"}{", "https://e.org/q": '
    return within * levels + "1" + "}" * levels


def test_json_ld_is_refused_where_objects_are_nested_deeply(tmp_path):
    """Over 6,000 levels they take gigabytes; over some more the parser ends its process."""
    assert len(sources.read([saved(tmp_path, "a.jsonld", nested_json(100))])) == 200
    for name, content in {
        "deep.jsonld": nested_json(101),
        "deeper.jsonld.gz": gzip.compress(("[" * 100_000).encode()),
    }.items():
        error = refused(saved(tmp_path, name, content))
        assert "nested more than 100 levels deep" in str(error)
        assert "plus de 100 niveaux" in error.text("fr")


def test_blank_nodes_of_two_files_are_two(tmp_path):
    text = "_:same <https://example.org/p> 1 ."
    files = [saved(tmp_path, "a.ttl", text), saved(tmp_path, "b.ttl", text)]
    found = {quad.subject for quad in sources.read(files)}
    assert len(found) == 2
    assert all(isinstance(node, BlankNode) for node in found)


def test_a_byte_order_mark_is_passed_over(tmp_path):
    assert len(sources.read([saved(tmp_path, "a.ttl", b"\xef\xbb\xbf" + STATEMENT.encode())])) == 1


def test_a_relative_iri_is_resolved_against_the_file(tmp_path):
    path = saved(tmp_path, "a.ttl", "<#me> a <https://example.org/Thing> .")
    (quad,) = sources.read([path])
    assert quad.subject == NamedNode(f"{path.resolve().as_uri()}#me")


def test_a_relative_iri_is_refused_where_none_is_wanted(tmp_path):
    path = saved(tmp_path, "a.ttl", "\n<#me> a <https://example.org/Thing> .")
    with pytest.raises(SourceError, match=r"line 2.*relative IRI"):
        sources.read([path], relative_iris=False)


def test_a_missing_file_is_said_with_a_near_name(tmp_path):
    near = saved(tmp_path, "stages.trig", QUAD)
    error = refused(tmp_path / "stage.trig")
    assert f"did you mean {near}" in str(error)
    saved(tmp_path, "stage.rq", "ASK {}")
    assert f"did you mean {near}" in str(refused(tmp_path / "stage.ttl"))
    assert "nor a folder" in str(refused(tmp_path / "nowhere" / "a.ttl"))
    assert "folder" in str(refused(tmp_path))
    saved(tmp_path, "rules.trig", QUAD)
    assert "did you mean" not in str(refused(tmp_path / "carnet.trig"))
    near = saved(tmp_path, "carnet.ttl", STATEMENT)
    assert f"did you mean {near}" in str(refused(tmp_path / "carnet.trig"))


def test_a_file_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    path = saved(tmp_path, "a.ttl", STATEMENT)

    def denied(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "permissions" in str(refused(path))
    monkeypatch.setattr(Path, "is_dir", denied)  # as in a folder that may not be entered
    assert "permissions" in str(refused(path))


def test_an_unknown_suffix_is_said_with_the_known_ones(tmp_path):
    error = refused(saved(tmp_path, "a.docx", STATEMENT))
    assert ".ttl" in str(error)
    assert ".jsonld" in str(error)


BROKEN = [
    ("a.ttl", b"", "is empty"),
    ("a.nq", b" \n\n", "is empty"),
    ("a.ttl", bytes(range(256)), "binary"),
    ("a.ttl", STATEMENT.encode("utf-16"), "UTF-16"),
    ("a.ttl", b"# x\n\n" + STATEMENT.encode("latin-1"), "line 3.*save it as UTF-8"),
    ("a.trig", b"<https://e.org/g> { <https://e.org/s> a <https://e.org/C> .\n", "complete"),
    ("a.ttl", STATEMENT.encode()[:-12], "line 1.*complete"),
    ("a.nt", STATEMENT.encode() + b"<https://example.org/s> <https://exa", "line 2.*complete"),
    ("a.rdf", XML.encode()[:-12], "line 3.*complete"),
    ("a.rdf", b"<?xml version='1.0'?>\n", "complete"),
    ("a.rdf", XML.replace("</e:p>", "</e:q>").encode(), "line 3.*mismatched tag"),
    ("a.jsonld", b'{"@id": "https://example.org/s",\n', "line 2"),
    ("a.jsonld", b'{"@context": "https://example.org/c", "@id": "x:y", "p": 1}', "context"),
    ("a.ttl", b"\n\nno:where a no:thing .", "line 3.*prefix no:.*declare it"),
    ("a.ttl", b"<https://e.org/a b> a <https://e.org/C> .", "line 1.*a space as %20"),
    (
        "a.nt",
        b"\n<https://e.org/a> <https://e.org/p> <https://e.org/C D> .",
        "line 2.*a space as %20",
    ),
    ("a.rdf", XML.replace("/s", "/a b").encode(), "line 3.*Invalid IRI code point ' '"),
    ("a.ttl", b"\nx", "line 2.*; correct it"),
    ("a.ttl", gzip.compress(STATEMENT.encode(), mtime=0), r"end in \.gz"),
    ("a.ttl.gz", STATEMENT.encode(), "decompressed"),
    ("a.ttl.gz", gzip.compress(STATEMENT.encode() * 9999, mtime=0)[:-20], "complete"),
]


def test_a_broken_file_is_said_with_place_and_remedy(tmp_path):
    for name, content, told in BROKEN:
        error = refused(saved(tmp_path, name, content))
        assert re.search(told, str(error))
        assert "\n" not in str(error)


IN_FRENCH = [
    ("a.ttl", "\nx", "a.ttl, ligne 2.* : corrigez-le .*en anglais : « .* »"),
    ("a.nt", STATEMENT + "<https://example.org/s> <https://exa", "ligne 2.* est-il complet"),
    ("a.ttl", "<https://e.org/a b> a <https://e.org/C> .", "ligne 1.*une espace par %20"),
]


def test_what_the_parser_says_in_english_is_quoted_in_a_french_sentence(tmp_path):
    for name, content, told in IN_FRENCH:
        assert re.search(told, refused(saved(tmp_path, name, content)).text("fr"))


def test_progress_reaches_the_size_of_the_files(tmp_path):
    lines = "".join(f"<https://e.org/{n}> <https://e.org/p> {n} .\n" for n in range(30_000))
    files = [saved(tmp_path, "a.ttl", lines), saved(tmp_path, "b.ttl", STATEMENT)]
    told = []
    sources.read(files, progress=lambda done, total: told.append((done, total)))
    size = sum(path.stat().st_size for path in files)
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_files_under_a_folder_come_in_the_order_of_their_paths(tmp_path):
    (tmp_path / "b").mkdir()
    made = [saved(tmp_path, name, "") for name in ("b/z.trig", "c.ttl", "a.nq")]
    saved(tmp_path, "notes.md", "")
    assert sources.files_under(tmp_path) == [made[2], made[0], made[1]]
