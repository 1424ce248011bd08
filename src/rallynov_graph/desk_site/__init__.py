"""The reading desk: a program of its own on this machine, which a server for visitors never is."""
