"""csv-reconcile on a list of names, in its own environment: what ``reconcile.py`` starts.

    python reconcile_peer.py TABLE.csv BATCHES.json SECONDS

reads the table (columns id and name), then answers batch after batch until the time is over, and
prints as JSON how long reading took, and each batch.
"""

import contextlib
import io
import json
import sys
import tempfile
import time

import csv_reconcile


def first(found: list[dict[str, str]]) -> str:
    """Return the identifier of the first candidate, an empty text if there is none."""
    return found[0]["id"] if found else ""


def main(table: str, batches: str, limit: float) -> None:
    """Print the figures."""
    with open(batches, encoding="utf-8") as file:
        asked = json.load(file)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        app = csv_reconcile.create_app("", folder, "dice")
        with app.app_context():
            csv_reconcile.initdb.init_db_with_context(table, "id", "name")
        read = time.perf_counter() - begun
        client, took, best = app.test_client(), [], []
        while len(took) < len(asked) and sum(took) < limit:
            begun = time.perf_counter()
            answer = client.post("/reconcile", data={"queries": json.dumps(asked[len(took)])}).json
            took.append(time.perf_counter() - begun)
            best += [first(answer[name]["result"]) for name in asked[len(took) - 1]]
    print(json.dumps({"read": read, "took": took, "best": best}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
