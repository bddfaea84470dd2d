"""Sentences of the pages on submissions, and what the trail says of screening."""

from contest.infra.texts import mark, register

register(
    {
        "search.empty": mark("접수번호, 이름 또는 전화번호를 입력해 주세요."),
        "withdrawal.judging": mark(
            "심사가 시작되어 이곳에서 철회할 수 없습니다. 수상후보작 화면에서 제외로 처리해 주세요."
        ),
        "walk_in.consent": mark("방문하신 분의 개인정보 수집·이용 동의를 확인하고 표시해 주세요."),
        "paper_kind.guardian": mark("법정대리인 동의서"),
        "paper_kind.drone": mark("드론 승인 서류"),
        "paper_kind.portrait": mark("초상권 동의서"),
        "submission_state.draft": mark("작성 중"),
        "submission_state.awaiting_guardian": mark("보호자 동의 대기"),
        "submission_state.submitted": mark("접수"),
        "submission_state.withdrawn": mark("철회"),
        "entry_state.draft": mark("작성 중"),
        "entry_state.submitted": mark("검토 전"),
        "entry_state.fit": mark("적합"),
        "entry_state.unfit": mark("부적합"),
        "entry_state.withdrawn": mark("철회"),
        "consent_name.privacy": mark("개인정보 수집·이용"),
        "consent_name.licence": mark("저작권 이용허락"),
        "consent_name.pledge": mark("응모자 서약"),
        "consent_name.portrait": mark("초상권 확인"),
        "consent_name.guardian": mark("법정대리인 동의"),
        "consent_name.name_publication": mark("수상 시 이름 공개"),
        "consent_name.next_contest": mark("다음 공모전 안내"),
        "consent_name.open_licence": mark("공공누리 개방"),
    }
)
