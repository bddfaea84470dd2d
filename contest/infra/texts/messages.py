"""What messages say: a title, a text for telephones, and where it differs a longer one for mail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from contest.domain.korean import day_text, instant_text
from contest.domain.messages import COMMON, STOP_LINK, Fact, form_of
from contest.domain.schedule import KST
from contest.infra.texts import mark, register, text

#: code -> (title, text message after the head, mail or "" where it says the same)
_MESSAGES: dict[str, tuple[str, str, str]] = {
    "A1": (
        mark("응모가 접수되었습니다"),
        mark("접수번호 {receipt}, {works}점이 접수되었습니다. 수정·철회는 {closes}까지: {link}"),
        mark(
            "{contest}에 응모해 주셔서 고맙습니다.\n\n접수번호: {receipt}\n작품 수: {works}점\n\n"
            "{closes}까지 아래 주소에서 확인, 수정, 철회하실 수 있습니다.\n{link}\n\n"
            "이 주소는 본인만 쓰는 주소입니다. 다른 사람에게 알려 주지 마세요."
        ),
    ),
    "A2": (
        mark("아직 제출하지 않으셨습니다"),
        mark(
            "작성 중인 응모가 아직 제출되지 않았습니다. {closes}까지 제출해야 접수됩니다. 이어 쓰기: {link}"
        ),
        "",
    ),
    "A3": (
        mark("응모 내용이 바뀌었습니다"),
        mark("접수번호 {receipt} 응모가 {at}에 {act} 처리되었습니다. 확인: {link}"),
        "",
    ),
    "A4": (
        mark("자녀의 응모에 동의가 필요합니다"),
        mark(
            "돌보시는 어린이가 {contest}에 응모하려고 합니다. {due}까지 동의해 주셔야 접수됩니다. 내용 확인과 동의: {link}"
        ),
        "",
    ),
    "A5": (
        mark("법정대리인 동의가 확인되었습니다"),
        mark("법정대리인 동의가 {at}에 확인되었습니다. 동의 철회 문의: {phone}"),
        "",
    ),
    "A6": (
        mark("응모 내용을 보완해 주세요"),
        mark("접수번호 {receipt} 응모에 보완이 필요합니다: {items}. {due}까지 고쳐 주세요. {link}"),
        "",
    ),
    "A7": (
        mark("보완 기한 안내"),
        mark("접수번호 {receipt}의 의견·보완 기한({due})이 {result}. 확인: {link}"),
        "",
    ),
    "A8": (
        mark("자격검토 결과 안내"),
        mark(
            "접수번호 {receipt}: 출품 규정에 맞지 않아 심사 대상에서 제외됩니다. 사유: {reasons} "
            "의견은 {due}까지 내실 수 있습니다: {link}"
        ),
        mark(
            "{contest}에 응모해 주셔서 고맙습니다.\n\n접수번호: {receipt}\n"
            "자격검토 결과 출품 규정에 맞지 않아 심사 대상에서 제외됩니다.\n사유: {reasons}\n\n"
            "의견이 있으시면 {due}까지 아래 주소에서 내시거나 전화({phone})로 알려 주세요.\n{link}"
        ),
    ),
    "A9": (
        mark("공모전 일정 변경 안내"),
        mark("{contest} 변경 안내. 변경 전: {before} / 변경 후: {after} / 사유: {reason}. 자세히: {link}"),
        "",
    ),
    "A10": (
        mark("개인정보 요청 처리 결과"),
        mark("요청하신 개인정보 {request}: {at}에 {result}. 문의 {phone}"),
        mark(
            "{contest}에 응모하며 남기신 개인정보에 대한 요청의 처리 결과를 알려 드립니다.\n\n"
            "요청: {request}\n결과: {at}에 {result}.\n\n"
            "삭제를 요청하셨다면 이 안내에 쓴 연락처도 보낸 뒤 지우며, 접수번호와 처리 기록만 남습니다.\n"
            "요청하신 적이 없다면 전화({phone})로 알려 주세요."
        ),
    ),
    "C1": (
        mark("공개검증 대상 안내(수상 확정 아님)"),
        mark(
            "접수번호 {receipt} '{title}'이(가) 공개검증 대상입니다. 기간: {opens}~{closes}. "
            "수상 확정이 아니니 외부 공개를 삼가 주세요. {link}"
        ),
        "",
    ),
    "C2": (
        mark("자료를 제출해 주세요"),
        mark("접수번호 {receipt}: {items}을(를) {due}까지 제출해 주세요. {link}"),
        "",
    ),
    "C3": (
        mark("작품에 대한 소명을 요청합니다"),
        mark(
            "접수번호 {receipt} 출품작에 확인할 일이 있습니다. {due}까지 소명을 내 주세요. 내용 확인과 제출: {link}"
        ),
        mark(
            "접수번호 {receipt} 출품작에 대하여 아래 내용의 소명을 요청합니다.\n\n{issue}\n\n"
            "기한: {due}\n제출: {link}\n\n기한까지 소명하지 않으시면 확인된 사실만으로 결정합니다."
        ),
    ),
    "C4": (
        mark("이의신청 처리 결과 안내"),
        mark("접수번호 {receipt}: 결정은 '{outcome}'입니다. 사유: {reason} 문의 {phone}, 확인: {link}"),
        "",
    ),
    "C5": (
        mark("차순위 승계 안내"),
        mark("접수번호 {receipt} 작품이 {tier} 후보로 승계되었습니다. {due}까지 확인해 주세요. {link}"),
        "",
    ),
    "W1": (
        mark("수상을 축하합니다"),
        mark("{name} 님, {tier} 수상을 축하합니다. 상금 {amount}원. 수상자 등록은 {due}까지: {link}"),
        mark(
            "{name} 님, 축하합니다.\n\n{contest}에서 {tier}을(를) 받으셨습니다.\n상금: {amount}원\n\n"
            "아래 주소에서 {due}까지 수상자 등록을 마쳐 주세요.\n{link}"
        ),
    ),
    "W2": (
        mark("수상자 등록을 마쳐 주세요"),
        mark("접수번호 {receipt}: {items} 등록이 필요합니다. 기한 {due}(D-{days}). {link}"),
        "",
    ),
    "W3": (
        mark("시상식·전시 안내"),
        mark("시상식·전시 안내. 일시: {at} / 장소: {place} / 준비물: {bring} / 문의: {phone}"),
        "",
    ),
    "W4": (
        mark("상금을 지급했습니다"),
        mark("상금 {amount}원을 {paid_on}에 등록하신 계좌로 지급했습니다. 문의 {phone}"),
        "",
    ),
    "W5": (
        mark("작품이 활용됩니다"),
        mark("작품 '{title}'이(가) {medium}에 활용됩니다. 기간: {period}. {link}"),
        "",
    ),
    "W6": (
        mark("이용허락 기간이 끝나 갑니다"),
        mark("작품 '{title}'의 이용허락이 {expires}에 끝납니다. 연장 여부를 알려 주세요: {link}"),
        "",
    ),
    "W7": (
        mark("수상 취소 및 상금 반환 안내"),
        mark(
            "접수번호 {receipt} 수상이 취소되었습니다. 사유: {reason} 근거: {basis}. "
            "상금 {amount}원을 {due}까지 반환해 주세요. 이의가 있으시면 {phone}(으)로 연락해 주세요."
        ),
        "",
    ),
    "L1": (
        mark("심사 결과 안내"),
        mark(
            "{contest} 결과가 발표되었습니다. 응모해 주셔서 고맙습니다. 결과: {link} 수상하지 않은 사진은 {erased_on}까지 폐기합니다."
        ),
        "",
    ),
    "L2": (
        mark("사진을 폐기했습니다"),
        mark("접수번호 {receipt}의 사진을 {at}에 폐기했습니다."),
        "",
    ),
    "N1": (
        mark("다음 공모전이 열렸습니다"),
        mark(
            "알려 달라고 하신 {contest} 소식입니다. 접수 {opens}~{closes}. 공고: {link} 그만 받기: {stop} 문의 {phone}"
        ),
        "",
    ),
    "R1": (
        mark("신고가 접수되었습니다"),
        mark("신고번호 {case}, 대상 작품 {entry}. {due}까지 처리합니다. 진행 확인: {link}"),
        "",
    ),
    "R2": (
        mark("신고 처리 안내"),
        mark("신고번호 {case}: {outcome}. {summary} 확인: {link}"),
        "",
    ),
    "J1": (
        mark("심사위원 위촉 안내"),
        mark("{contest} 심사위원으로 모십니다. 심사 {opens}~{closes}, 서약은 {due}까지. 들어가기: {link}"),
        mark(
            "{contest} 심사위원으로 모십니다.\n\n심사 기간: {opens}~{closes}\n서약 기한: {due}\n\n"
            "아래 주소로 들어가 비밀번호(PIN)를 정하고 서약을 마쳐 주세요.\n{link}\n\n"
            "이 주소는 위원님만 쓰는 주소입니다. 다른 사람에게 알려 주지 마세요."
        ),
    ),
    "J2": (
        mark("심사 진행 안내"),
        mark("{moment}. 배정 {assigned}점 중 {done}점 완료. 마감 {closes}: {link}"),
        "",
    ),
    "J3": (
        mark("다시 심사해 주세요"),
        mark("재심사 요청. 심사번호 {works}, 기한 {due}: {link}"),
        "",
    ),
    "J4": (
        mark("서명해 주세요"),
        mark("{document}을(를) 확인하고 {due}까지 서명해 주세요: {link}"),
        "",
    ),
    "J5": (
        mark("심사를 마쳤습니다"),
        mark(
            "심사를 마쳐 주셔서 고맙습니다. 수당 지급은 {office}({phone})에서 따로 안내합니다. 심사 내용은 공개하지 말아 주세요."
        ),
        "",
    ),
    "J6": (
        mark("남은 심사가 있습니다"),
        mark(
            "담당자가 알려 드립니다. 배정 {assigned}점 중 {done}점 완료. 다 매기셨으면 서명해 주세요. 마감 {closes}: {link}"
        ),
        "",
    ),
    "J7": (
        mark("심사를 다시 열었습니다"),
        mark("까닭이 있어 {round} 다시 열었습니다. {task} 마감 {closes}: {link}"),
        "",
    ),
    "J8": (
        mark("결선투표를 부탁드립니다"),
        mark("점수로 가려지지 않은 작품이 있어 결선투표를 엽니다. 심사번호 {works}, {due}까지: {link}"),
        "",
    ),
    "J9": (
        mark("심의를 부탁드립니다"),
        mark(
            "점수를 봉인하고 심의를 엽니다. 다른 위원의 점수와 의견을 보시고 {due}까지 서명해 주세요: {link}"
        ),
        "",
    ),
    "O1": (
        mark("접수 현황"),
        mark("접수 누적 {total}건, 오늘 {today}건, 확인 필요 {doubtful}건, 저장공간 {storage}: {link}"),
        "",
    ),
    "O2": (mark("자동검사 확인 필요"), mark("접수번호 {receipt}: {items} 확인이 필요합니다. {link}"), ""),
    "O3": (mark("심사 진행 확인"), mark("{judge} 위원: {matter}. {link}"), ""),
    "O4": (
        mark("이의신청을 확인해 주세요"),
        mark("이의신청 {case}(작품 {entry}). 처리 기한 {due}: {link}"),
        "",
    ),
    "O5": (mark("승인을 요청합니다"), mark("승인 요청: {matter} (요청 {asked_by}). {link}"), ""),
    "O6": (mark("발표 안내"), mark("발표 {at}, {count}건: {status}. {link}"), ""),
    "O7": (
        mark("발송 실패"),
        mark("메시지 {total}건 가운데 {failed}건을 보내지 못했습니다. 사유: {reason}. {link}"),
        "",
    ),
    "O8": (mark("개인정보 처리 알림"), mark("{account}: 개인정보 {count}건. 사유: {reason}. {link}"), ""),
    "O9": (mark("기간이 다 된 자료"), mark("{subject}: {on}까지 {matter}. {link}"), ""),
}

_WORDS = {
    "edited": mark("수정"),
    "replaced": mark("사진 교체"),
    "reissued": mark("주소 재발급"),
    "withdrawn": mark("철회"),
    "withdrawal_asked": mark("철회 요청"),
    "near": mark("다가왔습니다"),
    "passed": mark("지났습니다"),
    "view": mark("열람"),
    "correct": mark("정정"),
    "erase": mark("삭제"),
    "done": mark("처리했습니다"),
    "partly": mark("일부 처리했습니다"),
    "refused": mark("처리할 수 없었습니다"),
    "kept": mark("유지"),
    "excluded": mark("제외"),
    "incomplete": mark("보완이 필요합니다"),
    "dismissed": mark("심사 결과를 유지합니다"),
    "upheld": mark("신고 내용을 받아들였습니다"),
    "begun": mark("심사가 시작되었습니다"),
    "remaining": mark("아직 심사하지 않은 작품이 있습니다"),
    "closing": mark("심사 마감이 다가옵니다"),
    "scheduled": mark("예약됨"),
    "unapproved": mark("승인 전"),
    "held": mark("보류됨"),
    "published": mark("발표 완료"),
    "failed": mark("발표 실패"),
}

register({f"message.{code}.title": title for code, (title, _, _) in _MESSAGES.items()})
register({f"message.{code}.sms": sms for code, (_, sms, _) in _MESSAGES.items()})
register({f"message.{code}.mail": mail or sms for code, (_, sms, mail) in _MESSAGES.items()})
register({f"message.word.{word}": sentence for word, sentence in _WORDS.items()})
register(
    {
        "message.head": mark("[{prefix}]"),
        "message.advertisement": mark("(광고)"),
        "message.foot": mark("이 메일은 보내기만 하는 주소에서 보냈습니다. 문의: {office} {phone}"),
        "message.held": mark("정해진 시각까지 기다리는 메시지입니다. 그 시각 전에는 보낼 수 없습니다."),
        "message.none_due": mark("지금 내려받을 문자가 없습니다."),
        "message.batch_missing": mark(
            "그 내려받기 묶음이 없거나 남은 문자가 없습니다. 화면을 새로 고쳐 주세요."
        ),
        "message.state": mark("이미 보냈거나 취소된 메시지입니다. 화면을 새로 고쳐 확인해 주세요."),
        "message.not_failed": mark("다시 보낼 실패 메시지가 없습니다."),
        "message.no_address": mark(
            "내 계정에 전자우편 주소가 없습니다. 시스템관리자에게 주소를 등록해 달라고 하세요."
        ),
        "message.not_delivered": mark(
            "시험 메일을 보내지 못했습니다({reason}). 메일 서버 설정을 확인해 주세요."
        ),
    }
)

_SPACE = re.compile(r"\s+")


def render(code: str, locale: str, facts: Mapping[str, Fact]) -> tuple[str, str, str]:
    """(title, text message, mail) of a message; `{link}` markers stay for the moment of sending.

    facts: every variable of the code and of COMMON; `link` replaces the link of the table.
    Text that people wrote comes out on one line, without control characters.
    Telephones hold no Chinese characters outside EUC-KR: to a reader of Chinese the text is English.
    Raises ValueError where a variable is missing or not declared.
    """
    form = form_of(code)
    expected = {*form.variables, *COMMON}
    if expected - facts.keys() or facts.keys() - expected - {"link"}:
        wrong = sorted(expected.symmetric_difference(facts.keys() - {"link"}))
        raise ValueError(f"message {code} takes exactly {sorted(expected)}; differing: {wrong}")
    link = str(facts.get("link") or form.link or "")
    link = f"{{link:{link}}}" if link.startswith("/") else link  # completed when sent, as private ones are
    sms_locale = "en" if locale == "zh" else locale

    def said(language: str) -> dict[str, str]:
        shown = {
            name: text(language, f"message.word.{value}") if name in form.words else _shown(value, language)
            for name, value in facts.items()
            if name != "link"
        }
        return {**shown, "link": link, "stop": STOP_LINK}

    head = text(sms_locale, "message.head", **said(sms_locale))
    if form.is_promotional:
        head = text(sms_locale, "message.advertisement") + head
    mail_facts, sms_facts = said(locale), said(sms_locale)
    title = f"[{mail_facts['prefix']}] {text(locale, f'message.{code}.title', **mail_facts)}"
    sms = f"{head} {text(sms_locale, f'message.{code}.sms', **sms_facts)}"
    body = text(locale, f"message.{code}.mail", **mail_facts)
    foot = text(locale, "message.foot", **mail_facts)
    return title, sms.strip(), f"{body.strip()}\n\n-- \n{foot}\n"


def _shown(value: Fact, locale: str) -> str:
    """A fact as it is read: Korean office dates, ISO dates elsewhere; text on one line."""
    if isinstance(value, datetime):
        return instant_text(value) if locale == "ko" else f"{value.astimezone(KST):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return day_text(value) if locale == "ko" else value.isoformat()
    if isinstance(value, int):
        return f"{value:,}"
    joined = ", ".join(value) if isinstance(value, tuple) else value
    # Nothing that a person wrote may open a line, a header or a link of its own.
    plain = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in joined)
    return _SPACE.sub(" ", plain).strip().replace("{link", "{ link")
