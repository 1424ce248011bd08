"""What rules conclude from the data, and why."""
