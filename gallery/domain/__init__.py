"""The rules of gallery: pure functions over frozen values, the standard library only."""
