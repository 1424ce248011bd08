"""The shapes and terms as pages show them."""
