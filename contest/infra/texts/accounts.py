"""Sentences of sign-in, accounts and roles."""

from contest.infra.texts import mark, register

register(
    {
        "role.operator": mark("운영자"),
        "role.approver": mark("승인자"),
        "role.auditor": mark("감사"),
        "role.administrator": mark("시스템관리자"),
        "role.judge": mark("심사위원"),
        "sign_in.wrong": mark("아이디 또는 비밀번호가 맞지 않습니다. 대소문자를 확인해 다시 입력해 주세요."),
        "sign_in.code_wrong": mark(
            "인증번호가 맞지 않습니다. 인증 앱에 지금 보이는 숫자 6자리를 입력해 주세요. 한 번 쓴 번호는 다시 쓸 수 없습니다."
        ),
        "sign_in.proof_expired": mark("확인 시간이 지났습니다. 아이디와 비밀번호를 다시 입력해 주세요."),
        "sign_in.confirm_wrong": mark("확인하지 못했습니다. 입력한 내용을 확인해 다시 입력해 주세요."),
        "account.missing": mark("그런 계정이 없습니다."),
        "account.name_missing": mark("이름을 입력해 주세요."),
        "account.disabled": mark("사용이 중지된 계정입니다."),
        "account.login_taken": mark("이미 쓰고 있는 아이디입니다. 다른 아이디를 입력해 주세요."),
        "account.login_form": mark(
            "아이디는 영문 소문자, 숫자, 점(.), 밑줄(_), 붙임표(-), @로 3자 이상 120자 이하로 입력해 주세요."
        ),
        "account.own": mark("자기 계정에는 할 수 없는 일입니다. 다른 시스템관리자에게 요청해 주세요."),
        "account.last_administrator": mark(
            "마지막 시스템관리자는 사용을 중지할 수 없습니다. 먼저 다른 시스템관리자를 초대해 주세요."
        ),
        "account.has_administrator": mark(
            "이미 시스템관리자가 있습니다. 새 계정은 업무 화면의 계정 관리에서 초대해 주세요."
        ),
        "account.not_staff": mark("심사위원 계정은 심사위원회 화면에서 관리합니다."),
        "grant.missing": mark("그런 요청이 없습니다. 이미 처리되었는지 목록에서 확인해 주세요."),
        "grant.decided": mark("이미 처리된 요청입니다."),
        "grant.two_persons": mark("요청한 사람과 다른 사람이 승인해야 합니다."),
        "grant.own": mark("자기 계정에 대한 요청은 스스로 승인할 수 없습니다."),
        "grant.pending": mark(
            "이 계정에는 아직 처리되지 않은 요청이 있습니다. 그 요청을 먼저 처리해 주세요."
        ),
        "grant.needed": mark("다른 사람이 역할을 승인한 뒤에 활성화 링크를 만들 수 있습니다."),
        "grant.purpose.invitation": mark("새 계정"),
        "grant.purpose.role": mark("역할 바꾸기"),
        "grant.purpose.activation": mark("활성화 다시 하기"),
        "grant.purpose.return": mark("다시 쓰기"),
        "activation.invalid": mark(
            "이 링크는 쓸 수 없습니다. 이미 활성화했거나 새 링크가 발급되었습니다. 시스템관리자에게 문의해 주세요."
        ),
        "password.short": mark(
            "비밀번호는 {least}자 이상이어야 합니다. 지금은 {length}자입니다. 낱말 여러 개를 이어 쓰면 외우기 쉽습니다."
        ),
        "password.long": mark("비밀번호는 {most}자까지 쓸 수 있습니다."),
        "password.personal": mark(
            "아이디를 그대로 쓰거나 한두 글자를 되풀이한 비밀번호는 쓸 수 없습니다. 다른 비밀번호를 입력해 주세요."
        ),
        "clock.backwards": mark(
            "공모전 시계는 앞으로만 갈 수 있습니다. 지금({now})보다 뒤의 때를 골라 주세요."
        ),
        "clock.not_demonstration": mark("시연용이 아니므로 시계를 옮길 수 없습니다."),
        "clock.unreadable": mark("날짜와 시각을 읽을 수 없습니다. 2024-08-30 17:59처럼 입력해 주세요."),
        "clock.too_far": mark("시계는 한 번에 5년까지 옮길 수 있습니다."),
        "disclosure.reason": mark("개인정보를 보는 까닭을 5자 이상 적어 주세요. 기록에 남습니다."),
        "disclosure.reason.enquiry": mark("응모자의 문의 응대"),
        "disclosure.reason.identity": mark("본인 또는 중복 응모 확인"),
        "disclosure.reason.correction": mark("접수 내용 보완 안내"),
        "disclosure.reason.prize": mark("수상 안내와 상금 지급"),
        "disclosure.reason.objection": mark("이의신청 처리"),
        "disclosure.reason.subject_request": mark("정보주체의 열람, 정정, 삭제 요청"),
        "disclosure.reason.audit": mark("감사"),
        "disclosure.reason.migration": mark("자료 이관과 보존"),
    }
)
