"""The only loader for judges: exactly the columns of a blind entry, never a word about who entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from contest.domain.errors import Denied, Missing
from contest.domain.ruleset import RUNOFF, Shown
from contest.domain.stages import Stage
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo, Rendition
from contest.queries.editions import get_edition, rules_of
from judging.domain.deliberation import Window
from judging.domain.desk_keys import DeskKeys
from judging.domain.pledges import PledgeKind
from judging.domain.round_rule import RoundRule, rule_deliberates
from judging.models.deliberation import Deliberation, DeliberationSignature
from judging.models.panel import Judge, Pledge
from judging.models.round import Completion, JudgeWork, Round, RoundState
from judging.models.runoff import RunoffWork
from judging.queries.scorecards import own_cards, visible


@dataclass(frozen=True)
class Seat:
    """The seat of the judge who asks; `rule` is None until a round that the judge sits in opens."""

    judge_id: str
    edition_id: str
    is_chair: bool
    stage: Stage
    opens: dt.datetime | None
    closes: dt.datetime | None
    round_id: str | None
    round_state: RoundState | None
    rule: RoundRule | None = field(hash=False)
    pledged: frozenset[str]
    completed_at: dt.datetime | None
    signed_text: str | None = None
    keys: DeskKeys = field(default_factory=DeskKeys, hash=False)
    deliberation: Window | None = None  # between the two seals of a round that deliberates, and after
    deliberated_at: dt.datetime | None = None

    @property
    def has_pledged(self) -> bool:
        """Whether every paper is signed; no work is shown before."""
        return self.pledged >= set(PledgeKind)

    def is_open(self, now: dt.datetime) -> bool:
        """Whether scores are taken now: in [opens, closes), until the judge signed or the round is sealed."""
        return self.may_sign(now) and not self.is_over(now)

    def is_over(self, now: dt.datetime) -> bool:
        """Whether the announced end of judging has come; an amendment may move it."""
        return self.closes is not None and now >= self.closes

    def may_sign(self, now: dt.datetime) -> bool:
        """Whether the judge may still sign: also after the end, so that whole scores are not lost to a late hand."""
        return (
            self.stage is Stage.JUDGING
            and self.round_state is RoundState.OPEN
            and (self.opens is None or now >= self.opens)
            and self.completed_at is None
        )

    @property
    def has_run_offs(self) -> bool:
        """Whether the panel may be asked to order works that stayed equal: the round is sealed and said so."""
        return self.round_state is RoundState.SEALED and self.rule is not None and RUNOFF in self.rule.ties

    @property
    def may_follow_deliberation(self) -> bool:
        """Whether the panel's sealed scores and notes are shown: staff have opened the deliberation."""
        return self.has_pledged and self.deliberation is not None and self.deliberation.opens is not None

    def may_revise(self, now: dt.datetime) -> bool:
        """Whether remarks and revisions are taken from this judge now."""
        return (
            self.may_follow_deliberation
            and self.stage is Stage.JUDGING
            and self.deliberation is not None
            and self.deliberation.takes(now)
            and self.deliberated_at is None
        )

    def may_look(self, now: dt.datetime) -> bool:
        """Whether works are shown: the round has begun and the pledges are signed."""
        return self.round_id is not None and self.has_pledged and (self.opens is None or now >= self.opens)


@dataclass(frozen=True)
class BlindEntry:
    """A work as its judge meets it: pixels, a code, the screened words the edition shows, the judge's own marks."""

    work_id: str
    code: str
    title: str | None
    description: str | None
    place: str | None
    image_token: str
    zoom_token: str
    width: int
    height: int
    original_side: int
    note: str | None
    flagged: bool
    levels: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True)
class Tile:
    """A work on the contact sheet."""

    work_id: str
    number: int
    code: str
    image_token: str
    flagged: bool
    has_note: bool
    levels: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True)
class Picture:
    """A rendition to be streamed: its id, size and the digest of its bytes."""

    rendition_id: str
    size: int
    sha256: str


def seat_of(session: Session, account_id: str | None) -> Seat:
    """The newest seat of a judge's account. Raises Missing without one, Denied `judge.released`."""
    found = session.execute(
        select(Judge, Edition.stage, Edition.judging_opens, Edition.judging_closes, Round)
        .join(Edition, Edition.id == Judge.edition_id)
        .outerjoin(Round, Round.edition_id == Judge.edition_id)
        .where(Judge.account_id == account_id)
        .order_by(Edition.year.desc(), Edition.number.desc(), Round.ordinal.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        raise Missing("missing")
    judge, stage, opens, closes, newest = found
    if judge.released_at is not None:
        raise Denied("judge.released")
    pledged = session.scalars(select(Pledge.kind).where(Pledge.judge_id == judge.id)).all()
    if newest is not None:
        opens = max((at for at in (opens, newest.opens_at) if at is not None), default=None)
        closes = min((at for at in (closes, newest.closes_at) if at is not None), default=None)
    rule = RoundRule.from_document(newest.rule) if newest else None
    sits = rule is not None and rule.panel.takes(is_external=judge.is_external)
    held = newest if sits else None
    signed_at, signed_text = None, None
    if held is not None:
        done = session.execute(
            select(Completion.signed_at, Completion.text).where(
                Completion.round_id == held.id, Completion.judge_id == judge.id
            )
        ).one_or_none()
        signed_at, signed_text = done or (None, None)
    window, deliberated_at = _deliberation(session, held, judge.id) if held is not None else (None, None)
    return Seat(
        judge_id=judge.id,
        edition_id=judge.edition_id,
        is_chair=judge.is_chair,
        stage=stage,
        opens=opens,
        closes=closes,
        round_id=held.id if held else None,
        round_state=held.state if held else None,
        rule=rule if sits else None,
        pledged=frozenset(pledged),
        completed_at=signed_at,
        signed_text=signed_text,
        keys=DeskKeys.from_document(judge.desk_keys),
        deliberation=window,
        deliberated_at=deliberated_at,
    )


def _deliberation(session: Session, held: Round, judge_id: str) -> tuple[Window | None, dt.datetime | None]:
    """The time of the round's deliberation, and when the judge signed its end; asked only where it deliberates."""
    if held.state is RoundState.OPEN or not RoundRule.from_document(held.rule).deliberates:
        return None, None
    row, signed_at = session.execute(
        select(Deliberation, DeliberationSignature.signed_at)
        .outerjoin(
            DeliberationSignature,
            (DeliberationSignature.round_id == Deliberation.round_id)
            & (DeliberationSignature.judge_id == judge_id),
        )
        .where(Deliberation.round_id == held.id)
    ).one()
    return Window(row.sealed_at, row.opened_at, row.ends_at, row.closed_at), signed_at


def contest_title(session: Session, seat: Seat) -> str:
    """The contest's Korean title, as the papers name it."""
    return rules_of(get_edition(session, seat.edition_id)).texts.get("ko", "title")


def meets_works_twice(session: Session, seat: Seat) -> bool:
    """Whether some works come twice in any round, as the papers tell every judge."""
    return rules_of(get_edition(session, seat.edition_id)).has_repeats


def is_shared(session: Session, seat: Seat) -> bool:
    """Whether a round of the contest deliberates, so that its notes are shown to the panel."""
    rounds = rules_of(get_edition(session, seat.edition_id)).rounds
    return any(rule_deliberates(one) for one in rounds)


def tiles(session: Session, seat: Seat) -> list[Tile]:
    """Every work of a judge in the judge's own order."""
    assert seat.round_id is not None
    cards = own_cards(session, seat.round_id, seat.judge_id)
    rows = session.execute(
        visible(JudgeWork.id, JudgeWork.code, JudgeWork.image_token, JudgeWork.flagged, JudgeWork.note)
        .where(JudgeWork.round_id == seat.round_id, JudgeWork.judge_id == seat.judge_id)
        .order_by(JudgeWork.position)
    )
    return [
        Tile(work, number, code, token, flagged, bool(note), cards.get(work, {}))
        for number, (work, code, token, flagged, note) in enumerate(rows, start=1)
    ]


def blind_entry(session: Session, seat: Seat, work_id: str) -> BlindEntry:
    """One work of the judge's. Raises Missing for every other, stepped back from or withdrawn ones included."""
    found = blind_entries(session, seat, [work_id])
    if not found:
        raise Missing("missing")
    return found[0]


def check_work(session: Session, seat: Seat, work_id: str) -> None:
    """Raises Missing where blind_entry does."""
    mine = JudgeWork.id == work_id, JudgeWork.round_id == seat.round_id, JudgeWork.judge_id == seat.judge_id
    if session.scalar(visible(JudgeWork.id).where(*mine)) is None:
        raise Missing("missing")


def blind_entries(session: Session, seat: Seat, works: Sequence[str]) -> list[BlindEntry]:
    """Those of the works that exist for the judge, in the judge's own order."""
    assert seat.round_id is not None
    assert seat.rule is not None
    shows = seat.rule.shows
    columns = {
        Shown.TITLE: Entry.screened_title,
        Shown.DESCRIPTION: Entry.screened_description,
        Shown.PLACE: Entry.screened_place,
    }
    asked = [kind for kind in columns if kind in shows]
    judged = aliased(Rendition)
    rows = session.execute(
        visible(
            JudgeWork.id, JudgeWork.code, JudgeWork.image_token, JudgeWork.zoom_token, judged.width,
            judged.height, Photo.width, Photo.height, JudgeWork.note, JudgeWork.flagged,
            *(columns[kind] for kind in asked),
        )
        .join(Photo, Photo.id == Entry.photo_id)
        .outerjoin(judged, (judged.photo_id == Entry.photo_id) & (judged.kind == "judge"))
        .where(
            JudgeWork.id.in_(works),
            JudgeWork.round_id == seat.round_id,
            JudgeWork.judge_id == seat.judge_id,
        )
        .order_by(JudgeWork.position)
    ).all()  # fmt: skip
    cards = own_cards(session, seat.round_id, seat.judge_id, works) if rows else {}
    found: list[BlindEntry] = []
    for work, code, image, zoom, width, height, across, down, note, flagged, *words in rows:
        said = dict(zip(asked, words, strict=True))
        found.append(
            BlindEntry(
                work_id=work,
                code=code,
                title=said.get(Shown.TITLE),
                description=said.get(Shown.DESCRIPTION),
                place=said.get(Shown.PLACE),
                image_token=image,
                zoom_token=zoom,
                width=width or 0,
                height=height or 0,
                original_side=max(across or 0, down or 0),
                note=note,
                flagged=flagged,
                levels=cards.get(work, {}),
            )
        )
    return found


def picture_of(session: Session, seat: Seat, token: str, kinds: tuple[str, ...]) -> Picture:
    """The judge's own copy of a picture, the first of the kinds that was made. Raises Missing."""
    column = JudgeWork.zoom_token if kinds[0] == "zoom" else JudgeWork.image_token
    rows = session.execute(
        visible(Rendition.kind, Rendition.id, Rendition.bytes, Rendition.sha256)
        .join(Rendition, Rendition.photo_id == Entry.photo_id)
        .where(
            column == token,
            JudgeWork.judge_id == seat.judge_id,
            JudgeWork.round_id == seat.round_id,
            Rendition.kind.in_(kinds),
        )
    ).all()
    rows = rows or session.execute(_run_off_pictures(seat, token, kinds)).all()
    for kind in kinds:
        for row in rows:
            if row.kind == kind:
                return Picture(row.id, row.bytes, row.sha256)
    raise Missing("missing")


def _run_off_pictures(seat: Seat, token: str, kinds: tuple[str, ...]) -> Select[str, str, int, str]:
    """The renditions of a tied work under the name that the judge has for it in a run-off."""
    column = RunoffWork.zoom_token if kinds[0] == "zoom" else RunoffWork.image_token
    return (
        select(Rendition.kind, Rendition.id, Rendition.bytes, Rendition.sha256)
        .select_from(RunoffWork)
        .join(Entry, Entry.id == RunoffWork.entry_id)
        .join(Rendition, Rendition.photo_id == Entry.photo_id)
        .where(
            column == token,
            RunoffWork.judge_id == seat.judge_id,
            Entry.state == EntryState.FIT,
            Rendition.kind.in_(kinds),
        )
    )
