"""The named selects of gallery."""
