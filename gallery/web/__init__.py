"""The pages of gallery."""
