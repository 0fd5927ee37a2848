"""The child processes that touch data, and the parent's side of them."""
