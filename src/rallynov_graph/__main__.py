"""``python -m rallynov_graph`` is the command line."""

from rallynov_graph.cli.main import main

if __name__ == "__main__":
    main()
