"""Reading the rules of an edition from its document, as far as they can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contest.domain.consents import NETWORK_ASKED, PARTS, ConsentKind, ConsentText, with_network
from contest.domain.document_reader import LOCALES, Problem, Reader
from contest.domain.errors import Invalid
from contest.domain.prizes import PrizeScheme
from contest.domain.ruleset import (
    MOST_REPEATED,
    RETENTION,
    RETENTION_UNSAID,
    Advance,
    Aggregation,
    Comparison,
    Criterion,
    Device,
    DronePolicy,
    EditionRules,
    EntryRules,
    ExifPolicy,
    Method,
    MissingVotes,
    NameDisplay,
    Panel,
    Payment,
    Period,
    PhotoFormat,
    RecusalRule,
    Round,
    Shown,
    Succession,
    Texts,
)
from contest.domain.screening import DEFAULT_GRADES, FindingKind, Grade


def read(document: object) -> tuple[EditionRules, list[Problem]]:
    """The rules as far as they can be read, and what is structurally wrong with the document."""
    problems: list[Problem] = []
    root = Reader(document, "", problems)
    contact, panel, verification = root.inner("contact"), root.inner("judges"), root.inner("verification")
    rules = EditionRules(
        number=root.whole("number", least=1, most=999),
        year=root.whole("year", least=2000, most=2999),
        texts=_texts(root.inner("texts")),
        phone=contact.text("phone"),
        email=contact.text("email"),
        entry=_entry(root.inner("entry")),
        grades=_grades(root.inner("findings")),
        rounds=tuple(_round(item) for item in root.items("rounds")),
        judges=panel.whole("count", least=1, most=99),
        external_judges=panel.whole("external", least=0, most=99),
        scheme=_scheme(root),
        prize_ceiling=root.inner("prizes").whole("ceiling", least=0, most=10**12),
        reserves=root.whole("reserves", least=0, most=200),
        verification_days=verification.whole("days", least=1, most=90, default=10),
        gap_working_days=verification.whole("gap_working_days", least=0, most=30, default=2),
        succession=root.choice("succession", Succession, Succession.CASCADE),
        may_leave_empty=root.flag("may_leave_empty", default=False),
        ties=tuple(root.strings("ties")),
        comparison=root.choice("compare", Comparison, Comparison.ROUNDED),
        publish_scores=root.flag("publish_scores", default=False),
        one_prize_per_person=root.flag("one_prize_per_person", default=True),
        retention=_retention(root.inner("retention")),
        payment=root.choice("payment", Payment, Payment.DIRECT),
        licence_years=root.inner("licence").whole("years", least=1, most=70),
        names=root.choice("names", NameDisplay, NameDisplay.FULL_WITH_CONSENT),
        consents=_consents(
            root.inner("consents"),
            keeps_network=root.inner("entry").flag("keeps_network", default=False),
        ),
    )
    return rules, problems


def _texts(reader: Reader) -> Texts:
    by_locale = {}
    for locale in LOCALES:
        inner = reader.inner(locale)
        by_locale[locale] = {key: inner.text(key) for key in inner.keys()}  # noqa: SIM118  a Reader is no dict
    return Texts(by_locale)


def _entry(reader: Reader) -> EntryRules:
    return EntryRules(
        works_per_person=reader.whole("works_per_person", least=1, most=20),
        formats=reader.choices("formats", PhotoFormat),
        heic=reader.flag("heic", default=False),
        min_long_side=reader.whole("min_long_side", least=1, most=20_000),
        min_bytes=reader.whole("min_bytes", least=0, most=10**9, default=0),
        max_bytes=reader.whole("max_bytes", least=1, most=10**9),
        taken_from=reader.day("taken_from"),
        taken_until=reader.day("taken_until"),
        place_required=reader.flag("place_required", default=True),
        in_district=reader.flag("in_district", default=True),
        devices=reader.choices("devices", Device),
        exif=reader.choice("exif", ExifPolicy, ExifPolicy.LOOKED_AT),
        drone=reader.choice("drone", DronePolicy, DronePolicy.PERMIT),
        drone_papers=reader.flag("drone_papers", default=False),
        portrait_papers=reader.flag("portrait_papers", default=False),
        keeps_network=reader.flag("keeps_network", default=False),
        team_size=reader.whole("team_size", least=1, most=20, default=1),
        grace_minutes=reader.whole("grace_minutes", least=0, most=60, default=0),
        original_days=reader.whole("original_days", least=1, most=90, default=7),
    )


def _grades(reader: Reader) -> Mapping[FindingKind, Grade]:
    known = {kind.value for kind in FindingKind}
    for key in reader.keys():  # noqa: SIM118  a Reader is no dict
        if key not in known:
            reader.note(key, "edition.unknown_finding")
    return {kind: reader.choice(kind.value, Grade, default) for kind, default in DEFAULT_GRADES.items()}


def _round(reader: Reader) -> Round:
    trim_from = reader.whole("trim_from", least=0, most=99, default=5)
    return Round(
        code=reader.text("code"),
        name=reader.texts("name"),
        method=reader.choice("method", Method, Method.RUBRIC),
        criteria=tuple(
            Criterion(
                item.text("code"),
                item.texts("name"),
                item.texts("description"),
                item.whole("weight", least=1, most=100),
            )
            for item in reader.items("criteria")
        ),
        level_names=tuple(item.own_texts() for item in reader.items("level_names")),
        trim_from=trim_from,
        recusal_rule=reader.choice("recusal_rule", RecusalRule, RecusalRule.PLAIN),
        shows=frozenset(reader.choices("shows", Shown)),
        panel=reader.choice("panel", Panel, Panel.ALL),
        advance=reader.choice("advance", Advance, Advance.ALL),
        advance_percent=reader.whole("advance_percent", least=1, most=100, default=50),
        advance_count=reader.whole("advance_count", least=0, most=100_000, default=0),
        quorum=reader.whole("quorum", least=0, most=99, default=0),
        missing=reader.choice("missing", MissingVotes, MissingVotes.WAIT),
        opens=reader.day("opens"),
        closes=reader.day("closes"),
        repeats=reader.whole("repeats", least=0, most=MOST_REPEATED, default=0),
        # Before there were others a mean was declared by the number of judges from which it is trimmed.
        aggregation=reader.choice(
            "aggregation", Aggregation, Aggregation.TRIMMED if trim_from else Aggregation.MEAN
        ),
        deliberation=reader.flag("deliberation", default=False),
    )


def _scheme(root: Reader) -> PrizeScheme | None:
    prizes = root.inner("prizes")
    before = len(root.problems)
    for tier in prizes.items("tiers"):
        tier.texts("name")
        tier.whole("count", least=1, most=1000)
        tier.whole("amount", least=0, most=10**9)
    if len(root.problems) > before:
        return None
    try:
        raw: dict[str, Any] = {key: prizes.value(key) for key in ("tiers", "winners", "budget")}
        return PrizeScheme.from_document(raw)
    except Invalid as refused:
        prizes.note(refused.field or "tiers", refused.code, **refused.facts)
        return None


def _retention(reader: Reader) -> Mapping[str, Period]:
    periods = {}
    for name in RETENTION:
        inner = reader.inner(name)
        period = Period(
            inner.whole("months", least=0, most=600, default=0),
            inner.whole("days", least=0, most=3660, default=0),
        )
        if period == Period(0, 0):
            period = RETENTION_UNSAID.get(name, period)
        if period == Period(0, 0):
            reader.note(name, "edition.period_missing")
        periods[name] = period
    return periods


def _consents(reader: Reader, *, keeps_network: bool) -> Mapping[ConsentKind, Mapping[str, ConsentText]]:
    consents: dict[ConsentKind, Mapping[str, ConsentText]] = {}
    for kind, names in PARTS.items():
        by_locale = reader.inner(kind.value)
        wordings: dict[str, ConsentText] = {}
        for locale in LOCALES:
            inner = by_locale.inner(locale)
            parts = tuple((name, inner.text(name)) for name in names)
            if keeps_network and kind in NETWORK_ASKED:
                parts = with_network(locale, parts)
            # A translation that lacks a part would hide it from the reader: Korean, whole, is shown instead.
            if locale == "ko" or all(text for _, text in parts):
                wordings[locale] = ConsentText(kind, locale, parts)
        consents[kind] = wordings
    return consents
