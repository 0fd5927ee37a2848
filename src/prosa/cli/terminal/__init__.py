"""What a run looks like in a terminal. It reads events and answers, and decides nothing."""
