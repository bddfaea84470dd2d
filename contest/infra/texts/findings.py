"""Sentences on findings: each says what was found and what to do about it."""

from __future__ import annotations

from contest.infra.texts import mark, register

register(
    {
        "finding.not_image": mark("사진 파일이 아닙니다. 카메라나 휴대전화로 찍은 사진 파일을 올려 주세요."),
        "finding.unreadable": mark(
            "파일을 열 수 없습니다. 원본 파일을 다시 올리거나, 다른 기기에서 열리는지 확인해 주세요."
        ),
        "finding.damaged": mark(
            "파일이 끝까지 저장되지 않았거나 손상되었습니다. 원본 파일을 다시 올려 주세요."
        ),
        "finding.format": mark("{found} 형식은 받지 않습니다. {allowed} 형식으로 저장한 사진을 올려 주세요."),
        "finding.extension_mismatch": mark(
            "파일 이름은 {extension}이지만 내용은 {found}입니다. 그대로 두셔도 됩니다."
        ),
        "finding.too_small": mark(
            "사진의 긴 변이 {long_side:,}픽셀입니다. {least:,}픽셀 이상이어야 합니다."
            " 카카오톡으로 받은 사진은 줄어들어 있으니 앨범에서 원본을 고르세요."
        ),
        "finding.too_many_pixels": mark(
            "사진이 {megapixels}메가픽셀로 너무 큽니다. {most}메가픽셀 이하로 줄여서 올려 주세요."
        ),
        "finding.too_many_bytes": mark(
            "파일이 {megabytes}MB입니다. {most}MB까지 받습니다. JPG 품질을 조금 낮추어 저장해 주세요."
            " Lightroom에서는 내보내기 → 파일 크기 제한에 {most}000K를 적으시면 됩니다."
        ),
        "finding.too_few_bytes": mark(
            "파일이 {megabytes}MB로 너무 작습니다. {least}MB 이상인 원본 사진을 올려 주세요."
        ),
        "finding.over_cap": mark(
            "출품작이 {works}점입니다. 한 사람이 낼 수 있는 {cap}점만 남기고 나머지는 빼 주세요."
        ),
        "finding.late": mark(
            "{received}에 접수되어 마감({deadline})이 지났습니다. 마감 뒤에는 받을 수 없습니다."
            " 사정이 있으면 담당 부서로 전화해 주세요."
        ),
        "finding.same_file_same_person": mark(
            "이미 올리신 {entry}과(와) 같은 파일입니다. 한 점을 빼거나 다른 사진으로 바꾸어 주세요."
        ),
        "finding.same_file_other": mark(
            "다른 응모의 {entry}과(와) 같은 파일입니다. 두 사진을 나란히 보고 누가 찍었는지 원본으로 확인해 주세요."
        ),
        "finding.near_copy_other": mark(
            "다른 응모의 {entry}과(와) 거의 같은 사진입니다(차이 {distance}). 두 사진을 나란히 보고 확인해 주세요."
        ),
        "finding.near_copy_same_person": mark(
            "같은 분의 {entry}과(와) 거의 같은 사진입니다(차이 {distance}). 서로 다른 작품인지 확인해 주세요."
        ),
        "finding.earlier_edition_copy": mark(
            "{edition} 출품작 {entry}과(와) 거의 같은 사진입니다(차이 {distance})."
            " 이전 수상작인지 나란히 보고 확인해 주세요."
        ),
        "finding.library_match": mark(
            "다른 공모전 수상작 {entry} 사진과 같거나 그 일부로 보입니다."
            " 두 사진을 나란히 보고, 응모자에게 원본과 다른 공모전 입상 여부를 확인해 주세요."
        ),
        "finding.part_of_other": mark(
            "{entry}의 일부를 자르거나, 테두리·글자를 넣거나, 화면에서 다시 찍은 사진으로 보입니다(맞는 점 {points}곳)."
            " 겹치는 곳을 보고 누가 찍었는지 원본으로 확인해 주세요."
        ),
        "finding.same_scene": mark(
            "{entry}과(와) 같은 장면을 찍은 다른 컷으로 보입니다. 베낀 사진이라는 뜻은 아닙니다."
        ),
        "finding.taken_outside_window": mark(
            "촬영일이 {taken}(으)로 기록되어 있습니다. 촬영 기간({opens} ~ {closes}) 안에 찍은 사진인지 확인해 주세요."
            " 카메라 시계가 틀렸다면 작품 설명에 적어 주세요."
        ),
        "finding.outside_district": mark(
            "사진에 기록된 위치가 구 경계에서 {metres:,}m 밖입니다. 촬영 장소를 다시 확인해 주세요."
            " 구 밖에서 우리 구를 찍었다면 작품 설명에 적어 주세요."
        ),
        "finding.near_boundary": mark(
            "사진에 기록된 위치가 구 경계에서 {metres:,}m 거리입니다. 담당자가 지도에서 촬영 장소를 확인합니다."
        ),
        "finding.place_missing": mark("촬영 장소가 없습니다. 지도에서 짚거나 동 또는 명소를 골라 주세요."),
        "finding.ai_declared": mark(
            "AI로 만들거나 고쳤다는 표시({mark})가 파일에 있습니다. AI를 쓰지 않은 원본 사진을 올려 주세요."
        ),
        "finding.generator_mark": mark(
            "그림을 만들어 내는 프로그램의 표시({mark})가 파일에 있습니다. 카메라로 찍은 원본 사진을 올려 주세요."
        ),
        "finding.credentials_unchecked": mark(
            "사진의 제작 이력(C2PA)이 파일 밖에 있거나 손상되어 확인하지 않았습니다. 그대로 두셔도 됩니다."
        ),
        "finding.editor_mark": mark(
            "편집 프로그램({mark})으로 저장한 사진입니다. 색과 밝기만 고쳤다면 그대로 두셔도 됩니다."
        ),
        "finding.screenshot": mark(
            "화면을 갈무리한 그림으로 보입니다({mark}). 갈무리하지 않은 원본 사진을 올려 주세요."
        ),
        "finding.upscaled": mark(
            "작은 사진을 크게 늘린 것으로 보입니다(자세함은 긴 변 {pixels:,}픽셀쯤). 늘리지 않은 원본 사진을 올려 주세요."
        ),
        "finding.watermark": mark(
            "사진에 글씨가 얹혀 있는 것으로 보입니다. 서명이나 제목을 넣지 않은 사진으로 바꾸어 주세요."
            " 풍경 속 간판이라면 그대로 두셔도 됩니다."
        ),
        "finding.border": mark(
            "사진 둘레에 테두리가 있는 것으로 보입니다. 테두리를 두르지 않은 사진으로 바꾸어 주세요."
        ),
        "finding.date_stamp": mark(
            "사진에 날짜가 찍혀 있는 것으로 보입니다. 카메라의 날짜 표시를 끄고 찍은 사진이나"
            " 날짜가 없는 원본으로 바꾸어 주세요."
        ),
        "finding.blank": mark("사진이 거의 한 가지 색입니다. 다른 파일을 올리신 것은 아닌지 확인해 주세요."),
        "finding.soft": mark(
            "사진이 전체적으로 흐립니다. 더 또렷한 원본이 있으면 바꾸어 주세요."
            " 일부러 흐리게 찍었다면 그대로 두셔도 됩니다."
        ),
        "finding.thumbnail_differs": mark(
            "파일 안의 작은 미리보기 그림이 사진과 다릅니다. 고치기 전의 원본 파일이 있으면 보관해 주세요."
        ),
        "finding.messenger": mark(
            "카카오톡 같은 메신저로 받은 사진으로 보입니다({mark}). 수상하시면 원본을 내셔야 하니"
            " 앨범에 원본이 있으면 바꾸어 주세요."
        ),
        "finding.no_exif": mark(
            "사진에 촬영 정보가 없습니다. 촬영일을 직접 적어 주세요. 수상하시면 원본 파일을 확인합니다."
        ),
        "finding.no_gps": mark(
            "사진에 위치 정보가 없습니다. 촬영 장소를 골라 주시면 됩니다. 휴대전화에서는 흔한 일입니다."
        ),
        "finding.impossible_date": mark(
            "촬영일이 {taken}(으)로 기록되어 있어 맞지 않습니다. 실제 촬영일을 적어 주세요."
        ),
        "finding.drone": mark(
            "드론({device})으로 찍은 사진입니다. 비행 승인과 촬영 승인 서류가 있으면 함께 준비해 주세요."
        ),
        "finding.scanned": mark(
            "스캐너({device})로 읽은 사진입니다. 촬영 기간 안에 찍은 사진인지 작품 설명에 적어 주세요."
        ),
        "finding.same_phone_other_name": mark(
            "응모 {receipt}과(와) 전화번호는 같고 이름은 다릅니다. 같은 사람인지 확인하고 합치거나 나누어 주세요."
        ),
        "finding.portrait_unconsented": mark(
            "알아볼 수 있는 사람이 있지만 초상권 확인이 없습니다. 찍힌 분의 동의를 확인하고 표시해 주세요."
        ),
        "finding.names_in_text": mark(
            "제목이나 설명에 이름 또는 계정으로 보이는 글({found})이 있습니다. 심사위원이 볼 수 없도록 지워 주세요."
        ),
        "finding_name.not_image": mark("사진이 아님"),
        "finding_name.unreadable": mark("열 수 없음"),
        "finding_name.damaged": mark("파일 손상"),
        "finding_name.format": mark("받지 않는 형식"),
        "finding_name.extension_mismatch": mark("확장자 다름"),
        "finding_name.too_small": mark("크기 부족"),
        "finding_name.too_many_pixels": mark("크기 초과"),
        "finding_name.too_many_bytes": mark("용량 초과"),
        "finding_name.too_few_bytes": mark("용량 부족"),
        "finding_name.over_cap": mark("출품 점수 초과"),
        "finding_name.late": mark("마감 경과"),
        "finding_name.same_file_same_person": mark("같은 사람의 같은 파일"),
        "finding_name.same_file_other": mark("다른 응모와 같은 파일"),
        "finding_name.near_copy_other": mark("다른 응모와 유사"),
        "finding_name.near_copy_same_person": mark("같은 사람의 유사작"),
        "finding_name.earlier_edition_copy": mark("이전 회차와 유사"),
        "finding_name.library_match": mark("다른 공모전 수상작과 유사"),
        "finding_name.part_of_other": mark("다른 사진의 일부"),
        "finding_name.same_scene": mark("같은 장면"),
        "finding_name.taken_outside_window": mark("촬영 기간 밖"),
        "finding_name.outside_district": mark("관내 밖"),
        "finding_name.near_boundary": mark("경계 근처"),
        "finding_name.place_missing": mark("촬영 장소 없음"),
        "finding_name.ai_declared": mark("AI 표시"),
        "finding_name.generator_mark": mark("생성 프로그램 표시"),
        "finding_name.credentials_unchecked": mark("제작 이력 미확인"),
        "finding_name.editor_mark": mark("편집 프로그램 표시"),
        "finding_name.screenshot": mark("화면 갈무리"),
        "finding_name.upscaled": mark("확대한 사진"),
        "finding_name.watermark": mark("얹은 글씨"),
        "finding_name.border": mark("테두리"),
        "finding_name.date_stamp": mark("찍힌 날짜"),
        "finding_name.blank": mark("빈 사진"),
        "finding_name.soft": mark("흐린 사진"),
        "finding_name.thumbnail_differs": mark("다른 미리보기"),
        "finding_name.messenger": mark("메신저 사진"),
        "finding_name.no_exif": mark("촬영 정보 없음"),
        "finding_name.no_gps": mark("위치 정보 없음"),
        "finding_name.impossible_date": mark("맞지 않는 촬영일"),
        "finding_name.drone": mark("드론 사진"),
        "finding_name.scanned": mark("스캔한 사진"),
        "finding_name.same_phone_other_name": mark("같은 전화 다른 이름"),
        "finding_name.portrait_unconsented": mark("초상권 확인 없음"),
        "finding_name.names_in_text": mark("글에 이름"),
        "device_class.phone": mark("휴대전화"),
        "device_class.camera": mark("카메라"),
        "device_class.drone": mark("드론"),
        "device_class.scanner": mark("스캐너"),
        "device_class.unknown": mark("종류 모름"),
        "credentials.none": mark("없음 (AI 표시를 찾지 못했다는 뜻일 뿐입니다)"),
        "credentials.read_ai": mark("AI를 썼다고 스스로 밝힘"),
        "credentials.read": mark("있음, AI 표시는 찾지 못함"),
        "credentials.remote": mark("파일 밖에 있어 확인하지 않음"),
        "credentials.damaged": mark("손상되어 읽지 못함"),
        "credentials.signed": mark("서명한 이름 {name} (누구인지 확인한 것은 아닙니다)"),
        "credentials.broken": mark("서명한 뒤에 내용이 바뀌었습니다"),
        "grade.unfit": mark("부적합"),
        "grade.doubtful": mark("확인 필요"),
        "grade.note": mark("참고"),
        "grade.off": mark("끔"),
        "verdict.fit": mark("적합"),
        "verdict.doubtful": mark("확인 필요"),
        "verdict.unfit": mark("부적합"),
    }
)
