"""A form field for a date with hours and minutes, in Seoul."""

from __future__ import annotations

from wtforms import DateTimeLocalField


class MinuteField(DateTimeLocalField):
    """A date with hours and minutes, refused in Korean."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ValueError with the sentence for the field."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("연도부터 분까지 모두 적어 주세요. 예: 2024-10-01 10:00") from error
