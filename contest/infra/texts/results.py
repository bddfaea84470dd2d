"""Sentences on allocation, exclusion, verification and cases as rows."""

from contest.infra.texts import mark, register

register(
    {
        "allocation.stage": mark(
            "심사 단계에서만 상격을 배정할 수 있습니다. 화면을 새로 고쳐 지금 단계를 확인해 주세요."
        ),
        "allocation.not_sealed": mark(
            "심사가 아직 마감되지 않았습니다. 모든 심사를 마감한 뒤 상격을 배정해 주세요."
        ),
        "exclusion.reason_missing": mark("제외 사유가 비어 있습니다. 사유를 적어 주세요."),
        "exclusion.stage": mark(
            "심사가 시작된 뒤에 쓰는 절차입니다. 지금은 자격검토에서 부적합으로 처리해 주세요."
        ),
        "exclusion.exists": mark(
            "{entry}은(는) 이미 제외되었거나 제외안이 올라와 있습니다. 제외 목록을 확인해 주세요."
        ),
        "exclusion.changed": mark(
            "그 사이에 배정이 바뀌어 미리 본 결과와 다릅니다. 바뀐 결과를 다시 확인해 주세요. 처리된 것은 없습니다."
        ),
        "exclusion.same_person": mark(
            "제외안을 올린 사람은 확인할 수 없습니다. 다른 승인자가 확인해 주세요."
        ),
        "exclusion.settled": mark("이미 처리된 제외안입니다. 화면을 새로 고쳐 결과를 확인해 주세요."),
        "exclusion.belongs_to_case": mark(
            "이의신청에 딸린 제외안입니다. 사건 화면에서 결정과 함께 처리해 주세요."
        ),
        "exclusion_ground.objection": mark("이의신청 인용"),
        "exclusion_ground.ex_officio": mark("직권"),
        "exclusion_ground.withdrawn": mark("출품자 철회"),
        "exclusion_ground.declined": mark("수상 포기"),
        "exclusion_ground.unfit": mark("부적합"),
        "verify.no_allocation": mark("배정된 상격이 없습니다."),
        "verify.run_differs": mark(
            "저장된 배정을 다시 계산한 결과가 다릅니다. 시스템관리자에게 알려 주세요."
        ),
        "verify.rows_differ": mark(
            "지금의 수상 기록이 마지막 배정 결과와 다릅니다. 시스템관리자에게 알려 주세요."
        ),
        "verification.not_allocated": mark(
            "상격을 아직 배정하지 않았습니다. 결과 화면에서 상격 배정을 눌러 주세요."
        ),
        "verification.window_missing": mark(
            "공개검증 기간이 정해지지 않았습니다. 변경 공고로 기간을 정해 주세요."
        ),
        "verification.window_past": mark(
            "공개검증 기간이 이미 끝났습니다. 변경 공고로 기간을 다시 정해 주세요."
        ),
        "verification.days_short": mark(
            "공개검증이 {days}일만 열립니다. 공고한 {required}일보다 짧습니다. 변경 공고로 기간을 늘릴 수 있습니다."
        ),
        "verification.images_missing": mark(
            "공개용 사진이 아직 준비되지 않은 작품이 {works}점 있습니다. 준비되는 대로 저절로 나타납니다."
        ),
        "verification.exclusion_pending": mark(
            "확인을 기다리는 제외안이 있습니다: {entry}. 먼저 처리해 주세요."
        ),
        "verification.slots_empty": mark(
            "비어 있는 시상 자리가 {empty}개 있습니다. 공고에 따라 비워 두는 것이 맞는지 확인해 주세요."
        ),
        "objection.entry": mark("그 번호의 작품은 공개검증 대상이 아닙니다. 출품번호를 다시 확인해 주세요."),
        "objection.name": mark("실명을 적어 주세요."),
        "objection.contact": mark("연락받으실 휴대전화 번호나 전자우편을 적어 주세요."),
        "objection.facts": mark("무엇이 사실과 다른지 적어 주세요."),
        "objection.evidence": mark("근거가 되는 파일이나 인터넷 주소를 하나 이상 넣어 주세요."),
        "objection.category": mark("무엇에 관한 이의인지 골라 주세요."),
        "objection.file_too_big": mark("파일이 {most}MB보다 큽니다. 더 작은 파일로 다시 골라 주세요."),
        "objection.too_many_files": mark("파일은 {most}개까지 넣을 수 있습니다. 파일을 다시 골라 주세요."),
        "objection.empty_file": mark("빈 파일이 있습니다. 다른 파일을 골라 주세요."),
        "objection.not_handler": mark("이 사건을 맡은 담당자만 신고인 정보를 볼 수 있습니다."),
        "objection.proposed": mark(
            "결정안이 올라가 확인을 기다리고 있습니다. 결정안을 거두거나 확인을 기다려 주세요."
        ),
        "objection.handled": mark("다른 담당자가 이미 맡은 사건입니다."),
        "objection.question_missing": mark("출품자에게 물을 내용을 적어 주세요."),
        "objection.due_past": mark("소명 기한이 이미 지난 날짜입니다. 앞으로의 날짜로 정해 주세요."),
        "objection.secret": mark(
            "접수번호와 확인번호가 맞지 않습니다. 접수 화면에 적힌 번호를 다시 확인해 주세요."
        ),
        "objection.why_missing": mark("열람하는 까닭을 적어 주세요."),
        "statement.closed": mark("소명을 받는 기간이 끝났습니다. 담당 부서로 전화해 주세요."),
        "statement.missing": mark("소명 내용을 적어 주세요."),
        "objection_category.plagiarism": mark("표절·도용(다른 사람의 작품)"),
        "objection_category.awarded_elsewhere": mark("다른 공모전 수상작"),
        "objection_category.manipulation": mark("합성·조작·AI 생성"),
        "objection_category.place_or_date": mark("촬영지·촬영일이 사실과 다름"),
        "objection_category.portrait": mark("초상권·사생활 침해"),
        "objection_category.improper": mark("명예훼손·부적절한 내용"),
        "objection_category.eligibility": mark("자격(중복 응모·대리 응모)"),
        "objection_category.other": mark("그 밖의 사유"),
        "objection_state.received": mark("접수됨"),
        "objection_state.incomplete": mark("보완 필요"),
        "objection_state.investigating": mark("조사 중"),
        "objection_state.statement_requested": mark("소명 요청"),
        "objection_state.proposed": mark("결정 확인 중"),
        "objection_state.decided": mark("결정"),
        "ruling_outcome.dismiss": mark("기각"),
        "ruling_outcome.exclude": mark("수상 제외"),
    }
)
