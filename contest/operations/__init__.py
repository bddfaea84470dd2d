"""The changes of contest: one file per verb family."""
