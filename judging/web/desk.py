"""The judges' desk: the blind pages on which a judge scores."""
