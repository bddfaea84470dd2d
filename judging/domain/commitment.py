"""The commitment to a round's scores: one digest that is made public before any name is joined to a number.

A Merkle tree over every score, built as RFC 9162 (section 2.1) builds its trees, so that anyone who later gets the
scores can make the digest again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contest.domain.errors import Invalid


@dataclass(frozen=True, order=True)
class ScoreLeaf:
    """One score as it is committed to: common number of the work, pseudonym of the judge; at: ISO 8601 in UTC."""

    number: str
    judge: str
    criterion: str
    level: int
    at: str

    def encode(self, salt: str) -> bytes:
        """Canonical JSON. salt: secret of the round until its scores are public, or a leaf could be guessed."""
        return json.dumps(
            [salt, self.number, self.judge, self.criterion, self.level, self.at],
            separators=(",", ":"),
            ensure_ascii=False,
        ).encode()


def leaves_of(scores: Iterable[ScoreLeaf], salt: str) -> list[bytes]:
    """The leaves in their one order. Raises Invalid `commitment.score_twice` for two scores of one cell."""
    ordered = sorted(scores)
    cells = {(leaf.number, leaf.judge, leaf.criterion) for leaf in ordered}
    if len(cells) < len(ordered):
        raise Invalid("commitment.score_twice")
    return [leaf.encode(salt) for leaf in ordered]


def merkle_root(leaves: Sequence[bytes]) -> str:
    """The root (SHA-256, hex); of no leaves the digest of nothing."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    return _root([_leaf(leaf) for leaf in leaves]).hex()


def _leaf(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below size."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    cut = _split(len(hashes))
    return _node(_root(hashes[:cut]), _root(hashes[cut:]))
