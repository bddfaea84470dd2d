"""The changes of judging: one file per verb family."""
