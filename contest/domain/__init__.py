"""The rules of contest: pure functions over frozen values, the standard library only."""
