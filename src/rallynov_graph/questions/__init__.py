"""The catalogue of questions, and the meaning of their parameters."""
