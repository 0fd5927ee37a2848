"""Pictures of any Plotly figure without a browser: plotly.js in V8 on a small page of our own, with shipped fonts.

`pictures` is the parent's side: one warm child process, its queue and limits. `child` is that process; in it `page`
makes the SVG and `printing` makes PNG and PDF of it. `traces` says beforehand which figures can't be drawn so.
"""
