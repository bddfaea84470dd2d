"""Consents: what a person agreed to, in which wording and when."""
