"""Sentences of the staff home and of the demonstration's clock."""

from contest.infra.texts import mark, register

register(
    {
        "phase.entry": mark("접수"),
        "phase.screening": mark("자격검토"),
        "phase.judging": mark("심사"),
        "phase.verification": mark("공개검증"),
        "phase.announcement": mark("발표"),
        "milestone.entry_opens": mark("접수 시작"),
        "milestone.before_entry_closes": mark("접수 마감 1분 전"),
        "milestone.entry_closes": mark("접수 마감"),
        "milestone.screening_closes": mark("자격검토 마감"),
        "milestone.judging_opens": mark("심사 시작"),
        "milestone.judging_closes": mark("심사 마감"),
        "milestone.verification_opens": mark("공개검증 시작"),
        "milestone.before_verification_closes": mark("공개검증 마감 1분 전"),
        "milestone.verification_closes": mark("공개검증 마감"),
        "milestone.decides_by": mark("수상 확정 기한"),
        "milestone.before_publish_at": mark("발표 1분 전"),
        "milestone.publish_at": mark("발표"),
        "duty.entry_closes": mark("접수를 마감합니다. 시각이 되면 저절로 마감되고 자격검토로 넘어갑니다."),
        "duty.screening_closes": mark("모든 작품의 자격검토를 마칩니다."),
        "duty.judging_opens": mark("심사위원회를 꾸리고 심사를 시작합니다."),
        "duty.judging_closes": mark("심사를 마감하고 순위를 확정합니다."),
        "duty.verification_closes": mark("들어온 이의신청을 모두 처리합니다."),
        "duty.decides_by": mark("상격을 배정하고 수상을 확정합니다."),
        "duty.publish_at": mark("결과 발표를 승인합니다. 승인되면 시각에 맞추어 저절로 공개됩니다."),
        "standing.none": mark("열린 공모전이 없습니다. 회차를 만들어 개시해 주세요."),
        "standing.draft": mark("공모전을 준비하고 있습니다."),
        "standing.opens_soon": mark("공고를 마쳤고 {at}에 접수를 시작합니다."),
        "standing.entry_open": mark("접수하고 있습니다. {at}에 마감합니다."),
        "standing.entry_closed": mark("{at}에 접수를 마감했습니다. 곧 자격검토로 넘어갑니다."),
        "standing.screening": mark("자격검토를 하고 있습니다. {at}까지 마쳐야 합니다."),
        "standing.judging": mark("심사 단계입니다. {at}에 심사를 마감합니다."),
        "standing.verification": mark("수상후보작을 공개검증하고 있습니다. {at}에 끝납니다."),
        "standing.deciding": mark("공개검증이 끝났습니다. {at}까지 수상을 확정해야 합니다."),
        "standing.decided": mark("수상이 확정되었습니다. {at}에 발표합니다."),
        "standing.announced": mark("발표 시각({at})이 지났습니다."),
    }
)
