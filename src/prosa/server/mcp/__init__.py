"""The Model Context Protocol (extra `mcp`): our tools for clients that bring their own model.

`service` is the protocol, `endpoint` its place in the HTTP server, `stdio` the command `prosa mcp`. The SDK is imported
only when somebody speaks it.
"""
