"""What is wrong with data: SHACL shapes, checks over graphs, the report of both."""
