"""The classes of data that judging keeps."""

from __future__ import annotations

from contest.domain.data_classes import DataClass, Start, columns_of

CLASSES = (
    DataClass(
        "objection",
        Start.RULED,
        columns_of(
            {
                "objection": "facts_sealed evidence_sealed name_sealed contact_sealed",
                "objection_file": "name_sealed sha256",
                "statement": "question text_sealed",
            }
        ),
        period="objections", folders=("evidence",), kinds=("objection",), erasures=("objection",),
    ),
    DataClass(
        "jury",
        Start.ANNOUNCED,
        columns_of(
            {
                "judge": "affiliation desk_keys",
                "pledge": "signed_name",
                "completion": "signed_name",
                "conflict": "reason",
                "judge_work": "note",
                "deliberation_remark": "words",
                "deliberation_signature": "signed_name",
                "repair": "successor",
            }
        ),
        period="judges", kinds=("jury",), erasures=("jury",),
    ),
    DataClass(
        "result",
        Start.NEVER,
        columns_of(
            {
                "allocation": "inputs result",
                "award": "person_key",
                "reserve": "person_key",
                "standing": "detail",
                "dossier": "document",
                "round": "pseudonyms outcome",
                "reopening": "judges numbers pseudonyms signatures reason",
                "exclusion": "reason diff",
                "ruling": "reason",
                "judge": "release_reason",
                "chair_vote": "reason",
                "score_event": "reason",
                "deliberation_signature": "text",
                "repair": "reason facts",
                "pledge": "text",
                "completion": "text",
            }
        ),
    ),
)  # fmt: skip
