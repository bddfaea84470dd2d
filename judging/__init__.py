"""The jury: panel, blind rounds, ranking, public verification, prize allocation."""
