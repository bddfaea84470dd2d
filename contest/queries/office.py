"""Whom to call: the office of the current edition, for the foot of every page."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from contest.queries.editions import current_edition


def office_of_current(session: Session, locale: str) -> dict[str, str]:
    """name, phone, email, hours, contest title; empty strings before the first edition opens."""
    edition = current_edition(session)
    document: dict[str, Any] = edition.document if edition else {}
    texts = document.get("texts", {})
    korean = texts.get("ko", {})
    own = texts.get(locale, {})
    contact = document.get("contact", {})

    def say(key: str) -> str:
        return str(own.get(key) or korean.get(key) or "")

    return {
        "name": say("office"),
        "hours": say("hours"),
        "contest": say("title"),
        "phone": str(contact.get("phone", "")),
        "email": str(contact.get("email", "")),
    }
