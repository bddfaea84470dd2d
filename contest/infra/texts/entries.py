"""Sentences of entering: what is lacking, what cannot be done any more, and what to do instead."""

from __future__ import annotations

from contest.infra.texts import mark, register

register(
    {
        "title.missing": mark("작품 제목을 적어 주세요."),
        "title.length": mark("제목이 {length}자입니다. {most}자까지 적을 수 있습니다."),
        "description.length": mark("작품 설명이 {length}자입니다. {most}자까지 적을 수 있습니다."),
        "place.length": mark("촬영 장소가 {length}자입니다. {most}자까지 적을 수 있습니다."),
        "place.missing": mark(
            "촬영 장소를 골라 주세요. 지도에서 짚거나, 동이나 명소를 고르거나, 직접 적으시면 됩니다."
        ),
        "place.point": mark("지도에서 고른 위치를 읽지 못했습니다. 다시 짚어 주세요."),
        "place.outside": mark(
            "고르신 곳이 구 경계에서 {metres:,}m 밖입니다. 촬영한 곳을 다시 짚어 주세요."
            " 구 밖에서 우리 구를 찍으셨다면 아래에 장소를 직접 적어 주세요."
        ),
        "date.missing": mark("사진에 촬영일이 없습니다. 찍은 날을 적어 주세요."),
        "date.unreadable": mark("촬영일을 읽지 못했습니다. 2024-05-01처럼 적어 주세요."),
        "date.window": mark("촬영일은 {opens}부터 {closes} 사이여야 합니다. 날짜를 다시 확인해 주세요."),
        "paper.empty": mark("올릴 서류 파일을 골라 주세요."),
        "paper.too_large": mark("서류 파일은 {most}MB까지 올릴 수 있습니다. 사진으로 다시 찍어 올려 주세요."),
        "paper.format": mark("서류는 JPG, PNG, PDF 파일로 올려 주세요. 종이를 휴대전화로 찍으시면 됩니다."),
        "paper.too_many": mark(
            "서류는 종류마다 {most}개까지 올릴 수 있습니다. 필요 없는 것을 빼고 다시 올려 주세요."
        ),
        "paper.not_asked": mark("이 응모에는 받지 않는 서류입니다. 화면을 새로 고쳐 주세요."),
        "members.count": mark("함께하신 분을 {written}명 적으셨습니다. {most}명까지 적을 수 있습니다."),
        "guardian.form_unseen": mark("보호자가 서명한 동의서를 확인하고 표시해 주세요."),
        "gap.paper_drone": mark("드론으로 찍은 작품이 있습니다. 비행·촬영 승인 서류를 올려 주세요."),
        "gap.paper_portrait": mark(
            "알아볼 수 있는 사람이 찍힌 작품이 있습니다. 초상권 동의서를 올려 주세요."
        ),
        "reply.missing": mark("의견을 적어 주세요."),
        "reply.length": mark("의견이 {length}자입니다. {most}자까지 적을 수 있습니다."),
        "portrait.missing": mark("{ordinal}번 작품에 알아볼 수 있는 사람이 있는지 골라 주세요."),
        "consent.missing": mark("동의해야 응모하실 수 있는 항목입니다. 읽어 보시고 표시해 주세요."),
        "age.missing": mark("나이를 골라 주세요."),
        "entry.not_open": mark("지금은 응모를 받는 기간이 아닙니다. 응모는 {opens}에 시작합니다."),
        "entry.no_contest": mark("지금 열려 있는 공모전이 없습니다."),
        "entry.closed": mark(
            "접수가 {closes}에 마감되어 더 고칠 수 없습니다. 궁금하신 점은 담당 부서로 전화해 주세요."
        ),
        "entry.late": mark(
            "접수가 {deadline}에 마감되었습니다. 제출하신 시각은 {received}입니다."
            " 사정이 있으시면 담당 부서로 전화해 주세요."
        ),
        "entry.kiosk": mark(
            "여러 사람이 쓰는 기기라서 응모 주소를 열지 않습니다. 쓰시던 휴대전화나 컴퓨터에서 열어 주세요."
        ),
        "entry.withdrawn": mark("철회된 응모라 고칠 수 없습니다."),
        "entry.awaiting_guardian": mark(
            "보호자의 동의를 기다리고 있습니다. 보호자께서 문자로 받은 주소를 열어 주세요."
        ),
        "entry.incomplete": mark("아직 채우지 않은 곳이 {count}곳 있습니다. 아래에서 확인해 주세요."),
        "entry.over_cap": mark(
            "한 사람이 낼 수 있는 작품은 {cap}점까지입니다. 이미 내신 응모를 고치시려면 접수증의 주소나"
            " ‘내 응모 확인’을 이용하시고, 어려우면 담당 부서로 전화해 주세요."
        ),
        "entry.not_submitted": mark("아직 제출하지 않은 응모라 새 주소를 보낼 수 없습니다."),
        "guardian.agreed": mark("이미 동의하셨습니다. 그만두시려면 응모를 철회해 주세요."),
        "entry.submitted": mark("이미 제출하신 응모입니다. 접수증에서 고치거나 철회하실 수 있습니다."),
        "entry.has_judging_begun": mark(
            "심사가 시작되어 여기서 지울 수 없습니다. 담당 부서로 전화해 주세요."
        ),
        "reply.closed": mark("의견을 내실 수 있는 기간이 지났습니다. 담당 부서로 전화해 주세요."),
        "lookup.no_match": mark("접수번호나 비밀번호가 맞지 않습니다. 접수증을 보고 다시 적어 주세요."),
        "upload.empty": mark("빈 파일입니다. 다른 사진을 골라 주세요."),
        "upload.too_many_bytes": mark(
            "파일이 {megabytes}MB입니다. {most}MB까지 올릴 수 있습니다. JPG 품질을 조금 낮추어 저장해 주세요."
            " Lightroom에서는 내보내기 → 파일 크기 제한에 {most}000K를 적으시면 됩니다."
        ),
        "upload.over_cap": mark(
            "사진은 {cap}장까지 올릴 수 있습니다. 다른 사진을 내시려면 올린 사진을 바꾸어 주세요."
        ),
        "upload.slice": mark("사진을 나누어 보내는 중에 문제가 생겼습니다. 사진을 다시 골라 주세요."),
        "upload.differs": mark("앞서 보내신 것과 다른 파일입니다. 사진을 처음부터 다시 올려 주세요."),
        "upload.damaged": mark("보내는 중에 사진이 바뀌었습니다. 사진을 처음부터 다시 올려 주세요."),
        "upload.expired": mark("올리던 사진의 보관 시간이 지났습니다. 사진을 다시 올려 주세요."),
        "upload.no_file": mark("올릴 사진을 골라 주세요."),
        "choice.none": mark("고르지 않음"),
        "photo.checking": mark("확인 중입니다"),
        "photo.fit": mark("적합합니다"),
        "photo.fit_with_notes": mark("적합합니다. 참고하실 점이 있습니다."),
        "photo.looked_at": mark("올렸습니다. 담당자가 한 번 더 확인합니다."),
        "photo.parked": mark("올렸습니다. 자동 확인을 마치지 못해 담당자가 직접 확인합니다."),
        "stage_of_work.received": mark(
            "접수되었습니다. 마감까지 고치실 수 있고, 마감 뒤에 담당자가 자격을 검토합니다."
        ),
        "stage_of_work.screening": mark("담당자가 출품 자격을 검토하고 있습니다."),
        "stage_of_work.fit": mark("자격검토를 마쳤습니다. 심사 대상입니다."),
        "stage_of_work.unfit": mark(
            "자격검토에서 출품 규정에 맞지 않는 것으로 확인되어 심사 대상에서 제외되었습니다."
        ),
        "stage_of_work.judging": mark(
            "자격검토를 마쳤습니다. 심사와 공개검증이 진행되고 있으며, 결과는 발표일에 알려 드립니다."
        ),
        "stage_of_work.published": mark("결과가 발표되었습니다. 결과 화면에서 확인하실 수 있습니다."),
        "stage_of_work.withdrawn": mark("철회하셨습니다. 심사하지 않습니다."),
        "gap.no_photo": mark("사진을 한 장 이상 올려 주세요."),
        "gap.over_cap": mark("사진이 {works}장입니다. {cap}장까지만 남겨 주세요."),
        "gap.unfit_photo": mark("{ordinal}번 사진은 이대로 낼 수 없습니다. 다른 사진으로 바꾸어 주세요."),
        "gap.title": mark("{ordinal}번 작품의 제목을 적어 주세요."),
        "gap.place": mark("{ordinal}번 작품의 촬영 장소를 골라 주세요."),
        "gap.date": mark("{ordinal}번 작품의 촬영일을 적어 주세요."),
        "gap.person": mark("이름과 전화번호를 적어 주세요."),
        "gap.guardian": mark("보호자의 이름과 전화번호를 적어 주세요."),
        "gap.portrait": mark("{ordinal}번 작품에 알아볼 수 있는 사람이 있는지 골라 주세요."),
        "gap.consent_privacy": mark("개인정보 수집·이용에 동의해 주세요."),
        "gap.consent_licence": mark("수상작 이용허락에 동의해 주세요."),
        "gap.consent_pledge": mark("청렴서약과 유의사항을 확인해 주세요."),
        "gap.consent_portrait": mark("초상권 확인에 표시해 주세요."),
        "gap.consent_guardian": mark("보호자의 동의가 필요합니다."),
    }
)
