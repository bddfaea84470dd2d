"""Sentences for refusals that any page may give."""

from contest.infra.texts import mark, register

register(
    {
        "http.400": mark("요청을 이해하지 못했습니다. 이전 화면으로 돌아가 다시 시도해 주세요."),
        "http.401": mark("로그인이 필요합니다. 다시 로그인해 주세요."),
        "http.403": mark("이 화면을 볼 권한이 없습니다. 담당자에게 문의해 주세요."),
        "http.404": mark("찾으시는 화면이 없습니다. 주소를 확인하시거나 처음 화면에서 다시 시작해 주세요."),
        "http.405": mark("이 주소에서는 할 수 없는 요청입니다. 이전 화면으로 돌아가 주세요."),
        "http.409": mark("그 사이에 상태가 바뀌었습니다. 화면을 새로 고친 뒤 다시 시도해 주세요."),
        "http.410": mark("더 이상 제공하지 않는 화면입니다."),
        "http.413": mark("보내신 내용이 너무 큽니다. 파일 크기를 확인해 주세요."),
        "http.422": mark("입력하신 내용을 확인해 주세요."),
        "http.429": mark("짧은 시간에 여러 번 시도하셨습니다. 잠시 뒤에 다시 시도해 주세요."),
        "http.503": mark(
            "지금은 처리할 수 없습니다. 잠시 뒤에 다시 시도해 주세요. 입력하신 내용은 그대로 있습니다."
        ),
        "http.507": mark(
            "저장 공간이 부족하여 받지 못했습니다. 담당자가 바로 확인하겠습니다. 잠시 뒤에 다시 시도해 주세요."
        ),
        "http.other": mark("요청을 처리하지 못했습니다. 잠시 뒤에 다시 시도해 주세요."),
        "http.500": mark(
            "처리 중 문제가 생겼습니다. 계속되면 확인번호 {reference}을(를) 담당자에게 알려 주세요."
        ),
        "http.host": mark("이 주소로는 이 누리집을 볼 수 없습니다. 안내받은 주소를 다시 확인해 주세요."),
        "http.csrf": mark(
            "화면이 열린 지 오래되어 확인이 필요합니다. 이전 화면을 새로 고친 뒤 다시 제출해 주세요."
        ),
        "denied.role": mark("이 일을 할 권한이 없습니다."),
        "missing": mark("찾으시는 것이 없습니다."),
        "throttled": mark("짧은 시간에 여러 번 시도하셨습니다. {minutes}분 뒤에 다시 시도해 주세요."),
        "errand.running": mark("같은 작업이 이미 진행되고 있습니다. 끝난 뒤에 다시 시작해 주세요."),
        "rehearsal.too_late": mark(
            "발표까지 마쳐 더 채울 것이 없습니다. ‘처음부터 다시 시작하기’로 8월 20일 아침으로 돌아가 주세요."
        ),
        "backup.damaged": mark(
            "백업 파일이 손상되었습니다({detail}). 다른 백업 파일로 다시 시도해 주세요. 바뀐 것은 없습니다."
        ),
        "backup.not_empty": mark(
            "되살릴 곳이 비어 있지 않습니다({detail}). 빈 데이터 폴더와 빈 데이터베이스에서 실행해 주세요."
        ),
        "backup.other_database": mark(
            "백업한 데이터베이스 종류가 다릅니다({detail}). 같은 종류의 데이터베이스에서 실행해 주세요."
        ),
        "backup.unfit": mark(
            "다른 판에서 만든 백업입니다({detail}). 백업을 만든 판으로 되살린 뒤 업그레이드해 주세요."
        ),
        "settings.floor": mark(
            "{name} 라이브러리가 {found} 판으로 너무 오래되었습니다. {floor} 이상이어야 안전합니다. "
            "`make prepare`를 다시 실행해 주세요."
        ),
        "settings.mode": mark(
            "CHALKAK_MODE 값 '{value}'을(를) 알 수 없습니다. demonstration 또는 production 이어야 합니다."
        ),
        "settings.port": mark(
            "CHALKAK_PORT 값 '{value}'은(는) 포트 번호가 아닙니다. 1에서 65535 사이의 숫자를 넣어 주세요."
        ),
        "settings.needs_https": mark(
            "실제 운영(production)에서는 CHALKAK_PUBLIC_URL이 https://로 시작해야 합니다(지금은 {value}). "
            "시민이 쓰는 https:// 주소를 넣어 주세요. "
            "이 컴퓨터에서만 시험해 보려면 http://127.0.0.1:8000처럼 적으면 됩니다."
        ),
        "settings.public_url": mark(
            "CHALKAK_PUBLIC_URL 값 '{value}'은(는) http:// 또는 https:// 로 시작해야 합니다."
        ),
        "in_app.kakaotalk": mark("카카오톡"),
        "in_app.naver": mark("네이버 앱"),
        "in_app.instagram": mark("인스타그램"),
        "in_app.facebook": mark("페이스북"),
        "in_app.line": mark("라인"),
        "in_app.band": mark("밴드"),
        "in_app.daum": mark("다음 앱"),
        "in_app.everytime": mark("에브리타임"),
    }
)
