"""What changed since earlier releases, and which releases there are."""
