"""Sentences of the stage page: what stages are called and what a move brings about."""

from contest.infra.texts import mark, register

register(
    {
        "stage_name.draft": mark("준비 중"),
        "stage_name.open": mark("접수"),
        "stage_name.screening": mark("자격검토"),
        "stage_name.judging": mark("심사"),
        "stage_name.verification": mark("공개검증"),
        "stage_name.decided": mark("확정"),
        "stage_effect.open": mark(
            "공고가 공개되고, 접수 시작 시각부터 응모를 받습니다. 시상내역, 심사기준, 출품 규정은 더 바꿀 수 없고 "
            "일정과 문구는 변경 공고로만 바꿉니다."
        ),
        "stage_effect.screening": mark(
            "접수를 마치고 자격검토를 시작합니다. 응모자는 더 고칠 수 없고, 철회는 담당자가 처리합니다."
        ),
        "stage_effect.judging": mark(
            "적합 {fit}점이 심사로 넘어가고 부적합 {unfit}점은 심사하지 않습니다. 자격검토 결과와 "
            "심사위원이 볼 작품명, 설명, 장소는 더 바꿀 수 없습니다."
        ),
        "stage_effect.verification": mark(
            "봉인한 심사 결과로 수상후보작과 예비순위를 정하고, 공개검증 기간에 시민에게 보입니다. "
            "심사 결과는 더 바꿀 수 없습니다."
        ),
        "stage_effect.decided": mark(
            "수상작을 확정합니다. 발표는 정해진 시각에 승인된 내용으로 이루어집니다. 이 단계는 되돌릴 수 없습니다."
        ),
        "stage_effect.back": mark(
            "공개검증을 멈추고 심사로 되돌립니다. 후보작 공개가 내려가고, 까닭이 기록에 남습니다."
        ),
        "stage.moved": mark("{stage} 단계로 넘어갔습니다."),
        "stage.stale": mark("그 사이에 단계가 바뀌었습니다. 지금 단계를 확인한 뒤 다시 진행해 주세요."),
    }
)
