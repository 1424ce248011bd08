"""The reading desk: a program of its own on this machine, never a server for visitors."""
