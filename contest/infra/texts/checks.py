"""Sentences of `flask check`: what is stored that cannot be right, and where."""

from contest.infra.texts import register

register(
    {
        "check.database": "데이터베이스 파일이 손상되었습니다({detail}). 운영을 멈추고 백업을 되살려 주세요.",
        "check.guard": "표 {table}의 변경 금지 장치가 없습니다. `flask --app wsgi db upgrade`로 다시 설치해 주세요.",
        "check.trail": "기록 {seq}번이 앞의 기록과 이어지지 않습니다. 바뀌었거나 지워진 것입니다.",
        "check.untold": "접수번호 {receipt}의 접수 기록이 {count}건입니다. 한 건이어야 합니다.",
        "check.consents": "접수번호 {receipt}에 필요한 동의가 없습니다: {kinds}.",
        "check.no_works": "접수번호 {receipt}에 출품작이 없습니다.",
        "check.no_photo": "출품번호 {number}에 사진이 없습니다.",
        "check.original_gone": "출품번호 {number}의 원본 파일이 저장소에 없습니다(사진 {photo}).",
        "check.original_size": "출품번호 {number}의 원본이 {stored}바이트입니다. 받을 때는 {bytes}바이트였습니다.",
        "check.original_differs": "출품번호 {number}의 원본이 받은 그대로가 아닙니다. 해시가 다릅니다(사진 {photo}).",
        "check.rendition_missing": "출품번호 {number}의 화면용 사진({kind})이 없습니다.",
        "check.rendition_differs": "출품번호 {number}의 화면용 사진({kind})이 만든 그대로가 아닙니다.",
        "check.paper_gone": "접수번호 {receipt}의 서류가 저장소에 없습니다({paper}).",
        "check.paper_differs": "접수번호 {receipt}의 서류가 받은 그대로가 아닙니다({paper}).",
        "check.library_gone": "다른 공모전 수상작 {collection}({year}) {number}번의 작은 그림이 저장소에 없습니다.",
        "check.library_differs": "다른 공모전 수상작 {collection}({year}) {number}번의 작은 그림이 만든 그대로가 아닙니다.",
        "check.slots": "{edition}의 시상 자리가 {count}개 {sum}원입니다. 공고는 {winners}개 {budget}원입니다.",
        "check.awards": "{edition}의 수상이 {count}건 {sum}원입니다. 공고는 {winners}건 {budget}원입니다.",
        "check.allocation": "{edition}의 상격 배정을 다시 계산한 결과가 저장된 것과 다릅니다.",
        "check.scores": "심사위원 {judge}의 채점 기록 {seq}번이 앞의 기록과 이어지지 않습니다.",
        "check.completion": "심사위원 {judge}이(가) 심사 완료에 서명한 채점 기록과 저장된 채점 기록이 다릅니다.",
        "check.commitment": "공개한 점수 봉인값과 저장된 점수로 다시 계산한 값이 다릅니다.",
        "check.exhibits": "{edition}의 게시된 수상작이 수상과 다릅니다: {numbers}.",
    }
)
