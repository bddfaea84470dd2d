"""Submissions: what one person hands in."""
