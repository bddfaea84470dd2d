"""How a migration runs: on the connection that infra/migrations.py hands over, in one transaction."""

from alembic import context

import gallery.models.publication
import judging.models.award
import judging.models.deliberation
import judging.models.objection
import judging.models.panel
import judging.models.reopening
import judging.models.repair
import judging.models.round
import judging.models.runoff
from contest.infra.database import Row
from contest.infra.migrations import include_object
from contest.models import (
    account,
    audit,
    consent,
    edition,
    entry,
    library,
    news,
    outbox,
    paper,
    person_request,
    photo,
    stray,
    submission,
)

LOADED = (
    account,
    audit,
    consent,
    edition,
    entry,
    library,
    news,
    outbox,
    paper,
    person_request,
    photo,
    stray,
    submission,
    gallery,
    judging,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    include_object=include_object,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
