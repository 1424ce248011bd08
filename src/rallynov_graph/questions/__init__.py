"""The catalogue of questions, and what their parameters mean."""
