"""The routes, one file a topic: each parses, calls the desk and encodes."""
