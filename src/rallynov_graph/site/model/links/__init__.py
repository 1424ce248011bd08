"""Links between things: shortest paths, hubs, evidence."""
