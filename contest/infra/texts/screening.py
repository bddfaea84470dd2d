"""Sentences of the screening desk: reasons told to entrants, refusals, what holds judging up."""

from contest.infra.texts import mark, register

register(
    {
        "unfit_reason.outside_district": mark("금천구에서 찍은 사진이 아닌 것으로 확인되었습니다."),
        "unfit_reason.outside_window": mark("정해진 촬영 기간에 찍은 사진이 아닌 것으로 확인되었습니다."),
        "unfit_reason.format": mark("사진의 형식이나 크기가 공고의 기준에 맞지 않습니다."),
        "unfit_reason.over_cap": mark("한 사람이 낼 수 있는 작품 수를 넘었습니다."),
        "unfit_reason.copy": mark("다른 작품과 같은 사진이거나 다른 사람의 사진으로 확인되었습니다."),
        "unfit_reason.ai": mark("AI로 만들거나 고친 사진으로 확인되었습니다."),
        "unfit_reason.edited": mark("색과 밝기 보정을 넘어 합성하거나 형태를 바꾼 사진으로 확인되었습니다."),
        "unfit_reason.marked": mark("사진에 서명, 테두리, 날짜 등이 들어 있습니다."),
        "unfit_reason.portrait": mark("사진 속 인물의 동의가 확인되지 않았습니다."),
        "unfit_reason.prized": mark("다른 공모전에서 수상했거나 이미 발표된 작품으로 확인되었습니다."),
        "unfit_reason.unsuitable": mark("광고, 비방 등 공모전에 맞지 않는 내용이 들어 있습니다."),
        "unfit_reason.other": mark("공고의 출품 규정에 맞지 않습니다."),
        "screening.reason_missing": mark("부적합 사유를 골라 주세요."),
        "screening.note_missing": mark("'그 밖의 사유'는 응모자가 알 수 있게 내용을 적어 주세요."),
        "screening.note_length": mark("설명은 {most}자까지 적을 수 있습니다. 지금은 {length}자입니다."),
        "screening.before_deadline": mark(
            "접수가 끝난 뒤에 결정할 수 있습니다. 그 전에는 응모자가 사진을 바꿀 수 있습니다."
        ),
        "recheck.none": mark("다시 검사할 사진이 없습니다. 모두 지금 판으로 검사했습니다."),
        "recheck.over": mark("결과가 확정되어 다시 검사하지 않습니다."),
        "grades.begun": mark(
            "자격검토의 결정이 시작되어 등급을 바꿀 수 없습니다. 모든 작품에 같은 등급을 써야 합니다."
        ),
        "grades.over": mark("자격검토가 끝나 등급을 바꿀 수 없습니다."),
        "grades.announced": mark(
            "공고한 응모 조건은 등급을 바꿀 수 없습니다. 화면을 새로 고친 뒤 다시 골라 주세요."
        ),
        "grades.nothing": mark("바뀐 등급이 없습니다. 바꿀 등급을 고르고 다시 눌러 주세요."),
        "grades.unknown": mark("알 수 없는 등급입니다. 화면을 새로 고친 뒤 다시 골라 주세요."),
        "grades.examining": mark(
            "아직 검사 중인 작품이 {count}점 있습니다. 검사가 끝난 뒤 다시 눌러 주세요."
        ),
        "grades.moved": mark("보신 뒤에 옮겨질 작품이 달라졌습니다. 아래 내용을 다시 보고 눌러 주세요."),
        "grades.reason": mark("바꾸는 까닭을 5자 이상 적어 주세요. 기록에 남습니다."),
        "screening.over": mark(
            "심사가 시작되어 자격검토 결과를 바꿀 수 없습니다. 제외가 필요하면 공개검증에서 처리해 주세요."
        ),
        "screening.not_open": mark("이미 결정되었거나 철회된 작품입니다. 화면을 새로 고쳐 확인해 주세요."),
        "screening.not_decided": mark("아직 결정되지 않은 작품입니다."),
        "screening.unchecked": mark(
            "사진 검사가 끝나지 않았습니다. 검사가 끝난 뒤 결정하거나 다시 검사를 눌러 주세요."
        ),
        "screening.proposed": mark("부적합 승인을 기다리는 작품입니다. 먼저 승인하거나 되돌려 주세요."),
        "screening.not_proposed": mark("부적합 요청이 없습니다. 화면을 새로 고쳐 확인해 주세요."),
        "screening.two_persons": mark("부적합을 요청한 사람과 다른 승인자가 결정해야 합니다."),
        "screening.reply_past": mark("의견 기한을 지금보다 뒤의 때로 정해 주세요."),
        "screening.reply_late": mark(
            "의견 기한은 심사가 시작되기 전이어야 합니다. 더 이른 때로 정해 주세요."
        ),
        "screening.reply_missing": mark("의견을 낼 수 있는 기한을 정해 주세요."),
        "screening.reverse_reason": mark("되돌리는 까닭을 5자 이상 적어 주세요. 기록에 남습니다."),
        "screening.text_missing": mark("작품명을 입력해 주세요."),
        "screening.text_length": mark("{most}자까지 쓸 수 있습니다. 지금은 {length}자입니다."),
        "screening.texts_closed": mark(
            "심사가 시작되어 작품명, 설명, 장소는 고칠 수 없습니다. 대체 텍스트만 고칠 수 있습니다."
        ),
        "library.title": mark("공모전 이름은 1자에서 {most}자까지입니다."),
        "library.year": mark("연도는 {earliest}년에서 {latest}년 사이로 적어 주세요."),
        "library.source": mark("출처는 {most}자까지입니다."),
        "pair.self": mark("서로 다른 두 사진을 골라 주세요."),
        "pair.decision": mark("같은 사진인지 다른 사진인지 골라 주세요."),
        "person.reason": mark("까닭을 5자 이상 적어 주세요. 기록에 남습니다."),
        "person.other_missing": mark("그런 접수번호가 없습니다. 2024-02-0137처럼 다시 확인해 주세요."),
        "person.needs_two": mark(
            "심사가 시작된 뒤에는 한 사람이 정할 수 없습니다. 요청하면 다른 승인자가 확인합니다."
        ),
        "person.asked": mark(
            "이미 확인을 기다리는 요청이 있습니다. 그 요청을 먼저 확인하거나 거두어 주세요."
        ),
        "person.settled": mark("이미 처리한 요청입니다. 화면을 새로 고쳐 주세요."),
        "person.same_person": mark("요청한 사람은 확인할 수 없습니다. 다른 승인자가 확인해 주세요."),
        "person.same": mark("이미 같은 사람으로 보고 있습니다."),
        "person.apart": mark("이미 다른 사람으로 보고 있습니다."),
        "screening.unscreened": mark("자격검토를 마치지 않은 작품이 {works}점 있습니다."),
        "screening.photos_waiting": mark(
            "검사가 끝나지 않은 사진이 {photos}장 있습니다. 오래 걸리면 자격검토 화면에서 다시 검사를 눌러 주세요."
        ),
        "screening.confirmations": mark("승인을 기다리는 부적합 요청이 {works}건 있습니다."),
        "screening.pair_undecided": mark(
            "같은 사진으로 보이는 {first} / {second}에 결정이 없습니다. 같은 사진인지 다른 사진인지 결정해 주세요."
        ),
        "screening.pair_earlier": mark(
            "{entry}이(가) 지난 회차나 다른 공모전의 사진과 같아 보이지만 결정이 없습니다."
            " 같은 사진인지 다른 사진인지 결정해 주세요."
        ),
        "screening.replies_open": mark(
            "의견을 낼 수 있는 부적합 작품이 {works}점 있습니다({until}까지). 기한이 지난 뒤 넘기는 것이 좋습니다."
        ),
        "screening.replies_unread": mark(
            "응모자가 의견을 낸 부적합 작품이 {works}점 있습니다. 의견을 읽고 결정을 그대로 둘지 확인해 주세요."
        ),
        "screening.withdrawals_asked": mark("철회를 요청한 응모가 {submissions}건 있습니다."),
        "screening.guardians_awaited": mark(
            "법정대리인 동의를 기다리는 응모가 {submissions}건 있습니다. 넘기면 심사에 들어가지 못합니다."
        ),
        "screening.too_few": mark(
            "적합 작품을 낸 사람이 {persons}명으로 시상 인원 {winners}명보다 적습니다."
        ),
        "screening.few_reserves": mark(
            "적합 작품을 낸 사람이 {persons}명으로 시상 인원과 예비순위를 더한 {wanted}명보다 적습니다."
        ),
        "screening.entry_open": mark("접수가 {closes}에 끝납니다. 그 뒤에 넘길 수 있습니다."),
    }
)
