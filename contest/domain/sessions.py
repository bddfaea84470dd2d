"""How long a session lives: while it is used, and never longer than a working day."""

from __future__ import annotations

from datetime import timedelta

from contest.domain.actors import Role

IDLE = {Role.JUDGE: timedelta(hours=2)}
IDLE_STAFF = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: `seen_at` is written at most this often, so that reading pages does not write.
TOUCH = timedelta(minutes=2)
