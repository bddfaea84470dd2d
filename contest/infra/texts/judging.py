"""Sentences on prizes, scores, ranks, succession, objections and what still stands in the way."""

from __future__ import annotations

from contest.infra.texts import mark, register

register(
    {
        "prizes.no_tiers": mark("상격이 하나도 없습니다. 상격을 한 줄 이상 적어 주세요."),
        "prizes.code_missing": mark("{number}번째 상격에 코드가 없습니다. 영문 코드를 적어 주세요."),
        "prizes.code_twice": mark("상격 코드 {tier} 항목이 두 번 있습니다. 서로 다른 코드로 바꿔 주세요."),
        "prizes.name_missing": mark("{number}번째 상격의 한글 이름이 비어 있습니다. 이름을 적어 주세요."),
        "prizes.count": mark("{tier}: 인원이 {count}명입니다. 1명 이상으로 적거나 그 줄을 지워 주세요."),
        "prizes.amount": mark("{tier}: 상금이 {amount:,}원입니다. 0원 이상으로 적어 주세요."),
        "prizes.order": mark(
            "{lower}의 상금이 {upper}보다 많습니다. 상금이 많은 상격부터 차례로 적어 주세요."
        ),
        "prizes.winners_differ": mark(
            "상격별 인원을 더하면 {counted}명인데 수상 인원은 {winners}명입니다. 둘을 같게 맞춰 주세요."
        ),
        "prizes.budget_differs": mark(
            "상금을 모두 더하면 {summed:,}원인데 상금 총액은 {budget:,}원입니다. 둘을 같게 맞춰 주세요."
        ),
        "prizes.unreadable": mark("시상내역을 읽을 수 없습니다. 인원과 상금은 숫자로만 적어 주세요."),
        "prizes.amount_negative": mark("상금 {amount:,}원은 0원보다 적습니다. 금액을 확인해 주세요."),
        "rubric.no_criteria": mark("심사 항목이 하나도 없습니다. 항목을 한 줄 이상 적어 주세요."),
        "rubric.levels": mark("평가 단계가 {levels}단계입니다. 2단계 이상으로 적어 주세요."),
        "rubric.code_missing": mark("{number}번째 항목에 코드가 없습니다. 영문 코드를 적어 주세요."),
        "rubric.code_twice": mark("항목 코드 {criterion} 줄이 두 번 있습니다. 서로 다른 코드로 바꿔 주세요."),
        "rubric.name_missing": mark("{number}번째 항목의 한글 이름이 비어 있습니다. 이름을 적어 주세요."),
        "rubric.weight": mark("{criterion}: 배점이 {weight}점입니다. 1점 이상으로 적어 주세요."),
        "rubric.total_differs": mark(
            "배점을 모두 더하면 {summed}점입니다. 합계가 {total}점이 되도록 고쳐 주세요."
        ),
        "rubric.unreadable": mark("심사기준을 읽을 수 없습니다. 배점과 단계는 숫자로만 적어 주세요."),
        "score.criterion_unknown": mark("심사기준에 없는 항목입니다. 화면을 새로 고친 뒤 다시 매겨 주세요."),
        "score.level_out_of_range": mark("점수는 1부터 {levels}까지입니다. 다시 골라 주세요."),
        "score.seq_conflict": mark(
            "같은 순번의 점수 기록이 두 개입니다({seq}번). 시스템관리자에게 알려 주세요."
        ),
        "ranking.entry_twice": mark(
            "같은 출품작이 두 번 들어 있습니다: {entries}. 시스템관리자에게 알려 주세요."
        ),
        "ranking.scores_missing": mark(
            "점수가 다 매겨지지 않은 출품작이 있습니다: {entries}. 심사위원이 마저 매기거나 해당 위원을 해촉해야 집계할 수 있습니다."
        ),
        "ranking.nobody_left": mark(
            "모든 심사위원이 회피하여 점수가 없는 출품작이 있습니다: {entries}. 회피하지 않은 위원을 추가해 주세요."
        ),
        "ranking.ladder_step": mark(
            "동점 처리 순서에 알 수 없는 단계가 있습니다({step}). 목록에서 다시 골라 주세요."
        ),
        "allocation.entry_twice": mark(
            "순위에 같은 출품작이 두 번 있습니다: {entries}. 시스템관리자에게 알려 주세요."
        ),
        "allocation.reserves": mark("예비순위 수가 {reserves}입니다. 0 이상으로 적어 주세요."),
        "allocation.tier_unknown": mark("시상내역에 없는 상격입니다: {tiers}. 상격을 다시 골라 주세요."),
        "allocation.vacant_forbidden": mark(
            "이 회차는 상격을 비워 둘 수 없습니다: {tiers}. 공고에 적격작 없음 규정이 있을 때만 비울 수 있습니다."
        ),
        "allocation.too_few": mark(
            "시상 자리는 {needed}개인데 상을 받을 수 있는 사람은 {eligible}명입니다. 제외 결정을 다시 확인하거나, 공고에 규정이 있으면 빈자리를 허용해 주세요."
        ),
        "allocation.tie_at_boundary": mark(
            "상이 갈리는 자리에 동점 작품이 있습니다: {entries}. 위원장 재심사로 순서를 정해 주세요."
        ),
        "allocation.already_excluded": mark("이미 제외된 출품작입니다: {entries}."),
        "succession.not_listed": mark("수상후보작이나 예비순위에 없는 출품작입니다: {entries}."),
        "succession.no_reserve": mark(
            "승계할 예비순위가 남아 있지 않습니다. 마지막 자리를 비워 두는 결정으로 진행해 주세요."
        ),
        "succession.tie": mark(
            "승계할 차례에 동점 작품이 있습니다: {entries}. 위원장 재심사로 순서를 정해 주세요."
        ),
        "blinding.too_many": mark(
            "출품작이 {works:,}점이라 심사번호가 모자랍니다. {most:,}점 이하로 나누어 배정해 주세요."
        ),
        "blinding.entry_twice": mark("같은 출품작이 두 번 배정되었습니다. 시스템관리자에게 알려 주세요."),
        "blinding.seed_short": mark("심사 순서를 섞을 난수가 너무 짧습니다. 시스템관리자에게 알려 주세요."),
        "objection.not_open": mark("아직 공개검증 기간이 아닙니다. 공개검증이 시작된 뒤에 신고해 주세요."),
        "objection.reason_missing": mark("결정 사유가 비어 있습니다. 사유를 적어 주세요."),
        "objection.confirm_apart": mark("결정은 승인자가 확인해야 끝납니다. 결정안을 먼저 올려 주세요."),
        "objection.no_proposal": mark("확인할 결정안이 없습니다. 운영자가 결정안을 먼저 올려야 합니다."),
        "objection.same_person": mark(
            "결정안을 올린 사람은 확인할 수 없습니다. 다른 승인자가 확인해 주세요."
        ),
        "objection.state": mark(
            "지금 단계에서는 할 수 없는 처리입니다. 화면을 새로 고쳐 사건의 상태를 확인해 주세요."
        ),
        "closing.nobody_left": mark("점수를 낼 심사위원이 한 명도 없습니다. 심사위원을 위촉해 주세요."),
        "closing.pledge_missing": mark("{judge} 위원이 서약하지 않았습니다. 서약을 받아 주세요."),
        "closing.judge_unfinished": mark(
            "{judge} 위원이 {assigned}점 가운데 {left}점을 아직 매기지 않았습니다."
        ),
        "closing.judge_unconfirmed": mark(
            "{judge} 위원이 점수를 모두 매겼지만 심사 완료를 누르지 않았습니다."
        ),
        "closing.no_works": mark("심사할 출품작이 없습니다. 자격검토를 먼저 마쳐 주세요."),
        "closing.unscreened": mark("자격검토가 끝나지 않은 출품작이 {works}점 있습니다."),
        "closing.works_without_scores": mark(
            "모든 위원이 회피하여 점수가 없는 출품작이 있습니다: {entries}."
        ),
        "closing.tie_unresolved": mark(
            "상이 갈리는 자리에 동점 작품이 있습니다: {entries}. 위원장 재심사가 필요합니다."
        ),
        "closing.chair_missing": mark("동점을 정할 위원장이 없습니다. 위원장을 정해 주세요."),
        "closing.external_minority": mark(
            "외부 위원이 {judges}명 가운데 {external}명입니다. 외부 위원을 과반으로 두기를 권합니다."
        ),
        "publication.objection_open": mark(
            "결정되지 않은 이의신청이 있습니다: {case}. 결정하거나 발표를 미루는 공고를 내 주세요."
        ),
        "publication.verification_running": mark("공개검증 기간이 아직 끝나지 않았습니다."),
        "publication.allocation_not_final": mark("상격 배정이 확정되지 않았습니다. 먼저 확정해 주세요."),
        "publication.allocation_differs": mark(
            "상격 배정을 다시 계산한 결과가 저장된 것과 다릅니다. 시스템관리자에게 알려 주세요."
        ),
        "publication.slots_unfilled": mark("시상 자리 {winners}개 가운데 {unfilled}개가 비어 있습니다."),
        "publication.sum_differs": mark("상금 합계가 {spent:,}원입니다. {due:,}원이어야 합니다."),
        "publication.licence_missing": mark("이용허락 동의가 없는 수상작이 있습니다: {entries}."),
        "publication.guardian_missing": mark("법정대리인 동의가 없는 수상작이 있습니다: {entries}."),
        "publication.never_verified": mark("공개검증을 거치지 않은 수상작이 있습니다: {entries}."),
        "publication.persons_asked": mark("같은 사람인지 확인을 기다리는 요청이 있습니다: 응모 {receipts}."),
        "publication.person_twice": mark(
            "한 사람이 상을 둘 이상 받게 됩니다: {entries}. 하나를 제외하거나 같은 사람인지 다시 확인해 주세요."
        ),
        "verification.persons_changed": mark(
            "상격을 배정한 뒤 같은 사람인지가 바뀌었습니다. 심사 결과에서 상격을 다시 배정해 주세요."
        ),
        "publication.minute_missing": mark(
            "발표 일시가 정해지지 않았습니다. 일정에서 발표 일시를 정해 주세요."
        ),
        "publication.minute_past": mark(
            "발표 일시가 이미 지났습니다. 새 발표 일시를 변경 공고로 정해 주세요."
        ),
    }
)
