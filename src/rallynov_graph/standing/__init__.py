"""What is current, and what gave way: to a later document, to another reading, to a correction.

It is worked out from the whole data before the rules, which read what is current only.
"""
