"""Static files with long caching and precompressed bodies; user photographs never pass here."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

HOUR = 3600


class StaticFiles:
    """WhiteNoise in front of the application, made at the first request so that building an app reads no disk."""

    def __init__(self, app: Any, folder: Path, *, watch: bool) -> None:
        self._app = app
        self._folder = folder
        self._watch = watch

    @functools.cached_property
    def _files(self) -> Any:
        files = WhiteNoise(self._app, max_age=HOUR, autorefresh=self._watch)
        files.add_files(str(self._folder), prefix="static/")
        return files

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        answer: Iterable[bytes] = self._files(environ, start_response)
        return answer
