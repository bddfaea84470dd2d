"""What touches the world: files, databases, clocks, secrets, pictures."""
