"""Sentences on editions and what people enter about themselves: what is wrong and how to put it right."""

from __future__ import annotations

from contest.infra.texts import mark, register

register(
    {
        "stage.no_such_move": mark(
            "지금 단계에서는 그 단계로 갈 수 없습니다. 화면을 새로 고쳐 현재 단계를 확인해 주세요."
        ),
        "stage.reason_missing": mark("심사로 되돌리려면 사유가 필요합니다. 사유를 적어 주세요."),
        "edition.not_object": mark("이 자리의 자료 형식이 맞지 않습니다. 항목을 지우고 다시 입력해 주세요."),
        "edition.not_list": mark("목록이어야 합니다. 항목을 하나씩 추가해 다시 입력해 주세요."),
        "edition.not_text": mark("글이어야 합니다. 내용을 글로 다시 입력해 주세요."),
        "edition.not_whole": mark("숫자가 아닙니다. 쉼표나 단위 없이 숫자로 입력해 주세요."),
        "edition.not_flag": mark("예 또는 아니요가 아닙니다. 다시 골라 주세요."),
        "edition.not_choice": mark("고를 수 없는 값입니다. 다음 가운데 하나를 골라 주세요: {allowed}"),
        "edition.not_day": mark("날짜가 아닙니다. 2024-08-30처럼 입력해 주세요."),
        "edition.out_of_range": mark(
            "{value:,}은(는) 쓸 수 없습니다. {least:,}부터 {most:,} 사이의 숫자를 입력해 주세요."
        ),
        "edition.missing": mark("비어 있습니다. 값을 입력해 주세요."),
        "edition.text_missing": mark(
            "한국어 글이 비어 있습니다. 공고문과 누리집에 나가는 글이니 입력해 주세요."
        ),
        "edition.translation_missing": mark(
            "번역이 없어 한국어가 대신 보입니다. 번역을 입력하면 그 글이 보입니다."
        ),
        "edition.period_missing": mark("보유 기간이 없습니다. 개월 또는 일 수를 입력해 주세요."),
        "edition.unknown_finding": mark("알 수 없는 확인 사항입니다. 이 줄을 지워 주세요."),
        "edition.prizes_unfinished": mark(
            "시상내역이 맞지 않아 쓸 수 없습니다. 상격의 인원과 상금을 먼저 고쳐 주세요."
        ),
        "edition.schedule_missing": mark("날짜와 시각이 없습니다. 입력해 주세요."),
        "edition.schedule_order": mark(
            "이 시각({later})이 앞선 일정({earlier})보다 빠르거나 같습니다. 뒤로 옮기거나 앞선 일정을 당겨 주세요."
        ),
        "edition.schedule_past": mark("{at}은(는) 이미 지났습니다. 날짜를 다시 확인해 주세요."),
        "edition.not_working_day": mark(
            "{day}은(는) 쉬는 날입니다. 담당자가 없어도 되는지 확인하거나 날짜를 옮겨 주세요."
        ),
        "edition.holidays_touched": mark(
            "기간에 공휴일({days})이 들어 있습니다. 일할 날이 충분한지 확인해 주세요."
        ),
        "edition.verification_short": mark(
            "공개검증이 {days}일입니다. 첫날과 끝날을 넣어 {least}일 이상이 되도록 늘려 주세요."
        ),
        "edition.verification_usual": mark(
            "공개검증은 보통 {usual}일 이상입니다. 줄인 근거가 있는지 확인해 주세요."
        ),
        "edition.gap_short": mark(
            "공개검증이 끝난 뒤 발표까지 일하는 날이 {days}일뿐입니다. 이의 처리를 위하여 {least}일 이상 두는 것이 좋습니다."
        ),
        "edition.phone_missing": mark("문의 전화가 없습니다. 응모 화면마다 보이는 번호이니 입력해 주세요."),
        "edition.phone_characters": mark(
            "전화번호에 쓸 수 없는 글자가 있습니다. 02-2627-1234처럼 입력해 주세요."
        ),
        "edition.phone_not_korean": mark("국내 전화번호가 아닙니다. 02-2627-1234처럼 입력해 주세요."),
        "edition.phone_number": mark(
            "전화번호가 맞지 않습니다. 지역번호까지 02-2627-1234처럼 입력해 주세요."
        ),
        "edition.email_missing": mark("문의 전자우편이 없습니다. 담당 부서의 주소를 입력해 주세요."),
        "edition.email_address": mark("전자우편 주소가 맞지 않습니다. name@example.kr처럼 입력해 주세요."),
        "edition.no_formats": mark("받을 파일 형식이 없습니다. 하나 이상 골라 주세요."),
        "edition.no_devices": mark("촬영기기가 없습니다. 하나 이상 골라 주세요."),
        "edition.bytes_order": mark(
            "최소 용량이 최대 용량보다 크거나 같습니다. 둘 가운데 하나를 고쳐 주세요."
        ),
        "edition.bytes_large": mark(
            "최대 용량이 {most}MB를 넘습니다. 올리는 데 오래 걸리니 줄이는 것이 좋습니다."
        ),
        "edition.taken_missing": mark("촬영기간의 시작과 끝이 있어야 합니다. 날짜를 입력해 주세요."),
        "edition.taken_order": mark("촬영기간의 끝이 시작보다 빠릅니다. 날짜를 고쳐 주세요."),
        "edition.taken_after_deadline": mark(
            "촬영기간이 접수 마감일({day}) 뒤까지입니다. 마감일로 맞추어 주세요."
        ),
        "edition.exif_required": mark(
            "촬영 정보를 필수로 하면 휴대전화로 낸 사진이 많이 걸립니다. ‘수상 시 확인’으로 바꾸는 것이 좋습니다."
        ),
        "edition.grade_harsh": mark(
            "정직한 작품도 흔히 걸리는 사항입니다. ‘참고’나 ‘확인 필요’로 낮추는 것이 좋습니다."
        ),
        "edition.grade_first_comer": mark(
            "바로 부적합으로 하면 남의 사진을 먼저 낸 사람이 작가를 막을 수 있습니다. ‘확인 필요’로 두는 것이 좋습니다."
        ),
        "edition.judges_external_many": mark("외부위원이 전체 위원보다 많습니다. 인원을 고쳐 주세요."),
        "edition.judges_external_few": mark("외부위원이 과반이 아닙니다. {least}명 이상으로 늘려 주세요."),
        "edition.judges_even": mark(
            "심사위원이 짝수입니다. 의견이 갈릴 때를 위하여 홀수로 하는 것이 좋습니다."
        ),
        "edition.round_last_ranks": mark(
            "마지막 단계는 배점표로 심사해야 순위가 나옵니다. 심사 방식을 바꾸거나 단계의 차례를 바꿔 주세요."
        ),
        "edition.round_ranks_top": mark(
            "점수나 순서로 심사하는 단계 뒤에 단계가 더 있으면 순위가 높은 몇 점이 올라갈지 정해야 합니다. ‘차례로 정한 수만큼’을 골라 주세요."
        ),
        "edition.advance_count_reserves": mark(
            "수상과 예비순위를 더하면 {places}점인데 올라갈 작품이 그보다 적습니다. 모자라는 자리는 올라가지 않은 작품이 앞 단계의 순위대로 채웁니다."
        ),
        "edition.deliberation_last": mark("심의는 마지막 단계에만 둘 수 있습니다. 이 단계에서는 꺼 주세요."),
        "edition.advance_count_missing": mark("몇 점이 올라갈지 적어 주세요."),
        "edition.advance_count_few": mark(
            "올라갈 작품이 수상 인원 {winners}명보다 적습니다. 더 큰 수를 적어 주세요."
        ),
        "edition.quorum_many": mark("작품마다 심사하는 위원 수가 그 단계의 위원보다 많습니다. 줄여 주세요."),
        "edition.deliberation_few": mark(
            "작품마다 위원이 {judges}명 이상이어야 심의할 수 있습니다. 두 명이면 서로가 누구인지 바로 알게 됩니다."
        ),
        "edition.deliberation_hurried": mark(
            "심사를 마감하는 때와 공개검증을 시작하는 때 사이가 하루도 되지 않아 심의할 시간이 없습니다. 날짜를 벌려 주세요."
        ),
        "edition.quorum_of_scores": mark(
            "작품마다 다른 위원 {quorum}명이 점수를 매기므로 후하거나 박한 위원을 만난 차이가 순위에 남습니다. 모든 위원이 모두 보는 것이 공정합니다."
        ),
        "edition.chair_not_all": mark(
            "나누어 심사하면 위원장이 보지 않은 작품이 있어 위원장 재심사로 정할 수 없습니다. 심사위원회 결선투표로 바꾸어 주세요."
        ),
        "edition.round_closes_missing": mark(
            "이 단계의 닫는 날이 없습니다. 다음 단계를 심사할 날이 남도록 정해 두는 것이 좋습니다."
        ),
        "edition.round_day_outside": mark("심사 기간 밖의 날입니다. 심사 일정 안의 날로 고쳐 주세요."),
        "edition.round_day_order": mark(
            "앞서 정한 날({before})보다 이릅니다. 단계는 차례대로 이어져야 합니다."
        ),
        "edition.no_rounds": mark("심사 단계가 없습니다. 본심을 추가해 주세요."),
        "edition.code_unique": mark("구분값이 비었거나 다른 것과 같습니다. 서로 다르게 입력해 주세요."),
        "edition.trim_never": mark(
            "위원이 {judges}명이라 최고점과 최저점을 빼는 일이 없습니다. 기준 인원이나 위원 수를 확인해 주세요."
        ),
        "edition.trim_early": mark(
            "위원이 적을 때 점수를 빼면 한 사람의 영향이 커집니다. {judges}명 이상부터 빼는 것이 좋습니다."
        ),
        "edition.repeats_told": mark(
            "제목이나 설명이 같으면 되풀이한 작품을 바로 알아봅니다. 되풀이하는 단계에서는 사진만 보이는 것이 좋습니다."
        ),
        "edition.threshold_high": mark(
            "이 비율에 드는 작품이 한 점도 없으면 다음 단계를 열 수 없습니다. 반드시 올라갈 작품이 있어야 하면 ‘차례로 정한 수만큼’을 골라 주세요."
        ),
        "edition.trim_zero": mark(
            "최고·최저점을 뺀 평균을 쓰려면 몇 명부터 뺄지 적어야 합니다. 빼지 않으려면 ‘평균’을 골라 주세요."
        ),
        "edition.aggregation_three": mark(
            "작품마다 점수가 {least}개 이상 있어야 뜻이 있는 방법인데 심사하는 위원이 {judges}명입니다. ‘평균’을 고르거나 위원을 늘려 주세요."
        ),
        "edition.aggregation_dealt": mark(
            "나누어 심사하면 후한 위원을 만난 작품만 높은 점수를 받으므로 이 방법을 쓸 수 없습니다. 위원별 표준점수로 바꾸거나 모든 위원이 모두 보게 해 주세요."
        ),
        "edition.aggregation_top_counts": mark(
            "가장 높은 점수부터 견주므로 후한 위원 한 명의 점수가 앞자리를 정할 수 있고, 낮은 점수는 거의 보지 않습니다. 꼭 필요한 때만 쓰는 것이 좋습니다."
        ),
        "edition.aggregation_z_score": mark(
            "위원의 점수 폭으로 나누는 방법이라, 한 작품의 점수를 올리면 그 위원의 폭이 넓어져 다른 작품들의 순서가 바뀔 수 있습니다. 위원마다 후하고 박한 정도가 크게 다를 때만 쓰는 것이 좋습니다."
        ),
        "edition.aggregation_borda": mark(
            "점수의 크기는 보지 않고 위원마다의 순서만 셉니다. 한 작품의 자리는 함께 심사한 다른 작품에 따라 달라집니다."
        ),
        "edition.no_criteria": mark("심사 항목이 없습니다. 하나 이상 추가해 주세요."),
        "edition.weights_sum": mark("배점을 더하면 {total}점입니다. 합이 {points}점이 되도록 고쳐 주세요."),
        "edition.levels": mark("평가 단계가 {found}개입니다. {levels}개로 맞추어 주세요."),
        "edition.over_ceiling": mark(
            "상금 합계가 예산({ceiling:,}원)보다 {over:,}원 많습니다. 상금이나 인원을 줄여 주세요."
        ),
        "edition.reserves_few": mark(
            "예비순위가 적습니다. 수상 제외에 대비하여 {usual}점 이상 두는 것이 좋습니다."
        ),
        "edition.reserves_many": mark("예비순위가 수상작({winners}점)보다 많습니다. 수를 확인해 주세요."),
        "edition.payment_taxed": mark(
            "위탁 지급이면 상금에 세금이 붙을 수 있습니다. 공고문의 지급 안내를 확인해 주세요."
        ),
        "edition.ties_missing": mark("동점 처리 방법이 없습니다. 하나 이상 골라 주세요."),
        "edition.ties_open": mark(
            "마지막까지 동점이면 정할 방법이 없습니다. 끝에 위원장 재심사를 두는 것이 좋습니다."
        ),
        "edition.tie_step_unknown": mark("알 수 없는 동점 처리 방법입니다. 목록에서 다시 골라 주세요."),
        "edition.tie_step_idle": mark(
            "마지막 라운드가 순위 투표라 항목이 없습니다. 이 단계는 쓰이지 않으니 지우거나 다른 단계로 바꾸어 주세요."
        ),
        "edition.ballot_unbounded": mark(
            "순위 투표는 {most}점까지 할 수 있습니다. 앞에 ‘찬성이 많은 차례로 정한 수만큼’ 올리는 예심을 두는 것이 좋습니다."
        ),
        "edition.ballot_many": mark(
            "순위 투표는 {most}점까지 할 수 있는데 예심에서 {count}점이 올라갑니다. 올라갈 작품 수를 줄여 주세요."
        ),
        "edition.tie_step_after_lot": mark(
            "추첨은 남은 동점을 모두 가르므로 그 뒤의 단계는 쓰이지 않습니다. 추첨을 맨 끝으로 옮겨 주세요."
        ),
        "edition.tie_chair_and_lot": mark(
            "추첨이 남은 동점을 모두 가르므로 위원장에게 묻지 않게 됩니다. 위원장 재심사와 추첨 가운데 하나만 두세요."
        ),
        "edition.tie_step_twice": mark("같은 동점 처리 방법이 두 번 있습니다. 하나를 지워 주세요."),
        "edition.consent_missing": mark(
            "동의서의 이 부분이 비어 있습니다. 법에서 알리도록 한 내용이니 입력해 주세요."
        ),
        "edition.copyright_taken": mark(
            "“{found}”은(는) 쓸 수 없습니다. 저작권은 응모자에게 있다고 적고, 수상작의 이용 범위와 기간만 밝혀 주세요."
        ),
        "edition.licence_long": mark("이용 기간이 {usual}년을 넘습니다. 꼭 필요한 기간인지 확인해 주세요."),
        "edition.retention_winners": mark(
            "수상자 정보의 보유 기간이 {months}개월보다 짧습니다. 수상 취소와 환수에 대비하여 늘리는 것이 좋습니다."
        ),
        "notice.incomplete": mark(
            "공고문에 들어갈 내용이 아직 비어 있습니다. 개시 전 점검표의 오류를 먼저 고쳐 주세요."
        ),
        "name.missing": mark("이름을 입력해 주세요."),
        "name.length": mark("이름은 2자부터 20자까지 쓸 수 있습니다. 지금은 {length}자이니 고쳐 주세요."),
        "name.characters": mark(
            "이름에 쓸 수 없는 글자({found})가 있습니다. 한글이나 영문으로만 적어 주세요."
        ),
        "phone.missing": mark("휴대전화 번호를 입력해 주세요."),
        "phone.characters": mark("전화번호에 숫자가 아닌 글자가 있습니다. 010-1234-5678처럼 적어 주세요."),
        "phone.not_korean": mark(
            "국내 전화번호로 적어 주세요. 국내 번호가 없으면 담당 부서로 전화해 주세요."
        ),
        "phone.number": mark("전화번호의 자릿수가 맞지 않습니다. 010-1234-5678처럼 적어 주세요."),
        "email.missing": mark("전자우편 주소를 입력해 주세요."),
        "email.address": mark("전자우편 주소가 맞지 않습니다. name@example.kr처럼 적어 주세요."),
        "number.receipt": mark("접수번호가 맞지 않습니다. 2024-02-0137처럼 적어 주세요."),
        "number.entry": mark("출품번호가 맞지 않습니다. 2024-02-0137-1처럼 적어 주세요."),
    }
)
