"""The pages of an edition that say what it has no files of; a server has none of them."""
