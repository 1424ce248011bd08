"""The commands, one a module; each module has a ``command``."""
