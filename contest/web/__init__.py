"""The pages of contest."""
