"""Reading an order of works from a form in which each work has its place."""

from __future__ import annotations

from flask import request

from contest.domain.errors import Invalid

PLACE = "place_"


def chosen_order() -> list[str]:
    """Works as they were ordered, best first. Raises Invalid `chair.order` unless each place is used once."""
    places = {
        name.removeprefix(PLACE): value for name, value in request.form.items() if name.startswith(PLACE)
    }
    if sorted(places.values()) != sorted(str(place) for place in range(1, len(places) + 1)):
        raise Invalid("chair.order", field="place")
    return sorted(places, key=lambda name: int(places[name]))
