"""Conversations: what was asked and answered, kept for the people who asked it."""
