"""The HTTP server: thin routes, the wires, and who may use them."""
