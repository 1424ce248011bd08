"""The site: pages and data of one graph, over HTTP, read only. A folder a feature."""
