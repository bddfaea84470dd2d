"""Makers of what tests hand in, one file per subject."""
