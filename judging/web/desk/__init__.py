"""The judges' desk: the blind pages on which a judge scores, by subject."""

from judging.web.desk import ballot, compare, deliberation, keys, papers, pictures, runoffs, ties, works
from judging.web.desk.frame import blueprint

__all__ = [
    "ballot",
    "blueprint",
    "compare",
    "deliberation",
    "keys",
    "papers",
    "pictures",
    "runoffs",
    "ties",
    "works",
]
