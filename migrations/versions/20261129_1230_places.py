"""A place in a ranking ballot is kept as a level: up to sixty of them"""

from __future__ import annotations

from alembic import op

revision = "a41c8e07b95d"
down_revision = "6e30c4a8d5f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score_event") as batch:
        batch.drop_constraint(op.f("ck_score_event_level_range"), type_="check")
        batch.create_check_constraint(
            op.f("ck_score_event_level_range"), "level IS NULL OR (level >= 1 AND level <= 60)"
        )
