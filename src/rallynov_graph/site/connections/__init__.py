"""What connects two things."""
