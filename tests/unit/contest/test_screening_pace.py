"""What the desk says of time left."""

import datetime as dt

from contest.domain.screening_pace import minutes_left

NOW = dt.datetime(2024, 9, 2, 10, 0, tzinfo=dt.UTC)


def test_the_pace_of_the_last_hour_tells_what_is_left() -> None:
    since = NOW - dt.timedelta(minutes=30)
    assert minutes_left(120, 60, since, NOW) == 60
    assert minutes_left(1, 60, since, NOW) == 1
    assert [
        minutes_left(0, 60, since, NOW),
        minutes_left(9, 4, since, NOW),
        minutes_left(9, 9, None, NOW),
    ] == [None] * 3
