"""The rows of contest."""
