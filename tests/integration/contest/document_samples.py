"""Data for every printed page, with names that would do harm if they were template text."""

from __future__ import annotations

from typing import Any

from contest.infra.qr import qr_png

HOSTILE = '#read("/etc/passwd") *굵게* $x$ `코드` _기울임_ <꼬리표> @인용 \\ [괄호]'
CONTEST = "제2회 『찰칵! 렌즈로 만나는 금천』 사진 공모전"
JUDGES = ["김하늘", "이바다", "박구름", "최노을", "정새벽"]
IMAGES = {"qr.png": qr_png("https://photo.geumcheon.example/r/2024-0001")}

_WORKS = [
    ("최우수", "호암산성에서 본 금천의 새벽"), ("우수", "안양천 벚꽃길의 오후"), ("장려", "뷁쀍 뙇 — 시장의 웃음"),
    ("장려", HOSTILE), ("입선", "은행나무 아래 팔백 년의 이야기가 한자리에 모인 가을날의 아주 긴 제목"), ("입선", "퇴근길"),
]  # fmt: skip

_ROWS: list[dict[str, Any]] = [
    {
        "code": f"{310 + 17 * n}",
        "title": title,
        "scores": [
            None
            if (n, j) == (2, 4)
            else {"value": str(95 - 3 * n - (j * 7 + n) % 5), "dropped": j in {(n + 1) % 5, (n + 3) % 5}}
            for j in range(5)
        ],
        "mean": f"{93 - 3 * n}.33",
        "rank": str(n + 1),
        "note": "회피 1명" if n == 2 else "",
    }
    for n, (_, title) in enumerate(_WORKS)
]

SAMPLES: dict[str, dict[str, Any]] = {
    "application": {
        "contest": CONTEST, "host": "서울특별시 금천구", "office": "소통담당관 홍보미디어팀", "phone": "02-2627-0000",
        "period": "2024. 8. 9.(금) ~ 8. 30.(금) 18:00", "works": 2, "addressee": "서울특별시 금천구청장",
        "work_rules": ["JPEG 또는 PNG, 긴 변 3,000픽셀 이상, 20MB 이하", "2023. 7. 1. 이후 금천구에서 찍은 사진"],
        "consents": [
            {"title": "개인정보 수집·이용 동의", "required": True, "text": "", "rows": [
                ["목적", "공모전 접수, 심사, 결과 안내, 시상"], ["항목", "성명, 휴대전화 번호, 전자우편(선택)"],
                ["보유·이용 기간", "발표일부터 3개월 (수상자는 5년)", True],
                ["거부할 권리", "동의하지 않을 수 있으며, 이 경우 응모할 수 없습니다."]]},
            {"title": "저작권 이용허락 동의", "required": True, "rows": [],
             "text": "저작권은 응모자에게 있습니다. 수상작에 한하여 금천구가 비영리 목적으로 5년 동안 복제·전송·배포·전시할 수 있도록 허락합니다."},
            {"title": "수상 시 성명 공개", "required": False, "rows": [], "text": "동의하지 않으면 성명의 일부를 가리고 발표합니다."},
            {"title": "다음 공모전 안내 문자 수신", "required": False, "rows": [], "text": ""},
        ],
        "pledge": {"title": "청렴서약서", "lines": [
            "응모작은 본인이 직접 촬영하였으며 다른 공모전에서 수상하지 않았습니다.",
            "합성하거나 인공지능으로 만든 사진이 아닙니다.",
            "심사위원과 담당 공무원에게 금품을 주거나 부정한 청탁을 하지 않겠습니다.",
            "위 사항을 어기면 수상이 취소되고 상금을 돌려주어야 함을 알고 있습니다."]},
    },
    "captions": {"contest": CONTEST, "works": [
        {"tier": tier, "title": title, "name": HOSTILE if n == 1 else "김민수", "place": "호암산성 (시흥2동)",
         "number": f"2024-{n + 1:04d}-1", "qr": "qr.png" if n % 2 == 0 else None}
        for n, (tier, title) in enumerate(_WORKS[:5])]},
    "tally": {"contest": CONTEST, "round": "본심 (2024. 9. 6.)", "figure": "평균", "judges": JUDGES, "rows": _ROWS, "date": "2024. 9. 6.",
              "rule": "작품마다 최고점 1개와 최저점 1개(가운뎃줄)를 빼고 평균하여 소수 둘째 자리까지 반올림함.",
              "signers": [{"role": "위원장" if n == 0 else "위원", "name": name} for n, name in enumerate(JUDGES)]},
    "scorecard": {"contest": CONTEST, "round": "본심", "judge": "김하늘", "date": "2024. 9. 6.",
                  "criteria": [{"name": "주제적합성", "weight": "30"}, {"name": "창의성", "weight": "25"},
                               {"name": "작품성", "weight": "25"}, {"name": "활용성", "weight": "20"}],
                  "rows": [{"code": row["code"], "title": row["title"], "scores": ["30", "20", "25", "16"], "total": "91",
                            "note": "빛이 좋고 금천의 일상이 잘 드러남"} for row in _ROWS]},
    "dossier": {
        "contest": CONTEST, "date": "2024년 9월 13일", "verdict": "결과가 굳습니다. 어느 위원 한 사람의 점수가 수상작을 가르지 않았습니다.",
        "sentences": ["위원을 한 사람씩 빼고 다시 계산해도 수상작 25점은 그대로 수상작입니다."] * 5,
        "tables": [{"title": "작품마다 결과가 지켜질 확률", "note": "126가지를 모두 세었습니다.", "numbers": [2, 3],
                    "header": ["출품번호", "상격", "수상할 확률", "이 상격 이상일 확률"],
                    "rows": [[f"2024-02-{n:04d}-1", "입선", f"{100 - n}.0%", "0.0%"] for n in range(1, 40)]}],
    },
    "minutes": {"contest": CONTEST, "round": "본심", "figure": "평균", "when": "2024. 9. 6.(금) 14:00 ~ 16:00", "place": "금천구청 대회의실",
                "date": "2024년 9월 6일",
                "members": [{"role": "위원장" if n == 0 else "위원", "name": name, "attended": n != 4} for n, name in enumerate(JUDGES)],
                "agenda": ["수상후보작 25점과 예비순위 5점 선정"], "method": ["출품작의 응모자를 가리고 심사", "최고점과 최저점 제외 평균"],
                "results": [{"order": str(n + 1), "tier": tier, "code": f"{310 + 17 * n}", "title": title, "mean": f"{93 - 3 * n}.33"}
                            for n, (tier, title) in enumerate(_WORKS)],
                "reserves": [{"order": "1", "tier": "예비 1", "code": "512", "title": "골목", "mean": "71.00"}],
                "notes": ["심사번호 344: 위원 1명 회피", "동점 없음"]},
    "receipt": {"contest": CONTEST, "number": "2024-0001", "name": HOSTILE, "submitted_at": "2024. 8. 20.(화) 14:03:22",
                "secret": "K7QM2XW9PA", "address": "https://photo.geumcheon.example/r", "qr": "qr.png",
                "office": "소통담당관 홍보미디어팀", "phone": "02-2627-0000",
                "works": [{"number": "2024-0001-1", "title": HOSTILE, "place": "안양천"}, {"number": "2024-0001-2", "title": "퇴근길", "place": "가산동"}],
                "next": ["8. 30.(금) 18:00까지 고치거나 철회할 수 있습니다.", "10. 1.(화) 10:00 누리집에 발표합니다."]},
    "ledger": {"contest": CONTEST, "title": "접수대장", "summary": "작품 2점, 응모 1건", "date": "2024. 9. 2.(월)",
               "office": "소통담당관 홍보미디어팀",
               "columns": [{"name": "연번", "width": 10}, {"name": "출품번호", "width": 30}, {"name": "작품명", "width": 0}],
               "rows": [["1", "2024-02-0001-1", HOSTILE], ["2", "2024-02-0001-2", "퇴근길"]],
               "signers": [{"role": "작성", "name": ""}, {"role": "확인", "name": ""}]},
    "guardian": {"contest": CONTEST, "office": HOSTILE, "phone": "02-2627-0000", "period": "8. 9.(금) 09:00 ~ 8. 30.(금) 18:00",
                 "consents": [{"title": HOSTILE, "required": True, "rows": [["목적", HOSTILE, False], ["보유·이용 기간", "3개월", True]], "text": ""}],
                 "addressee": "금천구청장"},
    "recovery": {"service": CONTEST, "name": "홍길동 (운영자)", "issued_at": "2024. 8. 1. 09:00",
                 "codes": [f"{n}K7Q-M2XW-9P" for n in range(10)]},
}  # fmt: skip
