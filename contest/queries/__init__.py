"""The named selects of contest."""
