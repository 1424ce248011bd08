"""A release as files: every page and document of the site in a folder that needs no server."""
