"""The quick validator: SHACL's core at any size, with the results of pySHACL."""
