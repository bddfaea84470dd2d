"""The changes of gallery: one file per verb family."""
