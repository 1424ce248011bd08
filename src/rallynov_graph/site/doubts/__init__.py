"""What the carnet leaves open."""
