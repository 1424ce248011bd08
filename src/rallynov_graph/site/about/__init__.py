"""What the site says of itself: the release, accessibility, the report."""
