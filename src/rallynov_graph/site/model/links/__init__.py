"""Links between things: shortest paths, hubs, who says so."""
