"""Which things a list holds under the choices of a reader, with what it shows of each."""
