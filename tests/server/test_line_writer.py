"""Lines are written without waiting, and what is lost is told."""

import errno
import os
import threading
import time

from rallynov_graph.server.line_writer import LineWriter


def test_lines_are_written_in_their_order() -> None:
    reads, writes = os.pipe()
    lines = LineWriter(writes)
    threads = [threading.Thread(target=lines.write, args=(f"{n}\n",)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for part in ("be", "gun\nand", " ended\n"):
        print(part, end="", file=lines)
    lines.end(10)
    os.close(writes)
    with os.fdopen(reads) as log:
        *numbers, one, two = log.read().splitlines()
    assert sorted(numbers, key=int) == [*map(str, range(50))]
    assert (one, two) == ("begun", "and ended")


def test_what_cannot_be_written_is_counted_with_its_reason() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    full = os.dup(writes)
    lines = LineWriter(full)
    lines.write("lost\nlost\n")
    while lines._lost < 2:
        time.sleep(0.01)
    again, writes_again = os.pipe()
    os.dup2(writes_again, full)
    lines.write("kept\n")
    lines.end(10)
    for descriptor in (writes, writes_again, full):
        os.close(descriptor)
    with os.fdopen(again) as log:
        told, kept = log.read().splitlines()
    assert told == f"rallynov: 2 lines were not written here: {os.strerror(errno.EPIPE)}."
    assert kept == "kept"
