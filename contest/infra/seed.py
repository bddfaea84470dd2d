"""Reads the data files that a new instance begins with: the 2024 edition, holidays, photo spots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data"


def load_seed(name: str) -> Any:
    """The content of contest/data/<name>.json."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
