"""The contest itself: call, entry, checks, screening."""
