"""The jobs of this package: doorbells that ring for rows."""
