"""The dossier in plain Korean: one page that can be read aloud, and the tables behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contest.domain.korean import with_particle
from contest.domain.ruleset import Aggregation
from judging.queries.dossier import Shown
from judging.web.counting_words import NAMES, figure_name
from judging.web.repeat_words import HEADER, NOTE, Repeated, repeat_sentence

_VERDICTS = {
    "firm": "결과가 굳습니다. 어느 위원 한 사람의 점수가 수상작을 가르지 않았습니다.",
    "mostly_firm": "결과가 대체로 굳습니다. 경계에 있는 작품 몇 점만 한 위원의 점수에 따라 달라질 수 있습니다.",
    "thin": "경계가 얇습니다. 한 위원의 점수에 따라 달라지는 작품이 적지 않습니다. "
    "경계에 있는 작품의 채점표를 한 번 더 살펴보시기 바랍니다.",
}
_WAYS = {method.value: name for method, name in NAMES.items()}
_STRONG, _FAIR = 2 / 3, 1 / 3
_SURE = 0.9


@dataclass(frozen=True)
class Sheet:
    """title, sentences of the first page, and tables: (title, header, rows, what it says to a clerk)."""

    verdict: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Table:
    """numbers: the columns that hold numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    numbers: frozenset[int]


def sheet_of(shown: Shown) -> Sheet:
    """The whole dossier in words."""
    again, talk = repeated_of(shown), shown.document.get("deliberation")
    sentences = [
        _on_judges(shown), _on_ways(shown), _on_margins(shown), _on_certainty(shown), _on_agreement(shown),
        *([_on_deliberation(talk)] if talk else []),
        *([repeat_sentence(again)] if again else []),
    ]  # fmt: skip
    tables = [
        _margins(shown), _without(shown), _ways(shown), _certainties(shown), _judges(shown),
        *([_repeats(again)] if again else []), _figures(shown), *([_moved(shown, talk)] if talk else []),
    ]  # fmt: skip
    return Sheet(
        _VERDICTS[shown.document["verdict"]],
        tuple(sentences),
        tuple(tables),
    )


def repeated_of(shown: Shown) -> list[Repeated]:
    """The judges who met works twice; none where the round had no repeats."""
    return [
        Repeated(shown.judges.get(one["judge"], ""), one["works"], one["difference"], one["within"])
        for one in shown.document.get("repeats", [])
    ]


def _on_judges(shown: Shown) -> str:
    winners = shown.document["winners"]
    turned = [one for one in shown.document["without"] if one["kept"] < winners]
    if not turned:
        return f"위원을 한 사람씩 빼고 다시 계산해도 수상작 {winners}점은 그대로 수상작입니다."
    worst = min(turned, key=lambda one: one["kept"])
    name = shown.judges.get(worst["name"], "")
    return (
        f"위원을 한 사람씩 빼고 다시 계산하면, {name} 위원을 뺄 때 가장 많이 달라져 수상작 {winners}점 가운데 "
        f"{winners - worst['kept']}점이 바뀝니다. 나머지는 그대로입니다."
    )


def _on_ways(shown: Shown) -> str:
    counted, winners = shown.document["counted"], shown.document["winners"]
    same = min(one["kept"] for one in counted)
    if same == winners:
        return f"점수를 {len(counted)}가지 방법으로 집계해도 수상작 {winners}점이 모두 같습니다."
    worst = min(counted, key=lambda one: one["kept"])
    return (
        f"점수를 {len(counted)}가지 방법으로 집계해 보면, 가장 다른 방법({_WAYS[worst['name']]})에서도 "
        f"{winners}점 가운데 {same}점이 같습니다."
    )


def _on_margins(shown: Shown) -> str:
    listed = shown.document["margins"]
    if not listed:
        return "상격이 나뉘는 경계가 없습니다."
    closest = min(listed, key=lambda one: one["points"])
    upper, lower = shown.tiers[closest["upper_tier"]], shown.tiers[closest["lower_tier"]]
    pair = f"{with_particle(upper, '과/와')} {lower}"
    gap = f"가장 가까운 경계는 {pair} 사이로, {_figure(shown)} {closest['points']:.2f}점 차이입니다."
    thin = sum(one["is_thin"] for one in listed)
    if not thin:
        return f"{gap} 위원 한 명이 한 항목을 한 단계 달리 주어도 뒤집히는 경계는 없습니다."
    return f"{gap} 위원 한 명이 한 항목을 한 단계 달리 주면 뒤집힐 수 있는 경계가 {thin}곳입니다."


def _on_certainty(shown: Shown) -> str:
    winners = [one for one in shown.document["certainties"] if one["tier"] != "reserve"]
    sure = sum(one["wins"] >= _SURE for one in winners)
    return (
        f"같은 위원들로 심사위원회를 다시 꾸리는 모든 경우를 따져 보면, 수상작 {len(winners)}점 가운데 {sure}점은 "
        "열에 아홉 번 넘게 다시 수상합니다."
    )


def _on_agreement(shown: Shown) -> str:
    alpha = shown.document["alpha"]
    if alpha is None:
        return "위원들의 점수가 얼마나 비슷한지는 점수가 적어 말할 수 없습니다."
    word = "서로 많이 달랐습니다"
    if alpha >= _FAIR:
        word = "매우 비슷했습니다" if alpha >= _STRONG else "어느 정도 비슷했습니다"
    given = "위원들이 심의하기 전에 저마다 준" if shown.document.get("deliberation") else "위원들의"
    return (
        f"{given} 점수는 {word}. "
        "보는 눈이 다른 것은 흠이 아니며, 여러 위원의 점수를 모으는 까닭이 여기에 있습니다."
    )


def _on_deliberation(talk: dict[str, Any]) -> str:
    if not talk["revisions"]:
        return "점수를 봉인한 뒤 심의했으나 고친 점수가 없어, 저마다 준 점수가 그대로 결과가 되었습니다."
    prized = sum(is_prized for _, _, _, is_prized in talk["moved"])
    return (
        f"점수를 봉인한 뒤 심의하여 위원 {talk['judges']}명이 점수 {talk['revisions']}개를 까닭을 적어 고쳤습니다. "
        f"그래서 순위가 달라진 작품은 {len(talk['moved'])}점이고 그 가운데 수상작은 {prized}점입니다."
    )


def _moved(shown: Shown, talk: dict[str, Any]) -> Table:
    rows = tuple(
        (shown.works[entry], f"{before}위", f"{after}위", "수상작" if is_prized else "")
        for entry, before, after, is_prized in talk["moved"]
    )
    return Table(
        "심의 앞뒤의 순위", ("출품번호", "심의 전", "심의 뒤", "상"), rows,
        "심의에서 고친 점수로 순위가 달라진 작품만 적었습니다. "
        "위원들의 일치도와 위원마다 점수를 준 모습은 심의하기 전에 저마다 준 점수로 계산했습니다.",
        frozenset({1, 2}),
    )  # fmt: skip


def _margins(shown: Shown) -> Table:
    rows = tuple(
        (
            f"{shown.tiers[one['upper_tier']]} / {shown.tiers[one['lower_tier']]}",
            shown.works[one["upper"]], shown.works[one["lower"]], f"{one['points']:.2f}", f"{one['step']:.2f}",
            _share(one["certainty"]),
        )
        for one in shown.document["margins"]
    )  # fmt: skip
    return Table(
        "상격 경계", ("경계", "위 작품", "아래 작품", "점수 차", "한 단계의 크기", "순서가 지켜질 확률"), rows,
        "‘한 단계의 크기’는 위원 한 명이 배점이 가장 큰 항목을 한 단계 달리 줄 때 순위를 정하는 값이 바뀌는 폭입니다. "
        "점수 차가 이보다 작으면 아슬아슬한 경계입니다.",
        frozenset({3, 4, 5}),
    )  # fmt: skip


def _without(shown: Shown) -> Table:
    rows = tuple(
        (f"{shown.judges.get(one['name'], '')} 위원을 뺌", f"{one['kept']}점", _moves(shown, one))
        for one in shown.document["without"]
    )
    return Table(
        "위원을 한 사람씩 뺐을 때", ("경우", "그대로인 수상작", "달라지는 작품"), rows,
        "한 사람의 점수가 결과를 좌우했는지 봅니다. "
        "달라지는 작품이 한 위원에게 몰려 있으면 그 위원의 채점표를 살펴보십시오.",
        frozenset({1}),
    )  # fmt: skip


def _ways(shown: Shown) -> Table:
    declared = _declared(shown)
    rows = tuple(
        (
            f"{_WAYS[one['name']]} (공고한 방법)" if one["name"] == declared else _WAYS[one["name"]],
            f"{one['kept']}점", _moves(shown, one),
        )
        for one in shown.document["counted"]
    )  # fmt: skip
    return Table(
        "집계 방법을 바꾸었을 때", ("방법", "그대로인 수상작", "달라지는 작품"), rows,
        "공고한 방법으로 정한 결과가 다른 방법으로도 비슷하게 나오는지 봅니다. 결과를 바꾸는 데 쓰지 않습니다.",
        frozenset({1}),
    )  # fmt: skip


def _certainties(shown: Shown) -> Table:
    document = shown.document
    rows = tuple(
        (shown.works[one["entry"]], shown.tiers[one["tier"]], _share(one["wins"]), _share(one["keeps"]))
        for one in document["certainties"]
    )
    how = "모두 세었습니다" if document["is_exact"] else "봉인값을 씨앗으로 뽑았습니다"
    return Table(
        "작품마다 결과가 지켜질 확률", ("출품번호", "상격", "수상할 확률", "이 상격 이상일 확률"), rows,
        f"같은 위원들 가운데서 거듭 뽑아 심사위원회를 다시 꾸리는 {document['panels']}가지를 {how}(부트스트랩).",
        frozenset({2, 3}),
    )  # fmt: skip


def _judges(shown: Shown) -> Table:
    rows = tuple(
        (
            shown.judges.get(one["judge"], ""), f"{one['works']}", f"{one['mean']:.2f}", f"{one['deviation']:.2f}",
            f"{one['lowest']:g}~{one['highest']:g}", _signed(one["leaning"]), _signed(one["drift"]),
            "-" if one["agreement"] is None else f"{one['agreement']:.2f}",
        )
        for one in shown.document["judges"]
    )  # fmt: skip
    return Table(
        "위원마다 점수를 준 모습",
        ("위원", "작품", "평균", "표준편차", "범위", "후함(+)·박함(−)", "뒤로 갈수록", "다른 위원과의 순위 상관"), rows,
        "‘뒤로 갈수록’은 마지막 4분의 1에 준 평균에서 처음 4분의 1에 준 평균을 뺀 값입니다. "
        "크게 다르면 지쳤거나 기준이 바뀐 것일 수 있습니다.",
        frozenset(range(1, 8)),
    )  # fmt: skip


def _repeats(again: list[Repeated]) -> Table:
    return Table(
        "같은 작품을 두 번 보았을 때", HEADER, tuple(one.cells for one in again), NOTE, frozenset({1, 2, 3})
    )


def _figures(shown: Shown) -> Table:
    document = shown.document
    rows = [("크리펜도르프 알파(등간)", "-" if document["alpha"] is None else f"{document['alpha']:.3f}", "")]
    for key, name in (
        ("single", "급내상관 ICC(2,1), 위원 한 명"),
        ("panel", "급내상관 ICC(2,k), 위원회 평균"),
    ):
        one = document[key]
        rows.append(
            (name, "-", "")
            if one is None
            else (name, f"{one['value']:.3f}", f"{one['low']:.3f} ~ {one['high']:.3f}")
        )
    return Table(
        "위원들의 일치도", ("지표", "값", "95% 구간"), tuple(rows),
        "1에 가까울수록 위원들이 비슷하게 보았다는 뜻입니다. "
        "Krippendorff(2011), Shrout·Fleiss(1979), McGraw·Wong(1996)의 식입니다.",
        frozenset({1, 2}),
    )  # fmt: skip


def _declared(shown: Shown) -> str | None:
    """The declared way of counting; dossiers made before there were several do not name it."""
    found: str | None = shown.document.get("declared")
    return found


def _figure(shown: Shown) -> str:
    """What the figures of the boundaries are called."""
    declared = _declared(shown)
    if declared == Aggregation.TOP_COUNTS:
        return "처음 다른 점수"
    return figure_name(Aggregation(declared)) if declared else "평균"


def _moves(shown: Shown, variant: dict[str, Any]) -> str:
    said = [
        f"{shown.works[entry]} {_tier(shown, declared)} → {_tier(shown, otherwise)}"
        for entry, declared, otherwise in variant["moves"]
        if "reserve" not in (declared or "reserve") or "reserve" not in (otherwise or "reserve")
    ]
    return ", ".join(said) or "없음"


def _tier(shown: Shown, code: str | None) -> str:
    return shown.tiers[code] if code else "수상 없음"


def _share(value: float) -> str:
    return f"{100 * value:.1f}%"


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"
