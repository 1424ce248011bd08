"""When and where the stages were."""
