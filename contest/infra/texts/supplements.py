"""Sentences of 보완요청: what is asked, refusals."""

from contest.infra.texts import mark, register

register(
    {
        "supplement.item.portrait": mark("사진 속 인물의 초상권 사용 동의서"),
        "supplement.item.guardian": mark("보호자의 서명이 있는 동의서"),
        "supplement.item.drone": mark("드론 비행·촬영 승인 서류"),
        "supplement.item.place": mark("촬영 장소를 확인할 수 있는 자료"),
        "supplement.item.capture": mark("촬영 일시를 확인할 수 있는 자료"),
        "supplement.item.authorship": mark("직접 찍었음을 확인할 수 있는 자료"),
        "supplement.item.signed_form": mark("서명한 응모신청서"),
        "supplement.item.other": mark("그 밖의 자료"),
        "supplement.items_missing": mark("보완할 것을 하나 이상 골라 주세요."),
        "supplement.note_missing": mark("'그 밖의 자료'는 응모자가 알 수 있게 내용을 적어 주세요."),
        "supplement.note_length": mark("설명은 {most}자까지 적을 수 있습니다. 지금은 {length}자입니다."),
        "supplement.due": mark("기한은 지금보다 뒤이고 심사가 시작되기 전이어야 합니다. 다시 정해 주세요."),
        "supplement.open": mark("이 작품에 아직 끝나지 않은 보완 요청이 있습니다. 먼저 끝내 주세요."),
        "supplement.closed": mark("보완 기한이 지났거나 요청이 끝났습니다. 담당 부서로 전화해 주세요."),
        "supplement.empty": mark("파일을 고르거나 설명을 적어 주세요."),
        "supplement.file_kind": mark(
            "PDF나 사진(JPG, PNG) 파일만 낼 수 있습니다. 서류를 사진으로 찍어 내셔도 됩니다."
        ),
        "supplement.file_size": mark(
            "한 파일은 {most}MB까지 낼 수 있습니다. 더 작게 저장하거나 나누어 내 주세요."
        ),
        "supplement.file_count": mark("파일은 모두 {most}개까지 낼 수 있습니다."),
    }
)
