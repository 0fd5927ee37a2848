"""Charts drawn from results: which one fits, as a Plotly figure. Plotly itself is not imported here."""
