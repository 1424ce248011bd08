"""What proposes, a module each: every module here is found, no list names it.

A module has ``propose(reading)``, which yields proposals; those that name no proposer are its own.
``NEEDS_NAMES = True`` says that it wants the names of persons, organisations and places settled
first, in ``reading.names``.
"""
