"""Untrusted photographs, decoded in child processes with limits; `client` is what the program calls."""
