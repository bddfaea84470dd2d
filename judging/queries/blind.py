"""The only loader for judges: exactly the columns of a blind entry."""
