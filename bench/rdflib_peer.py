"""rdflib-endpoint over a release: run by the benchmark, with the Python of its environment.

    python rdflib_peer.py DATA.nq ONTOLOGY.nt ONTOLOGY-IRI

reads the data, says ``ready``, then starts a server for each line of standard input, at the port
that the line names, in place of the last. A query that it does not finish so holds up no other.
"""

import os
import signal
import sys

import uvicorn
from rdflib import Dataset, URIRef
from rdflib_endpoint import SparqlEndpoint


def serve(dataset: Dataset, port: int) -> int:
    """Return the process that serves."""
    child = os.fork()
    if not child:
        sys.stdin = open(os.devnull)  # noqa: SIM115
        uvicorn.run(SparqlEndpoint(graph=dataset, path="/"), port=port, log_level="error")
        os._exit(0)
    return child


def main() -> None:
    data, ontology, name = sys.argv[1:]
    dataset = Dataset(default_union=True)
    dataset.parse(data, format="nquads")
    dataset.graph(URIRef(name)).parse(ontology, format="nt11")
    print("ready", flush=True)
    child = 0
    for line in sys.stdin:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        child = serve(dataset, int(line))
    if child:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
