"""Questions, the builder and the workbench."""
