"""Performance figures, each beside its rival measured in the same run."""
