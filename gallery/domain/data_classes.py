"""The classes of data that the announcement keeps."""

from __future__ import annotations

from contest.domain.data_classes import DataClass, Start, columns_of

CLASSES = (
    DataClass(
        "published_name", Start.ANNOUNCED, columns_of({"exhibit": "name"}), period="names",
        kinds=("published_name",), erasures=("published_name",),
    ),
    DataClass(
        "published_text",
        Start.ANNOUNCED,
        columns_of({"exhibit": "place dong description alternative_text taken_on"}),
        period="winners", kinds=("published_text",), erasures=("published_text",),
    ),
    DataClass(
        "announcement",
        Start.NEVER,
        columns_of({"exhibit": "title retraction", "hold": "reason notice", "publication": "correction"}),
    ),
)  # fmt: skip
