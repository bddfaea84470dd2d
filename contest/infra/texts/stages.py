"""Sentences about stages and editions as rows."""

from contest.infra.texts import mark, register

register(
    {
        "stage.blocked": mark("아직 다음 단계로 갈 수 없습니다. 해결할 일이 {count}가지 있습니다."),
        "edition.exists": mark("{year}년 제{number}회가 이미 있습니다. 연도나 회차를 바꿔 주세요."),
        "edition.opened": mark("이미 공고된 회차는 바로 고칠 수 없습니다. 변경 공고를 이용해 주세요."),
        "edition.changed": mark(
            "다른 담당자가 먼저 저장했습니다. 화면을 새로 고쳐 바뀐 내용을 확인한 뒤 다시 저장해 주세요."
        ),
    }
)
