"""What is wrong with a file that is not taken as a photograph, and what to do, in plain Korean."""

from __future__ import annotations

from contest.domain.formats import Refusal
from contest.infra.texts import mark, register

register(
    {
        Refusal.EMPTY.value: mark("파일에 내용이 없습니다. 사진을 다시 골라 주십시오."),
        Refusal.NOT_IMAGE.value: mark(
            "사진 파일이 아닙니다. 휴대전화나 카메라로 찍은 JPG 또는 PNG 사진을 골라 주십시오."
        ),
        Refusal.FORMAT.value: mark(
            "{found} 파일은 받을 수 없습니다. 휴대전화나 카메라로 찍은 JPG 또는 PNG 원본 사진을 골라 주십시오."
        ),
        Refusal.HEIC.value: mark(
            "아이폰 전용 형식(HEIC)이라 받을 수 없습니다. 아이폰에서 이 페이지를 열어 사진 보관함에서 고르시면 "
            "JPG로 바뀌어 올라갑니다. 앞으로 찍으실 사진은 설정 → 카메라 → 포맷에서 ‘높은 호환성’을 고르시면 됩니다. "
            "컴퓨터라면 JPG로 저장한 뒤 올려 주십시오."
        ),
        Refusal.TOO_MANY_PIXELS.value: mark(
            "사진이 너무 큽니다. {megapixels}백만 화소인데 {most}백만 화소까지 받습니다. "
            "사진 크기를 줄여 저장한 뒤 올려 주십시오."
        ),
        Refusal.SIDE_TOO_LONG.value: mark(
            "사진의 긴 변이 {long_side}픽셀입니다. {most}픽셀까지 받습니다. "
            "크기를 줄이거나 잘라 저장한 뒤 올려 주십시오."
        ),
        Refusal.TOO_FEW_PIXELS.value: mark(
            "사진이 {width}×{height}픽셀로 너무 작습니다. 줄이지 않은 원본 사진을 올려 주십시오."
        ),
        Refusal.DAMAGED.value: mark(
            "파일이 손상되어 끝까지 읽을 수 없습니다. 사진첩에서 열리는지 확인하고 다시 올려 주십시오. "
            "그래도 안 되면 원본을 새로 복사해 올려 주십시오."
        ),
        Refusal.UNREADABLE.value: mark(
            "사진을 읽을 수 없습니다. 사진첩에서 열어 새 JPG로 저장한 뒤 다시 올려 주십시오. "
            "그래도 안 되면 담당 부서로 전화해 주십시오."
        ),
    }
)
