"""Who may see which page: one row for each endpoint, in one file for each part of the program.

A file of this folder holds `ROWS = {"blueprint.view": AUDIENCE, ...}`. A new route needs a row.
"""

from __future__ import annotations

import importlib
import pkgutil

from access_matrix.audiences import Audience


def rows() -> dict[str, Audience]:
    """Every row of every file; two rows for one endpoint are a mistake."""
    found: dict[str, Audience] = {}
    for module in pkgutil.iter_modules(__path__):
        for endpoint, audience in getattr(
            importlib.import_module(f"{__name__}.{module.name}"), "ROWS", {}
        ).items():
            assert endpoint not in found, f"{endpoint}에 대한 행이 둘입니다."
            found[endpoint] = audience
    return found
