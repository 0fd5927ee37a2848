"""`prosa eval`: the questions of a suite, asked, and their answers' rows compared with those of the gold SQL."""
