"""The rows of gallery."""
