"""Where drawings put what they show: a map, a line in time, a network."""
