"""A person at a browser without scripts: opens pages, fills in forms, presses buttons."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

REDIRECTS = 12
NOTHING: Mapping[str, str] = {}


class Refused(Exception):
    """The program answered with a refusal; carries what the page said."""

    def __init__(self, status: int, path: str, said: str) -> None:
        super().__init__(f"{status} {path}: {said}")
        self.status = status
        self.path = path
        self.said = said


@dataclass
class Form:
    """A form as it stands on the page: where it goes, what it holds."""

    action: str
    method: str
    identity: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(
        default_factory=dict
    )  # radio, checkbox and select: what may be chosen
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, label
    legend: str = ""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.alerts: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self._button: tuple[str, str] | None = None
        self._link: str | None = None
        self._text: list[str] = []
        self._alert = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if self._alert:
            self._alert += tag not in {"br", "img", "input", "hr", "meta", "link"}
        elif at.get("role") == "alert":
            self._alert = 1
        if tag in {"script", "style"}:
            self._silent += 1
        if tag == "form":
            self._form = Form(at.get("action", ""), at.get("method", "get").lower(), at.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in at:
            self._link, self._text = at["href"], []
        elif self._form is not None:
            self._field(tag, at)

    def _field(self, tag: str, at: dict[str, str]) -> None:
        form, name = self._form, at.get("name", "")
        if form is None or "disabled" in at:
            return
        if tag == "input" and name:
            kind = at.get("type", "text").lower()
            if kind in {"radio", "checkbox"}:
                form.choices.setdefault(name, []).append(at.get("value", "on"))
                if "checked" in at:
                    form.values.setdefault(name, []).append(at.get("value", "on"))
            elif kind == "file":
                form.files.append(name)
            elif kind == "submit":
                form.buttons.append((name, at.get("value", ""), at.get("value", "")))
            elif kind != "button":
                form.values.setdefault(name, []).append(at.get("value", ""))
        elif tag == "select" and name:
            self._select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            form.choices[self._select].append(at.get("value", ""))
            if "selected" in at or len(form.choices[self._select]) == 1:
                form.values[self._select] = [at.get("value", "")]
        elif tag == "textarea" and name:
            self._textarea, self._text = name, []
        elif tag == "button" and at.get("type", "submit") == "submit":
            self._button, self._text = (name, at.get("value", "")), []

    def handle_endtag(self, tag: str) -> None:
        if self._alert:
            self._alert -= 1
        if tag in {"script", "style"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._link, "".join(self._text).strip()))
            self._link = None
        elif tag == "textarea" and self._textarea and self._form:
            self._form.values[self._textarea] = ["".join(self._text).removeprefix("\n")]
            self._textarea = None
        elif tag == "button" and self._button and self._form:
            self._form.buttons.append((*self._button, "".join(self._text).strip()))
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self._text.append(data)
        if data.strip():
            self.words.append(data.strip())
            if self._alert:
                self.alerts.append(data.strip())


class Browser:
    """One person's browser: cookies of its own, an address of its own, the page it stands on."""

    def __init__(self, app: Flask, *, address: str = "127.0.0.1") -> None:
        self._client = app.test_client()
        self._address = address
        self._origin = app.extensions["contest"].settings.public_url
        self.path = "/"
        self.status = 0
        self.body = b""
        self._page = _Page()

    @property
    def text(self) -> str:
        """Everything readable on the page."""
        return " ".join(self._page.words)

    @property
    def alerts(self) -> str:
        """What the page says in its alerts."""
        return " ".join(self._page.alerts)

    @property
    def links(self) -> list[tuple[str, str]]:
        """(address, words) of every link."""
        return self._page.links

    @property
    def forms(self) -> list[Form]:
        """Every form."""
        return self._page.forms

    def open(self, path: str, *, expect: Iterable[int] = (200,)) -> Browser:
        """Go to an address. Raises Refused unless the answer's status is expected."""
        return self._arrive(self._request("GET", path), expect)

    def follow(self, words: str) -> Browser:
        """Follow the first link whose words or address contain these."""
        for address, said in self.links:
            if words in said or words in address:
                return self.open(address)
        raise LookupError(f"no link {words!r} on {self.path}")

    def find(self, marker: str) -> Form:
        """The form whose id, action, or a button of which contains the marker."""
        for form in self.forms:
            said = [form.identity, form.action, *(label for _, _, label in form.buttons)]
            if any(marker in words for words in said):
                return form
        raise LookupError(f"no form {marker!r} on {self.path}: {[form.action for form in self.forms]}")

    def has(self, marker: str) -> bool:
        """Whether there is such a form."""
        try:
            self.find(marker)
        except LookupError:
            return False
        return True

    def says(self, words: str) -> bool:
        """Whether the page can be read to say so."""
        return words in self.text

    def submit(
        self,
        form: Form | str,
        values: Mapping[str, str | list[str]] | None = None,
        *,
        files: dict[str, tuple[str, bytes]] | None = None,
        press: str | None = None,
        expect: Iterable[int] = (200,),
    ) -> Browser:
        """Fill in and send a form; what is not given stays as the page had it. A field must exist to be filled."""
        held = self.find(form) if isinstance(form, str) else form
        data: dict[str, Any] = {name: list(value) for name, value in held.values.items()}
        for name, value in (values or {}).items():
            if name not in held.values and name not in held.choices:
                raise LookupError(
                    f"no field {name!r} in {held.action} on {self.path}: {sorted({*held.values, *held.choices})}"
                )
            data[name] = [value] if isinstance(value, str) else list(value)
        pressed = next(
            (button for button in held.buttons if press is not None and press in {button[1], button[2]}),
            next((button for button in held.buttons if press is not None and press in button[2]), None),
        )
        if press is not None and pressed is None:
            raise LookupError(f"no button {press!r} in {held.action} on {self.path}")
        pressed = pressed or (held.buttons[0] if held.buttons else None)
        if pressed and pressed[0]:
            data[pressed[0]] = [pressed[1]]
        for name, (given, content) in (files or {}).items():
            data.setdefault(name, [])
            data[name].append((io.BytesIO(content), given))
        target = urljoin(self.path, held.action) if held.action else self.path
        if held.method == "get":
            return self._arrive(self._request("GET", target, query=data), expect)
        return self._arrive(self._request("POST", target, data=data), expect)

    def put(self, path: str, body: Mapping[str, Any], token: str) -> dict[str, Any]:
        """What a page's script sends while the page stays; the answer. Raises Refused unless it is 200."""
        said = {"X-CSRFToken": token, "Content-Type": "application/json"}
        answer = self._request("PUT", path, data=json.dumps(body), headers=said)
        if answer.status_code != 200:
            raise Refused(answer.status_code, path, answer.get_data(as_text=True)[:300])
        held: dict[str, Any] = answer.get_json()
        return held

    def _request(
        self,
        method: str,
        path: str,
        *,
        data: Any = None,
        query: Any = None,
        headers: Mapping[str, str] = NOTHING,
    ) -> TestResponse:
        if urlsplit(path).netloc:
            path = path.removeprefix(self._origin)
        answer = self._client.open(
            path,
            method=method,
            base_url=self._origin,
            data=data,
            query_string=query,
            environ_base={"REMOTE_ADDR": self._address},
            headers={"Referer": f"{self._origin}{self.path}", **headers},
        )
        answer.request.environ["wsgi.input"].close()  # what was sent lies in a temporary file
        return answer

    def _arrive(self, answer: TestResponse, expect: Iterable[int]) -> Browser:
        for _ in range(REDIRECTS):
            if answer.status_code not in {301, 302, 303, 307, 308}:
                break
            answer = self._request("GET", urljoin(answer.request.path, answer.headers["Location"]))
        self.path = (
            answer.request.full_path.removesuffix("?") if answer.request.query_string else answer.request.path
        )
        prefix = answer.request.script_root
        self.path = prefix + self.path
        self.status = answer.status_code
        self.body = answer.get_data()
        self._page = _Page()
        if answer.mimetype == "text/html":
            self._page.feed(self.body.decode())
        if self.status not in set(expect):
            raise Refused(self.status, self.path, self.alerts or self.text[:300])
        return self
