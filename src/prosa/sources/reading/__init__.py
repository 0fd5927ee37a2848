"""From files to tables: what lies at a location, and one module for each kind of file."""
