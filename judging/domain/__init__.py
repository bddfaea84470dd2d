"""The rules of judging: pure functions over frozen values, the standard library only."""
