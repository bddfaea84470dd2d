"""The judges' desk: the blind pages on which a judge scores, by subject."""

from judging.web.desk import compare, keys, papers, pictures, runoffs, ties, works
from judging.web.desk.frame import blueprint

__all__ = ["blueprint", "compare", "keys", "papers", "pictures", "runoffs", "ties", "works"]
