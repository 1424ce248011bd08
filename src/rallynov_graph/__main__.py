"""``python -m rallynov_graph`` is the command line."""

from rallynov_graph.cli import main

if __name__ == "__main__":
    main()
