"""The rules, one ``.rq`` file each, what they conclude, and why a conclusion holds."""
