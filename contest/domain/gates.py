"""Gates: what stands in the way of a step, all of it at once, as facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Blocker:
    """One reason why a step cannot be taken. `code` is a sentence; `link` an endpoint that helps, or None."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    link: str | None = None
    is_warning: bool = False  # shown, holds nobody up
