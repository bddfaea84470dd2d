"""The named selects of judging."""
