"""What the tables hold: types, roles, keys, values and figures of every column."""
