"""Staff: operator, approver and auditor at their own pages, entered with one click as a demonstration allows."""

from __future__ import annotations

import datetime as dt
import re

from flask import Flask

from contest.rehearsal.browser import Browser, Refused
from contest.rehearsal.entrants import Entrant, form_with
from contest.rehearsal.jury import Juror

OK = 200


class Office:
    """The contest's staff and what they do between the call and the announcement."""

    def __init__(self, app: Flask) -> None:
        self.operator = self._enter(app, "운영자")
        self.approver = self._enter(app, "승인자")
        self.auditor = self._enter(app, "감사")
        self.administrator = self._enter(app, "시스템관리자")

    @staticmethod
    def _enter(app: Flask, role: str) -> Browser:
        browser = Browser(app, address="10.250.0.1")
        page = browser.open("/sign-in")
        form = next(
            form for form in page.forms if any(label.startswith(role) for _, _, label in form.buttons)
        )
        return page.submit(form)

    def move_clock(self, to: dt.datetime) -> None:
        """Move contest time forward on the demonstration's clock page; an earlier time is left alone."""
        page = self.operator.open("/staff/clock")
        shown = re.search(r'datetime="([^"]+)"', page.body.decode())
        if shown and dt.datetime.fromisoformat(shown.group(1)) >= to:
            return
        page.submit(page.find("옮기기"), {"at": to.isoformat()})

    def screen(self, unfit: dict[str, str]) -> tuple[int, int, int]:
        """Take the clean works together, look at every doubt, propose and confirm what is unfit.

        unfit: entry number -> reason code. Returns (taken together, looked at one by one, unfit).
        """
        together = self._take_clean()
        alone = refused = 0
        page = self.operator
        for address in self.queue():
            page.open(address)
            number = re.search(r"\d{4}-\d{2}-\d{4}-\d+", page.text)
            reason = unfit.get(number.group()) if number else None
            alone += 1
            if reason:
                form = form_with(page, "note")
                page.submit(form, {"reason": reason, "note": "공고의 응모 규칙에 따른 결정입니다."})
                refused += 1
            else:
                page.submit(page.find("fit-form"))
        for address in self.queue("proposed"):
            approver = self.approver.open(address)
            if approver.has("부적합 승인"):
                approver.submit(approver.find("부적합 승인"), press="부적합 승인")
        return together, alone, refused

    def _take_clean(self) -> int:
        taken = 0
        page = self.operator.open("/staff/screening/clean")
        while any("entry" in form.choices for form in page.forms):
            form = form_with(page, "entry")
            taken += len(form.values["entry"])
            page.submit(form).open("/staff/screening/clean")
        return taken

    def queue(self, view: str = "doubtful") -> list[str]:
        """The addresses of the works that wait in a view of the screening queue."""
        found: dict[str, None] = {}
        number = 1
        while True:
            page = self.operator.open(f"/staff/screening?view={view}&page={number}")
            links = [
                address
                for address, _ in page.links
                if re.fullmatch(r"/staff/screening/[a-z0-9]{20,}(\?.*)?", address)
            ]
            if not links or links[0] in found:
                return list(found)
            found.update(dict.fromkeys(links))
            number += 1

    def advance(self, stage_name: str) -> None:
        """Take the contest to its next stage on the stage page, unless it is there; the approver's act."""
        if self.has_reached(stage_name):
            return
        page = self.approver
        if not page.has(f"{stage_name} 단계로 넘기기"):
            raise Refused(page.status, page.path, page.text.partition("다음 단계")[2])
        page.submit(page.find(f"{stage_name} 단계로 넘기기"), press=f"{stage_name} 단계로 넘기기")

    def has_reached(self, stage_name: str) -> bool:
        """Whether the contest stands in a stage."""
        return self.approver.open("/staff/stage").says(f"지금은 ‘{stage_name}’ 단계입니다")

    def appoint(self, jurors: list[Juror], *, has_chair: bool = False) -> None:
        """Appoint judges, choose the first as chair unless there is one, hand over the links."""
        page = self.operator
        for number, juror in enumerate(jurors):
            page.open("/staff/panel/appoint")
            page.submit(
                form_with(page, "affiliation"),
                {
                    "name": juror.name,
                    "affiliation": juror.affiliation,
                    "is_external": "yes" if juror.is_external else "no",
                    "phone": f"010-9000-{number:04d}",
                },
            )
            juror.seat = page.path
            if number == 0 and not has_chair:
                page.submit(page.find("위원장으로 정하기"), press="위원장으로 정하기").open(juror.seat)
            self._invite(juror)

    def seats(self) -> dict[str, tuple[str, bool]]:
        """The address of every seat that is taken: the judge's name, and whether it is the chair's."""
        found = {}
        page = self.operator.open("/staff/panel")
        for address in dict.fromkeys(
            a for a, _ in page.links if re.fullmatch(r"/staff/panel/[a-z0-9]{20,}", a)
        ):
            page.open(address)
            name = re.search(r"<h1[^>]*>\s*(.+?) 위원\s*<", page.body.decode())
            if name and page.says("초대 링크"):
                found[address] = (name.group(1), page.says(", 위원장"))
        return found

    def invite_anew(self, juror: Juror) -> None:
        """Take a link to a seat whoever sits on it, in place of any that was handed over."""
        page = self.operator.open(juror.seat)
        if not page.says("새 링크로 바꾸기"):
            self._invite(juror)
            return
        page.follow("/reissue")
        page.submit(page.find("새 링크 만들기"))
        self._take_link(juror)

    def _invite(self, juror: Juror) -> None:
        """Send the invitation from the seat, and take the link that is handed over."""
        page = self.operator.open(juror.seat)
        page.submit(page.find("초대 링크 보내고 보기"), press="초대 링크 보내고 보기")
        self._take_link(juror)

    def _take_link(self, juror: Juror) -> None:
        page = self.operator
        link = re.search(r'id="judge-link">([^<]+)<', page.body.decode())
        if link is None:
            raise Refused(page.status, page.path, page.text)
        juror.link = link.group(1).strip()

    def replace(self, late: Juror, heir: Juror, reason: str) -> None:
        """Give the seat of a judge whose scores do not come to another: both have read what it does."""
        page = self.operator.open("/staff/judging/repair").follow(f"{late.name} 위원을 새 위원으로")
        page.submit(
            form_with(page, "shown"),
            {
                "name": heir.name,
                "affiliation": heir.affiliation,
                "is_external": "yes" if heir.is_external else "no",
                "phone": "010-9100-0001",
                "reason": reason,
            },
        )
        approver = self.approver.open("/staff/judging/repair")
        approver.submit(approver.find("확인하고 적용하기"), press="확인하고 적용하기")
        heir.seat = self.operator.open("/staff/panel").follow(heir.name).path
        self._invite(heir)

    def deal_missing(self) -> None:
        """Deal works that a judge stepped back from to others, where so many have to judge a work."""
        page = self.operator.open("/staff/judging")
        if page.has("모자라는 작품 더 나누기"):
            page.submit(page.find("모자라는 작품 더 나누기"))

    def close_judging(self) -> None:
        """Seal the scores."""
        page = self.operator.open("/staff/judging/close")
        if not page.has("심사를 마감하고"):
            raise Refused(page.status, page.path, page.text)
        page.submit(page.find("심사를 마감하고"), press="심사를 마감하고 점수를 봉인하기")

    def deliberates(self) -> bool:
        """Whether scores are sealed and the panel has still to deliberate."""
        return self.operator.open("/staff/judging").says("심의가 남았습니다")

    def open_deliberation(self) -> None:
        """Show the panel its sealed scores, until the time that the page proposes, unless it sees them."""
        page = self.operator.open("/staff/judging/deliberation")
        if page.has("심의 열기"):
            page.submit(page.find("심의 열기"), press="심의 열기")

    def close_deliberation(self) -> None:
        """Look at what was revised and seal the scores again."""
        page = self.operator.open("/staff/judging/deliberation")
        if not page.has("심의를 마감하고"):
            raise Refused(page.status, page.path, page.text)
        page.submit(page.find("심의를 마감하고"), press="심의를 마감하고 점수를 다시 봉인하기")

    def close_votes(self) -> int:
        """Seal the votes and confirm who goes on as the page says; how many."""
        page = self.operator.open("/staff/judging/close")
        if not page.has("표를 봉인하기"):
            raise Refused(page.status, page.path, page.text)
        page.submit(page.find("표를 봉인하기"))
        self.operator.open("/staff/judging/select")
        said = re.search(r"(\d+)점을 올리고", page.text)
        page.submit(form_with(page, "shown"))
        return int(said.group(1)) if said else 0

    def ask_chair(self) -> bool:
        """Ask the chair about ties that remain; whether there were any."""
        self.operator.open("/staff/results")
        page = self.operator.open("/staff/judging")
        asked = False
        while page.has("/ask-chair"):
            page.submit(page.find("/ask-chair"))
            asked = True
            break
        return asked

    def open_runoffs(self) -> int:
        """Ask the panel about every tie that decides something; how many."""
        self.operator.open("/staff/results")
        page = self.operator.open("/staff/judging/runoff", expect=(200, 404))
        opened = 0
        while page.says("결선투표 필요"):
            page.submit(page.find("결선투표 열기"), press="결선투표 열기")
            opened += 1
        return opened

    def count_runoffs(self) -> int:
        """Count every run-off in which all have voted; how many."""
        page = self.operator.open("/staff/judging/runoff")
        counted = 0
        while page.has("개표하고 표를 봉인하기"):
            page.submit(page.find("개표하고 표를 봉인하기"))
            counted += 1
        return counted

    def approve_publication(self) -> None:
        """The approver approves the announcement."""
        page = self.approver.open("/staff/publication")
        form = form_with(page, "seen")
        page.submit(form, {"seen": form.choices["seen"][0]}, press="발표 승인")

    def hold_and_resume(self) -> None:
        """Hold the announcement, then let it go on."""
        page = self.operator.open("/staff/publication")
        form = form_with(page, "hold-reason")
        page.submit(form, {"hold-reason": "연습: 보류해 봅니다.", "hold-notice": ""}, press="발표 보류")
        approver = self.approver.open("/staff/publication")
        approver.submit(approver.find("보류 풀기"), press="보류 풀기")

    def doubtful(self, receipts: set[str]) -> int:
        """How many works of these receipts the checks held as doubtful."""
        held = 0
        for address in self.queue():
            page = self.operator.open(address)
            number = re.search(r"(\d{4}-\d{2}-\d{4})-\d+", page.text)
            held += bool(number and number.group(1) in receipts)
        return held

    def allocate(self) -> None:
        """Give the provisional prizes."""
        page = self.operator.open("/staff/results")
        page.submit(page.find("상격 배정"), press="상격 배정")

    def prizes(self) -> tuple[int, int]:
        """How many works hold a prize and what they cost, read from the results page."""
        page = self.auditor.open("/staff/results")
        count = re.search(r"수상 (\d+) ?점", page.text)
        total = re.search(r"상금 합계 ([\d,]+) ?원", page.text)
        return int(count.group(1)) if count else 0, int(total.group(1).replace(",", "")) if total else 0

    def prize_works(self) -> list[str]:
        """The entry numbers that hold a prize, best first, as the results page lists them."""
        page = self.auditor.open("/staff/results")
        return list(dict.fromkeys(re.findall(r"\d{4}-\d{2}-\d{4}-\d", page.text)))

    def cases(self) -> list[str]:
        """The addresses of every case."""
        page = self.operator.open("/staff/cases")
        return list(dict.fromkeys(a for a, _ in page.links if re.fullmatch(r"/staff/cases/[a-z0-9]{20,}", a)))

    def handle(self, address: str, *, exclude: bool, people: list[Entrant]) -> Entrant | None:
        """Take a case, look into it, and where it matters ask the entrant; who was asked."""
        page = self.operator.open(address)
        page.submit(page.find("이 사건 맡기"), press="이 사건 맡기")
        if page.has("조사"):
            page.submit(page.find("조사"))
        if not exclude:
            return None
        page.submit(
            form_with(page, "question"),
            {"question": "이 사진을 직접 찍으셨는지, 다른 공모전에 낸 적이 있는지 알려 주세요."},
        )
        number = re.search(r"(\d{4}-\d{2}-\d{4})-\d", page.text)
        receipt = number.group(1) if number else ""
        return next((person for person in people if person.receipt == receipt), None)

    def decide(self, address: str, *, exclude: bool) -> None:
        """Propose the decision with its preview, and have the approver confirm it."""
        page = self.operator.open(address)
        if page.has("조사 재개"):
            page.submit("조사 재개", press="조사 재개")
        form = form_with(page, "outcome")
        said = {
            "outcome": "exclude" if exclude else "dismiss",
            "reason": "제출된 근거와 소명을 검토한 결과입니다.",
        }
        page.submit(form, said)
        if exclude and page.has("이 결과로 결정안 올리기"):
            page.submit(form_with(page, "outcome"), said, press="propose")
        approver = self.approver.open(address)
        approver.submit(approver.find("이대로 결정"), press="이대로 결정")
