"""Sentences on the announcement: approval, hold, correction, exhibition."""

from __future__ import annotations

from contest.infra.texts import mark, register

register(
    {
        "publication.not_decided": mark("결과가 아직 확정되지 않았습니다. 상격 배정을 먼저 확정해 주세요."),
        "publication.picture_missing": mark("보여 줄 사진이 준비되지 않은 수상작이 있습니다: {entries}."),
        "publication.own_work": mark(
            "발표 내용을 준비한 사람은 승인할 수 없습니다. 다른 승인자가 승인해 주세요."
        ),
        "publication.approved_already": mark(
            "이미 승인된 발표입니다. 고치려면 승인자가 승인을 먼저 거두어야 합니다."
        ),
        "publication.not_approved": mark("승인된 발표가 없습니다. 화면을 새로 고쳐 확인해 주세요."),
        "publication.blocked": mark("아직 승인할 수 없습니다. 해결할 일이 {count}가지 있습니다."),
        "publication.changed": mark(
            "화면을 연 뒤에 발표 내용이 바뀌었습니다. 바뀐 내용을 확인하고 다시 승인해 주세요."
        ),
        "publication.held": mark("발표가 보류되어 있습니다. 승인자가 보류를 먼저 풀어야 합니다."),
        "publication.not_held": mark("보류된 발표가 없습니다. 화면을 새로 고쳐 확인해 주세요."),
        "publication.public": mark(
            "이미 발표되었습니다. 발표된 작품은 작품마다 게시를 중단하거나 정정할 수 있습니다."
        ),
        "publication.not_public": mark("아직 발표되지 않았습니다."),
        "publication.retracted": mark("게시를 중단한 작품입니다."),
        "publication.nothing_changed": mark("바뀐 내용이 없습니다. 고칠 칸을 바꾼 뒤 다시 눌러 주세요."),
        "publication.text_missing": mark("이 칸은 비울 수 없고 {most}자까지 적을 수 있습니다."),
        "publication.reason": mark("사유를 다섯 글자 이상 적어 주세요."),
        "publication.minute_early": mark("발표 일시가 이미 지났습니다. 지금보다 뒤의 일시를 적어 주세요."),
        "exhibition.not_approved": mark("발표가 승인된 뒤에 전시 자료를 내려받을 수 있습니다."),
        "act.disclosure.exhibition_pack": mark("전시 자료를 내려받았습니다"),
        "act.disclosure.exhibition_captions": mark("작품 설명표를 내려받았습니다"),
        "act.disclosure.exhibition_table": mark("전시작 목록을 내려받았습니다"),
    }
)
