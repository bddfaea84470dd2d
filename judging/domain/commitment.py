"""The commitment to a round's scores: one digest that is made public before any name is joined to a number.

A Merkle tree over every score, built as RFC 9162 (section 2.1) builds its trees, so that anyone who later gets the
scores can make the digest again, and one score can be proved without showing the others.
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
        """Canonical JSON. salt: secret of the round, so that an unpublished score cannot be guessed from a proof."""
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


def inclusion_proof(leaves: Sequence[bytes], at: int) -> tuple[str, ...]:
    """The digests (hex) that lead from the leaf at that index to the root, lowest first; IndexError outside."""
    if not 0 <= at < len(leaves):
        raise IndexError(at)
    return tuple(digest.hex() for digest in _path([_leaf(leaf) for leaf in leaves], at))


def proves(leaf: bytes, at: int, size: int, proof: Sequence[str], root: str) -> bool:
    """Whether the proof shows the leaf at that index of a tree of `size` leaves with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= at < size:
        return False
    position, last, digest = at, size - 1, _leaf(leaf)
    for step in proof:
        if last == 0:
            return False
        try:
            sibling = bytes.fromhex(step)
        except ValueError:
            return False
        if position % 2 or position == last:
            digest = _node(sibling, digest)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            digest = _node(digest, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and digest.hex() == root


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


def _path(hashes: Sequence[bytes], at: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    cut = _split(len(hashes))
    if at < cut:
        return [*_path(hashes[:cut], at), _root(hashes[cut:])]
    return [*_path(hashes[cut:], at - cut), _root(hashes[:cut])]
