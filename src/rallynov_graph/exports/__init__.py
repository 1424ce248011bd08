"""The formats that a release is exported in, one module a family of formats."""
