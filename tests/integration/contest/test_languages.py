"""The same pages in three languages: sentences, dates, money, `lang` and the addresses of the others."""

from __future__ import annotations

import re

import pytest
from entry_citizen import Citizen, photograph
from flask.testing import FlaskClient

from contest.models.edition import Edition

pytestmark = pytest.mark.any_database

HANGUL = re.compile(r"[\uac00-\ud7a3]")
#: Korean that stands on a page of every language: the program's name and the switch of languages.
EVERYWHERE = re.compile("찰칵|>한국어<")
PATHS = ["/", "/call", "/enter", "/lookup", "/results", "/gallery", "/verification"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("prefix", "lang"), [("/en", "en"), ("/zh", "zh-Hans")])
def test_a_page_speaks_one_language(
    client: FlaskClient, edition: Edition, path: str, prefix: str, lang: str
) -> None:
    answer = client.get(prefix + path)
    assert answer.status_code == 200
    page = answer.text
    assert f'<html lang="{lang}"' in page
    assert [line for line in EVERYWHERE.sub("", page).splitlines() if HANGUL.search(line)] == []
    others = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page)
    site = "http://localhost"
    assert others == [
        ("ko", site + path),
        ("x-default", site + path),
        ("en", f"{site}/en{path}"),
        ("zh-Hans", f"{site}/zh{path}"),
    ]


def test_dates_and_money_follow_the_language(client: FlaskClient, edition: Edition) -> None:
    assert "2024. 8. 30.(금) 18:00" in client.get("/call").text
    english, chinese = client.get("/en/call").text, client.get("/zh/call").text
    assert "Fri, 30 Aug 2024 18:00" in english
    assert "KRW 3,000,000" in english
    assert "2024年8月30日(五) 18:00" in chinese
    assert "3,000,000韩元" in chinese


def test_forms_refuse_in_the_language_of_their_page(client: FlaskClient, edition: Edition) -> None:
    page = client.get("/en/lookup").text
    found = re.search(r'name="(?:\w-)?csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    sent = {"csrf_token": found[1], "receipt_number": "2024-02-9999", "secret": "AAAAAAAAAA"}
    refused = client.post("/en/lookup", data=sent).text
    assert "The receipt number or password is not right." in refused


def test_neighbourhoods_are_named_in_the_language_of_the_page(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    place = citizen.url("works/1/place")
    chosen = {"/en": ("Siheung 1-dong", "nameEn"), "/zh": ("始兴1洞", "nameZh")}
    for prefix, (name, key) in chosen.items():
        page = client.get(prefix + place).text
        assert re.search(f'<option[^>]*value="시흥1동">{name}</option>', page)
        assert f'data-name-property="{key}"' in page
    citizen.describe()
    assert "Siheung 1-dong" in client.get("/en" + citizen.url("review")).text
    assert "시흥1동" in client.get(citizen.url("review")).text
