"""What rules conclude from the data, and why; the rules themselves, one ``.rq`` file each."""
