"""Exports: what leaves the system, under which name, and where it waits until it is fetched."""
