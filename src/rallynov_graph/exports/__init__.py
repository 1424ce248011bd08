"""What a release is written as for others, one module a family of formats."""
