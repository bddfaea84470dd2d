"""The rows of judging."""
