"""The program that citizens download; it imports nothing of this project, and nothing imports it."""
