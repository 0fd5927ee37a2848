"""The minds: from a question and a selection of data to a plan, and from results to words."""
