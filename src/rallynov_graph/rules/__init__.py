"""The rules, one ``.rq`` file each, their conclusions, and why a conclusion holds."""
