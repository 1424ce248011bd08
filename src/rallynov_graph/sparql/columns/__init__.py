"""Counts over joins, worked out on columns of numbers: what researchers ask of the whole graph."""

import os

# This must be set before numpy is imported: its linear algebra, which nothing here uses, would
# start threads, and a process that has threads may not fork.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
