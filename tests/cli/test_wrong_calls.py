"""Calls of the command line that cannot be right: one clear sentence in French and in English.

The status is 2, and nothing is written.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable

from conftest import Ran
from servers import fork

CLOSED = "http://127.0.0.1:9/sparql"
WRONG = [
    ("biuld", "did you mean build?"),
    ("with", "did you mean withdraw?"),
    ("xyz", "there are new, build, validate, "),
    ("--fast", "--fast"),
    ("build --outt x", "--out"),
    ("validate --format tutle", "turtle"),
    ("validate --shapes nowhere.ttl things.ttl", "there is no such file"),
    ("export", "--format names one of"),
    ("export --format tll", "did you mean ttl?"),
    ("export --format pdf", "No format is called"),
    ("export --format ttl --release nowhere", "does not exist"),
    (f"export --format ttl --release {shlex.quote(__file__)}", "is a file, not a folder"),
    (
        "export --format ttl --out no/where/out.ttl",
        "no/where/out.ttl: it cannot be written: No such file or directory; is its path right?",
    ),
    ("export --format ttl --compress rar", "'rar' is not 'gzip'"),
    ("export --format ttl --out out.ttl.zst", "Only gzip is supported: name the file out.ttl.gz."),
    ("export --all --format ttl", "--all is given alone"),
    ("query", "Name a question"),
    ("query stage", "No question is called 'stage': did you mean stages"),
    (f"query {'n' * 300}", "nothing has a name near it"),
    ("query nosuch", "nothing has a name near it. rallynov query --list names all."),
    ("query absent.rq", "absent.rq: it cannot be read: No such file or directory; is its path"),
    ("query stages --as-of June", "'June' is not a day, month or year, such as 2013-06-15"),
    (
        "query stages --as-of 1999",
        "No document had appeared by 1999: the first appeared in 2013-06.",
    ),
    ("query stages --in-document x", "'x' is not one of the documents: carnet-2."),
    ("query stages --as-of 2013 --endpoint http://127.0.0.1:9", "need a release"),
    ("query stages --param x=1", "No parameter of the question stages is called 'x'"),
    ("query stages --param certainty", "is not NAME=VALUE"),
    ("query stages --param language=fr --param language=en", "is given twice"),
    ("query stages --param certainty=sure", "there are explicit, inferred, tentative"),
    ("query stages --param only=clotur", "write closing (ce qui clôt le rallye / what closes the "),
    ("query things_on_theme --param theme=xyzzy", "No thing is called 'xyzzy'"),
    ("query stages --format jsno", "No format is called 'jsno': did you mean json"),
    ("query stages --format turtle", "written as one of table, json, xml, csv, tsv"),
    ("query stages --data a.ttl --release r", "exclude each other"),
    ("query stages --data absent.ttl", "absent.ttl"),
    ("query stages --release absent", "absent"),
    (
        f"query stages --endpoint {CLOSED}",
        "cannot be reached: Connection refused; is it running, and is this its address?",
    ),
    ("query stages --endpoint nonsense", "'nonsense' is not the address of a server"),
    ("query stages --endpoint 'http://a b/'", "'http://a b/' is not the address of a server"),
    ("query stages --endpoint http://a:b/", "'http://a:b/' is not the address of a server"),
    ("cite verify x --release a --endpoint b", "exclude each other"),
    ("serve --port 99999", "99999"),
    ("serve --query-timeout 0", "0"),
    ("serve --query-timeout nan", "nan"),
    ("serve --workers none", "none"),
    ("publish out --data a.ttl", "--data also needs --base"),
    ("publish out --profile prov", "--profile needs --data or --endpoint."),
    (
        "publish out --data a.ttl --with-text a.txt --base https://example.org/",
        "exclude each other",
    ),
    ("serve --profile prov", "--profile needs --data or --endpoint."),
    ("serve --data a.ttl --profile nanopb", "No profile is called 'nanopb': did you mean nanopub?"),
    ("serve --query-memory lots", "'lots' is not a size; write one as 512M or 4G."),
    ("serve --query-memory 0", "'0' is not a size"),
    ("serve --query-memory -1G", "'-1G' is not a size"),
    ("serve --query-memory nan", "'nan' is not a size"),
    ("serve --query-memory 64M --workers 2", "2 web processes need 128M"),
    (f"serve --query-memory 1G --endpoint {CLOSED}", "--query-memory and --endpoint exclude each"),
    ("serve --data a.ttl --release r", "exclude each other"),
    ("serve --data absent.ttl", "absent.ttl"),
    ("serve --release absent", "absent does not exist"),
    (f"serve --release {shlex.quote(__file__)}", "is a file, not a folder: name a release folder"),
    ("serve --source absent.txt", "absent.txt: it cannot be read: No such file or directory; is"),
    ("serve --proxy nonsense", "'nonsense' is neither an IP address nor a network"),
    ("serve --host no.such.host.invalid", "not an address to listen on"),
    (f"serve --endpoint {CLOSED} --endpoint-auth-env RALLYNOV_NONE", "set it"),
]


def test_a_wrong_call_is_one_clear_sentence(after_serving: Callable[..., Ran]) -> None:
    for call, words in WRONG:
        command, *options = shlex.split(call)
        if command == "serve":
            process = fork(*(() if "--port" in options else ("--port", "0")), *options)
            out, err = process.communicate(timeout=300)
            ran = Ran(process.returncode, out, err)
        else:
            ran = after_serving(command, *options)
        assert (ran.status, ran.out) == (2, ""), call
        assert words in ran.err, call
        assert "Traceback" not in ran.err, call
        assert ran.err.count("\n") == 1 or command in ("serve", "query"), call
        if command != "serve":
            french = after_serving("--lang", "fr", command, *options)
            assert (french.status, french.out) == (2, ""), call
            assert {*french.err.splitlines()}.isdisjoint(ran.err.splitlines()), call


def test_what_a_server_cannot_do_is_told_in_french(rallynov: Callable[..., Ran]) -> None:
    for call, words in (
        ("serve --lang fr --query-memory lots", "'lots' n’est pas une taille"),
        (
            "serve --lang fr --host no.such.host.invalid",
            "n’est pas une adresse sur laquelle écouter",
        ),
    ):
        ran = rallynov(*shlex.split(call))
        assert (ran.status, ran.out) == (2, "") and words in ran.err, call
