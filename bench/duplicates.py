"""Which copies are found and which strangers are accused: 32 kinds of edit over photographs nobody tuned on.

    python bench/duplicates.py FOLDER … [--drawn N] [--every N]

Every photograph of the folders (every N-th only, if asked) is copied in each way; each copy goes through the same
shortlist, verification and rule as an entry. False pairs are counted between different originals, all against all.
Photographs of one scene in one folder make true pairs: such folders are named apart, in a second run.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.edits import kinds
from contest.domain.fingerprints import Likeness
from contest.domain.pair_rule import Shot, Verdict, judge_pair
from contest.infra.fingerprint_index import KnownPhotographs
from contest.infra.imaging.decode import fit
from contest.infra.imaging.drawn import draw_landscape
from contest.infra.imaging.examine import hashed
from contest.infra.imaging.features import describe
from contest.infra.imaging.hashes import fingerprint, trimmed_hash
from contest.infra.imaging.matching import align
from contest.infra.imaging.results import Traits
from contest.operations.compare import SHORTLISTED

EDITED_SIDE = 768
_LIKELIEST_NONE = 3.0  # the rule of three: no hit among n pairs bounds the rate at 3/n with 95 %


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.draft("RGB", (EDITED_SIDE * 2, EDITED_SIDE * 2))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    return fit(upright, EDITED_SIDE)


def taken(image: Image.Image, name: str) -> tuple[Shot, Traits]:
    """A picture as intake keeps it: saved as JPEG, brought to 512 pixels, hashed and described."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    fresh = Image.open(buffer).convert("RGB")
    small = hashed(fresh)
    traits = Traits(describe(small), trimmed_hash(small))
    return Shot(name, fingerprint(small), traits.trimmed), traits


class Originals:
    """All originals and the searches over them."""

    def __init__(self, pictures: Iterator[tuple[str, Image.Image]]) -> None:
        self.pictures = dict(pictures)
        self.kept = {name: taken(image, name) for name, image in self.pictures.items()}
        self.known = KnownPhotographs()
        self.known.catch_up(set(self.kept), lambda ids: (self._row(one) for one in ids))
        self.spent = {"search": 0.0, "verify": 0.0}
        self.verified = 0

    def _row(self, name: str) -> tuple[str, tuple[int, ...], bytes]:
        shot, traits = self.kept[name]
        assert shot.fingerprint is not None
        hashes = (shot.fingerprint.pdq[0], *(() if traits.trimmed is None else (traits.trimmed,)))
        return name, hashes, traits.features.descriptors

    def found(self, shot: Shot, traits: Traits, apart: str = "") -> dict[str, Verdict]:
        """Every original that is a pair with this picture, but `apart`."""
        assert shot.fingerprint is not None
        began = time.process_time()
        probes = (*shot.fingerprint.pdq, *(() if shot.trimmed is None else (shot.trimmed,)))
        near = {key for key, _ in self.known.hashes.search(probes)}
        near |= set(self.known.features.search(traits.features.states(), most=SHORTLISTED + 1))
        self.spent["search"] += time.process_time() - began
        verdicts = {}
        for name in sorted(near - {apart}):
            other, theirs = self.kept[name]
            began = time.process_time()
            alignment = align(traits.features, theirs.features)
            self.spent["verify"] += time.process_time() - began
            self.verified += 1
            verdict = judge_pair(shot, other, alignment)
            if verdict is not None:
                verdicts[name] = verdict
        return verdicts


def main(arguments: list[str] | None = None) -> None:
    """Print the recall of every kind, then false pairs and the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--drawn", type=int, default=40)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--edited", type=int, default=10_000, help="how many of them are edited")
    asked = parser.parse_args(arguments)
    files = [
        path
        for folder in asked.folders
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in {".jpg", ".jpeg"}
    ]
    files = files[asked.offset :: asked.every]
    drawn = ((f"drawn {seed}", draw_landscape(seed, EDITED_SIDE, 576)) for seed in range(asked.drawn))
    originals = Originals(iter([*((str(path), opened(path)) for path in files), *drawn]))
    names = list(originals.pictures)
    edited = (names[: len(files)] or names)[: asked.edited]
    print(f"{len(files)} photographs, {asked.drawn} drawn; {len(edited)} of them edited")
    recall(originals, edited)
    strangers(originals)


def recall(originals: Originals, names: list[str]) -> None:
    found: dict[str, list[bool]] = {}
    accused: list[tuple[str, str, str, str]] = []
    pairs = 0
    everyone = list(originals.pictures)
    for number, name in enumerate(names):
        print(f"\r{number} of {len(names)}", end="", file=sys.stderr, flush=True)
        other = everyone[(number + 1) % len(everyone)]
        for kind, edit in kinds(originals.pictures[other]).items():
            shot, traits = taken(edit(originals.pictures[name], np.random.default_rng(number)), "copy")
            verdicts = originals.found(shot, traits)
            right = verdicts.pop(name, None)
            if kind == "collage of two":
                verdicts.pop(other, None)
            found.setdefault(kind, []).append(right is not None and right.likeness is not Likeness.SCENE)
            accused += [(kind, name, each, v.likeness.value) for each, v in verdicts.items()]
            pairs += len(everyone) - 1
    print(f"{'kind of copy':<28}{'found':>8}{'of':>6}")
    for kind, hits in found.items():
        print(
            f"{kind:<28}{sum(hits):>8}{len(hits):>6}{'' if all(hits) else f'{sum(hits) / len(hits):>8.1%}'}"
        )
    hits = [hit for each in found.values() for hit in each]
    print(f"{'all':<28}{sum(hits):>8}{len(hits):>6}{sum(hits) / max(1, len(hits)):>8.1%}")
    report("a copy and another original", accused, pairs)
    print(
        f"search {originals.spent['search'] / max(1, len(hits)) * 1000:.1f} ms a copy,"
        f" verify {originals.spent['verify'] / max(1, originals.verified) * 1000:.1f} ms a candidate"
    )


def strangers(originals: Originals) -> None:
    accused = []
    for name, (shot, traits) in originals.kept.items():
        accused += [
            ("as it is", name, each, verdict.likeness.value)
            for each, verdict in originals.found(shot, traits, apart=name).items()
            if each < name
        ]
    count = len(originals.kept)
    report("two originals", accused, count * (count - 1) // 2)


def report(what: str, accused: list[tuple[str, str, str, str]], pairs: int) -> None:
    bound = f"below {_LIKELIEST_NONE / pairs:.1e} with 95 %" if not accused else f"{len(accused) / pairs:.1e}"
    print(f"false pairs of {what}: {len(accused)} of {pairs}, rate {bound}")
    for kind, name, other, likeness in accused[:20]:
        print(f"    {likeness}: {kind} of {Path(name).name} and {Path(other).name}")


if __name__ == "__main__":
    main()
