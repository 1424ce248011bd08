"""The proposers, one module each, found without a list.

A module has ``propose(reading)``, which yields proposals; those without a proposer get the
module's. ``NEEDS_NAMES = True`` means that it needs the resolved names of persons, organisations
and places in ``reading.names``.
"""
