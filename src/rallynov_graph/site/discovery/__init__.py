"""How programs find the dataset: VoID, DCAT, site maps, robots."""
