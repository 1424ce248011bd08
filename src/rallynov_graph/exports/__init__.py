"""The export formats of a release, one module for each family of formats."""
