"""A citizen at the pages of an entry, pressing the buttons that are there."""

from __future__ import annotations

import io
import re
from typing import Any

from factories.photos import camera, jpeg
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SLICE = 1024 * 1024


def photograph(seed: int = 1, **more: Any) -> bytes:
    """A small JPEG that the edition takes: long side 3,000, EXIF of a phone inside the district."""
    return jpeg(seed, 3000, 2000, camera(), **more)


class Citizen:
    """One browser and what it knows: the private address of its entry."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.link = ""
        self.token = ""

    def get(self, path: str, status: int = 200) -> str:
        """Open a page; the token of its form is remembered."""
        return self._read(self.client.get(path, follow_redirects=True), status)

    def post(self, path: str, status: int | None = None, **fields: Any) -> TestResponse:
        """Send a form with the last page's token."""
        answer = self.client.post(path, data={"csrf_token": self.token, **fields})
        if status is not None:
            assert answer.status_code == status, answer.get_data(as_text=True)
        return answer

    def _read(self, answer: TestResponse, status: int) -> str:
        page = answer.get_data(as_text=True)
        assert answer.status_code == status, page
        if found := re.search(r'name="(?:\w-)?csrf_token"[^>]*value="([^"]+)"', page):
            self.token = found[1]
        return page

    def begin(self, age: str = "adult") -> Citizen:
        """Age and consent."""
        self.get("/enter")
        answer = self.post("/enter", 303, age=age, privacy="y")
        self.link = answer.headers["Location"].split("/")[2]
        self.get(f"/entry/{self.link}/photos")
        return self

    def url(self, rest: str) -> str:
        """A page of this entry."""
        return f"/entry/{self.link}/{rest}"

    def begin_upload(self, size: int, name: str = "a.jpg", status: int = 201, query: str = "") -> Any:
        """Announce a file; the JSON answer."""
        answer = self.client.post(
            f"/upload/{self.link}{query}",
            json={"name": name, "size": size, "type": "image/jpeg"},
            headers={"X-CSRFToken": self.token, "Accept": "application/json"},
        )
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def patch(self, url: str, data: bytes, offset: int) -> TestResponse:
        """Send a slice."""
        return self.client.patch(
            url,
            data=data,
            headers={
                "X-CSRFToken": self.token, "Upload-Offset": str(offset), "Accept": "application/json",
                "Content-Type": "application/offset+octet-stream",
            },
        )  # fmt: skip

    def upload(self, data: bytes, name: str = "a.jpg", query: str = "") -> Any:
        """Send a file in slices; the answer of the checks."""
        begun = self.begin_upload(len(data), name, query=query)
        offset = 0
        while offset < len(data):
            answer = self.patch(begun["url"], data[offset : offset + SLICE], offset)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            offset = answer.get_json()["offset"]
        return self.client.get(begun["status_url"]).get_json()

    def post_whole(self, data: bytes, name: str = "a.jpg") -> TestResponse:
        """Send a file without script."""
        self.get(self.url("photos"))
        answer = self.client.post(
            self.url("photos"),
            data={"csrf_token": self.token, "photo": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )
        answer.request.environ["wsgi.input"].close()  # the test client leaves its own temporary file open
        return answer

    def describe(self, ordinal: int = 1, title: str = "안양천의 아침") -> Citizen:
        """Title and place of a work."""
        self.get(self.url(f"works/{ordinal}/title"))
        self.post(self.url(f"works/{ordinal}/title"), 303, title=title, description="물안개")
        self.post(self.url(f"works/{ordinal}/place"), 303, dong="시흥1동", taken_on="2024-05-01")
        return self

    def identify(self, name: str = "홍길동", phone: str = "010-1234-5678", **more: str) -> Citizen:
        """Name and number."""
        self.get(self.url("person"))
        self.post(self.url("person"), 303, name=name, phone=phone, **more)
        return self

    def consent(self, works: int = 1, portrait: str = "none") -> Citizen:
        """What is needed, nothing more."""
        portraits = {f"portrait-{n}": portrait for n in range(1, works + 1)}
        self.get(self.url("consents"))
        self.post(self.url("consents"), 303, licence="y", pledge="y", **portraits)
        return self

    def fill_in(self, seed: int = 1, **person: str) -> Citizen:
        """Everything but 제출, with one work."""
        self.begin()
        assert self.upload(photograph(seed))["state"] == "ok"
        return self.describe().identify(**person).consent()

    def submit(self, status: int = 303, key: str = "") -> str:
        """제출; the page that follows."""
        page = self.get(self.url("review"))
        found = re.search(r'name="submit_key"[^>]*value="([^"]+)"', page)
        assert found is not None
        answer = self.post(self.url("submit"), status, submit_key=key or found[1])
        return self.get(f"/receipt/{self.link}") if status == 303 else answer.get_data(as_text=True)


def receipt_number(page: str) -> str:
    """The receipt number on a page."""
    found = re.search(r"\d{4}-\d{2}-\d{4,}", page)
    assert found is not None, page
    return found[0]
