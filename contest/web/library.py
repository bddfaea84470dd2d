"""The library of others' winners: its collections, and removing one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from contest.domain.actors import STAFF
from contest.operations.library import KEEPERS, remove_collection
from contest.queries.library import collection, collections
from contest.web.access import actor, allow, now, services

blueprint = Blueprint("library", __name__, url_prefix="/staff/library")


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """Every collection, and how one is added; with `remove`, what would go with that one."""
    may_remove, asked = actor().role in KEEPERS, request.args.get("remove")
    with services().database.read() as rows:
        if asked and may_remove:
            return render_template("contest/library/remove.html", collection=collection(rows, asked))
        found = collections(rows)
    return render_template("contest/library/index.html", collections=found, may_remove=may_remove)


@blueprint.post("/<collection_id>/remove")
@allow(*KEEPERS)
def remove(collection_id: str) -> Any:
    """Remove it; an act."""
    count = remove_collection(services(), collection_id, actor=actor(), now=now())
    flash(f"수상작 {count:,}점을 뺐습니다.", "success")
    return redirect(url_for("library.index"), 303)
