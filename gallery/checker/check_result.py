"""공개된 점수표로 공모전 결과를 다시 계산합니다. 파이썬 3.9 이상만 있으면 됩니다(다른 것은 쓰지 않습니다).

사용법: python3 check_result.py scores.json [봉인값] [예심의 봉인값] [결선투표의 봉인값] [심의 전 봉인값]

봉인값은 마감하거나 개표할 때 공개한 값입니다.

0. 예심이 있었으면 그 표의 봉인값과, 공고한 기준에 따라 올라간 작품이 그대로 나오는지,
1. 점수표가 심사를 마감할 때 공개한 봉인값과 맞는지(점수가 하나라도 바뀌면 어긋납니다), 심의가 있었으면 심의하기 전의
   점수가 그때의 봉인값과 맞고 달라진 점수가 모두 심의 시간에 고친 것인지,
2. 점수에서 순위가 그대로 나오는지(동점 결선투표가 있었으면 그 표의 봉인값과 개표도 함께),
3. 순위에서 수상작과 상금이 그대로 나오는지 봅니다.
This program recomputes the result from the published scores with nothing but the standard library. It shares no
code with the program that ran the contest, so that a fault of the one is not a fault of the other.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable

Record = dict[str, Any]
FEWEST_TRIMMED = 3
ABSTAINED, YES = 2, 3


def main(arguments: list[str]) -> int:
    """0 if everything agrees, 1 if something does not, 2 if the file cannot be read."""
    if not arguments:
        print(
            "사용법: python3 check_result.py scores.json [봉인값] [예심의 봉인값] [결선투표의 봉인값] [심의 전 봉인값]"
        )
        return 2
    try:
        record = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        published = (
            arguments[1].replace(" ", "").lower() if len(arguments) > 1 else record["commitment"]["root"]
        )
        wrong = [
            *check_votes(record, arguments[2:]),
            *check_commitment(record, published),
            *check_deliberation(record, arguments[2 + ballots_before(record) :]),
            *check_runoffs(record, arguments[2 + len(record.get("before", [])) :]),
            *check_ranking(record),
            *check_winners(record),
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError, ZeroDivisionError) as error:
        print(f"점수표를 읽을 수 없습니다. 내려받은 파일이 온전한지 확인해 주세요. ({error})")
        return 2
    for line in wrong:
        print(f"  다름: {line}")
    print("결론: 모두 일치합니다." if not wrong else f"결론: {len(wrong)}가지가 다릅니다.")
    return 1 if wrong else 0


def check_votes(record: Record, published: list[str]) -> list[str]:
    """Rounds before the last one: their roots, ranks where they rank, and who went on by the declared rule."""
    wrong = []
    for at, held in enumerate(record.get("before", [])):
        said = published[at].replace(" ", "").lower() if at < len(published) else held["commitment"]["root"]
        root = root_of(held)
        if root != said:
            wrong.append(f"{held['name']}: 봉인값이 마감할 때 공개한 값과 다릅니다.")
        wrong += [
            f"{held['name']} 작품 {number}: 다시 계산하면 {row}와 기록이 다릅니다. (순위, 값)"
            for number, row in sorted(ranks_before(held).items())
            if [number, *row] not in held["ranking"]
        ]
        computed = went_on(held)
        for number in sorted(computed ^ set(held["goes_on"])):
            told = "올라갔다고" if number in held["goes_on"] else "올라가지 않았다고"
            wrong.append(f"{held['name']} 작품 {number}: 다시 세면 기록({told} 적힘)과 다릅니다.")
        kind = "점수" if "counted" in held else "표"
        print(
            f"0. {held['name']}    {kind} {len(held['scores']):,}개 → {root[:16]}… 올라간 작품 {len(computed):,}점"
        )
    if record.get("before") and len(record["ranking"]) > len(record["before"][-1]["goes_on"]):
        wrong.append("마지막 단계의 작품이 앞 단계에서 올라간 작품보다 많습니다.")
    return wrong


def ranks_before(held: Record, lot: bool = True) -> dict[str, tuple[int, str]]:
    """The ranks of an earlier round; of one of votes none. lot: whether the lot parts what nothing else does."""
    if "counted" not in held:
        return {}
    rule = dict(held["counted"])
    if not lot:
        rule["ties"] = [step for step in rule["ties"] if step != "lot"]
    return ranks({**held, "rule": rule, "chair": {}})


def went_on(held: Record) -> set[str]:
    """The works that the rule takes over: yes (3) against no (1); who abstained (2) has not voted.

    From a round that ranked: the first so many, and whoever was equal to the last of them.
    """
    if "counted" in held:
        left = {n: rank for n, (rank, _) in ranks_before(held, lot=False).items() if n not in held["gone"]}
        bound = sorted(left.values())[min(held["rule"]["count"], len(left)) - 1] if left else 0
        return {number for number, rank in left.items() if rank <= bound}
    away = {(number, judge) for number, judge in held["recused"]}
    cast: dict[str, list[int]] = {number: [] for number in held["works"] if number not in held["gone"]}
    for number, judge, _, level, _ in held["scores"]:
        if (
            number in cast
            and level != ABSTAINED
            and judge not in held["released"]
            and (number, judge) not in away
        ):
            cast[number].append(level)
    share = {number: Fraction(v.count(YES), len(v)) if v else Fraction(-1) for number, v in cast.items()}
    rule = held["rule"]
    if rule["kind"] == "all_go_on":
        return set(share)
    if rule["kind"] == "threshold":
        return {number for number, value in share.items() if value >= Fraction(rule["percent"], 100)}
    if not share or rule["count"] < 1:
        return set()
    last = sorted(share.values(), reverse=True)[min(rule["count"], len(share)) - 1]
    return {number for number, value in share.items() if value >= last}


def root_of(record: Record) -> str:
    """The root over all scores (a tree as in RFC 9162)."""
    salt = record["commitment"]["salt"]
    leaves = [
        hashlib.sha256(
            b"\x00" + json.dumps([salt, *score], separators=(",", ":"), ensure_ascii=False).encode()
        ).digest()
        for score in sorted(record["scores"])
    ]
    return tree(leaves).hex() if leaves else hashlib.sha256(b"").hexdigest()


def check_commitment(record: Record, published: str) -> list[str]:
    """The root over all scores against the value that was public at the seal."""
    root = root_of(record)
    print(
        f"1. 봉인값  점수 {len(record['scores']):,}개 → {root[:16]}… {'일치' if root == published else '다름'}"
    )
    earlier = [before for before, _, _ in record.get("superseded", [])]
    for before, sealed, reopened in record.get("superseded", []):
        print(f"   앞선 봉인값 {before[:16]}… ({sealed[:16]} 봉인, {reopened[:16]} 다시 엶)")
    if root == published:
        return []
    if published in earlier:
        return ["적어 두신 값은 심사를 다시 열기 전의 봉인값입니다. 다시 마감할 때 공개한 값을 넣어 주세요."]
    return ["점수표의 봉인값이 심사를 마감할 때 공개한 값과 다릅니다."]


def ballots_before(record: Record) -> int:
    """How many published values stand between that of the scores and that before the deliberation."""
    return len(record.get("before", [])) + len(record.get("runoffs", []))


def check_deliberation(record: Record, published: list[str]) -> list[str]:
    """The deliberation of each round that had one, in order, against the values that were public before it."""
    talked = [one for one in [*record.get("before", []), record] if "deliberation" in one]
    return [
        line
        for at, one in enumerate(talked)
        for line in check_talk(one, published[at].replace(" ", "").lower() if at < len(published) else "")
    ]


def check_talk(record: Record, published: str) -> list[str]:
    """The scores sealed before a deliberation, and that they became the round's last ones by its revisions alone."""
    held = record["deliberation"]
    wrong = []
    said = published or held["commitment"]["root"]
    root = root_of(held)
    if root != said:
        wrong.append("심의하기 전 점수의 봉인값이 그때 공개한 값과 다릅니다.")
    stands = {(number, judge, code): (level, at) for number, judge, code, level, at in held["scores"]}
    for number, judge, code, before, after, at in held["revisions"]:
        cell = (number, judge, code)
        if stands.get(cell, (None, ""))[0] != before:
            wrong.append(f"작품 {number}, {judge}: 고치기 전의 점수가 기록과 다릅니다.")
        if not moment(held["opened_at"]) <= moment(at) < moment(held["ends_at"]):
            wrong.append(f"작품 {number}, {judge}: 심의 시간 밖에 고친 점수입니다.")
        stands[cell] = (after, at)
    last = {(number, judge, code): (level, at) for number, judge, code, level, at in record["scores"]}
    wrong += [
        f"작품 {number}, {judge}: 심의에서 고쳤다는 기록 없이 점수({code})가 다릅니다."
        for number, judge, code in sorted({*stands, *last})
        if stands.get((number, judge, code)) != last.get((number, judge, code))
    ]
    rank = ranks_before if "counted" in record else ranks
    before, after = (rank({**record, "scores": scores}) for scores in (held["scores"], record["scores"]))
    moved = sum(before[number][0] != after[number][0] for number in set(before) & set(after))
    print(
        f"   심의 전 봉인값 {root[:16]}… {'일치' if root == said else '다름'} · 심의에서 고친 점수"
        f" {len(held['revisions']):,}개 · 순위가 달라진 작품 {moved:,}점"
    )
    return wrong


def moment(text: str) -> datetime:
    """An instant as the record writes it."""
    return datetime.fromisoformat(text)


def check_runoffs(record: Record, published: list[str]) -> list[str]:
    """The roots over the ballots of the run-offs that equal works went through."""
    wrong = []
    for at, held in enumerate(record.get("runoffs", [])):
        said = published[at].replace(" ", "").lower() if at < len(published) else held["commitment"]["root"]
        root = root_of(held)
        if root != said:
            wrong.append(f"결선투표 {at + 1}: 표의 봉인값이 개표할 때 공개한 값과 다릅니다.")
        print(
            f"   결선투표 {at + 1}  작품 {len(held['works'])}점 → {root[:16]}… {'일치' if root == said else '다름'}"
        )
    return wrong


def decided(held: Record, left: set[str], away: set[tuple[str, str]]) -> dict[str, int]:
    """Number -> pairs lost less pairs won in a run-off; a conflict of interest in one work counts for all."""
    ballots: dict[str, dict[str, int]] = {}
    for number, judge, _, place, _ in held["scores"]:
        if judge not in left and not any((other, judge) in away for other in held["works"]):
            ballots.setdefault(judge, {})[number] = place
    lost = dict.fromkeys(held["works"], 0)
    for one in held["works"]:
        for other in held["works"]:
            before = sum(ballot[one] < ballot[other] for ballot in ballots.values())
            if 2 * before > len(ballots):
                lost[one] -= 1
                lost[other] += 1
    return lost


def tree(hashes: list[bytes]) -> bytes:
    """The digest above a list of digests, split at the largest power of two below its length."""
    if len(hashes) == 1:
        return hashes[0]
    cut = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree(hashes[:cut]) + tree(hashes[cut:])).digest()


def check_ranking(record: Record) -> list[str]:
    """Means and ranks from the scores alone, against those that were stored."""
    computed = ranks(record)
    stored = {number: (rank, mean) for number, rank, mean in record["ranking"]}
    wrong = [
        f"작품 {number}: 다시 계산하면 {row}, 기록은 {stored.get(number)} (순위, 평균)"
        for number, row in sorted(computed.items())
        if stored.get(number) != row
    ]
    wrong += [
        f"작품 {number}: 점수가 없는데 순위가 있습니다." for number in sorted(set(stored) - set(computed))
    ]
    print(f"2. 순위    작품 {len(computed):,}점의 평균과 순위 {'일치' if not wrong else '다름'}")
    return wrong


def ranks(record: Record) -> dict[str, tuple[int, str]]:
    """Number -> (rank, mean as printed)."""
    rule = record["rule"]
    weights = {code: weight for code, _, weight in rule["criteria"]}
    cards: dict[str, dict[str, dict[str, int]]] = {}
    for number, judge, criterion, level, _ in record["scores"]:
        if criterion.startswith("repeat:"):  # a work that a judge met twice: the second score counts nowhere
            continue
        cards.setdefault(number, {}).setdefault(judge, {})[criterion] = level
    away = {(number, judge) for number, judge in record["recused"]}
    left = set(record["released"])

    is_ballot = rule.get("method") == "ballot"
    orders: dict[str, dict[str, int]] = {}
    for number, judged in cards.items():
        for judge, card in judged.items():
            if is_ballot and judge not in left and (number, judge) not in away:
                orders.setdefault(judge, {})[number] = card["place"]

    def behind(number: str, judge: str) -> Fraction:
        """Of 100 points the share of the judge's other works that stand behind this one; equals count half."""
        others = [place for other, place in orders[judge].items() if other != number]
        mine = orders[judge][number]
        beaten = sum(place > mine for place in others) + Fraction(sum(place == mine for place in others), 2)
        return Fraction(100 * beaten) / len(others) if others else Fraction(50)

    def points(card: dict[str, int], codes: list[str]) -> Fraction:
        return sum((Fraction(weights[code] * card[code], rule["levels"]) for code in codes), Fraction(0))

    # A sheet that was begun by a judge who did not have to finish it is none.
    cards = {n: {j: c for j, c in judged.items() if len(c) == len(weights)} for n, judged in cards.items()}

    counting = rule.get("counting", "mean")
    held_cards = {
        n: {j: c for j, c in judged.items() if j not in left and (n, j) not in away}
        for n, judged in cards.items()
    }

    def mean(number: str, codes: list[str]) -> Fraction:
        counted = held_cards[number]
        values = sorted(behind(number, j) if is_ballot else points(c, codes) for j, c in counted.items())
        recused = any(one == number and judge not in left for one, judge in away)
        drops = rule["trim"] and (
            len(values) >= max(rule["minimum"], FEWEST_TRIMMED)
            or (recused and rule["recusal_rule"] == "trim" and len(values) >= FEWEST_TRIMMED)
        )
        kept = values[1:-1] if drops else values
        return sum(kept, Fraction(0)) / len(kept)

    def compared(value: Fraction) -> Fraction:
        return half_up(value) if rule["compare"] == "rounded" else value

    def figures(codes: list[str]) -> dict[str, tuple[Any, Fraction]]:
        """Number -> (what ranks it, smaller is better; the figure that is printed)."""
        if counting == "mean":
            means = {number: mean(number, codes) for number in cards}
            return {number: ((-compared(value),), value) for number, value in means.items()}
        table = {n: {j: points(c, codes) for j, c in counted.items()} for n, counted in held_cards.items()}
        found: dict[str, tuple[Any, Fraction]] = {}
        for number, row in table.items():
            values = sorted(row.values(), reverse=True)
            middle = len(values) // 2
            if counting == "top_counts":
                shares = [
                    (-value, Fraction(-values.count(value), len(values)))
                    for value in sorted(set(values), reverse=True)
                ]
                found[number] = (tuple(shares), sum(values, Fraction(0)) / len(values))
                continue
            if counting == "median":
                value = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
            else:
                weigh = standard if counting == "z_score" else beaten_by
                own = [
                    weigh(number, {n: judged[j] for n, judged in table.items() if j in judged}) for j in row
                ]
                value = sum(own, Fraction(0)) / len(own)
            found[number] = ((-compared(value),), value)
        return found

    def levels(number: str) -> tuple[Fraction, ...]:
        if is_ballot:
            own = [order for order in orders.values() if number in order]
            better = [sum(place < order[number] for place in order.values()) for order in own]
            return tuple(Fraction(-better.count(place), len(own)) for place in range(len(cards)))
        counted = [c for j, c in cards[number].items() if j not in left and (number, j) not in away]
        given = [level for card in counted for level in card.values()]
        return tuple(Fraction(-given.count(level), len(given)) for level in range(rule["levels"], 0, -1))

    held_runoffs = {frozenset(one["works"]): one for one in record.get("runoffs", [])}
    heavier_first = sorted(weights, key=lambda code: -weights[code])  # equal weights in listed order
    ladder: list[str] = []
    for step in rule["ties"]:
        if is_ballot and step.startswith("criterion:"):
            continue
        ladder += [f"criterion:{code}" for code in heavier_first] if step == "criterion:by_weight" else [step]
    totals = figures(list(weights))
    groups = [list(group) for group in grouped(list(totals), lambda number: totals[number][0])]
    waiting: set[str] = set()  # their run-off was not held: nothing further down may part them
    for step in ladder:
        kind, _, code = step.partition(":")
        parted: list[list[str]] = []
        for group in groups:
            keys: dict[str, Any] = {}
            if len(group) == 1 or waiting & set(group):
                parted.append(group)
                continue
            if kind == "criterion":
                single = figures([code])
                keys = {number: single[number][0] for number in group}
            elif kind == "counts":
                keys = {number: levels(number) for number in group}
            elif kind == "panel_runoff" and frozenset(group) in held_runoffs:
                keys = decided(held_runoffs[frozenset(group)], left, away)
            elif kind == "panel_runoff":
                waiting |= set(group)
            elif kind == "lot" and rule["lot_seed"]:
                keys = {number: drawn(rule["lot_seed"], number) for number in group}
            else:
                keys = {number: record["chair"].get(number) for number in group if kind == "chair"}
            known = len(keys) == len(group) and None not in keys.values()
            parted += grouped(group, keys.__getitem__) if known else [group]
        groups = parted
    found: dict[str, tuple[int, str]] = {}
    for group in groups:
        rank = len(found) + 1
        found.update({number: (rank, printed(totals[number][1])) for number in group})
    return found


def standard(number: str, given: dict[str, Fraction]) -> Fraction:
    """A judge's score as a standard score: 50 and ten times its distance from the judge's mean.

    The distance is in the judge's standard deviations, cut towards zero at the ninth place; 50 where the judge gave
    every work the same.
    """
    middle = sum(given.values(), Fraction(0)) / len(given)
    variance = sum(((value - middle) ** 2 for value in given.values()), Fraction(0)) / len(given)
    if variance == 0:
        return Fraction(50)
    squared = (given[number] - middle) ** 2 * 10**18 / variance
    size = math.isqrt(squared.numerator // squared.denominator)
    return 50 + Fraction(10 * (size if given[number] >= middle else -size), 10**9)


def beaten_by(number: str, given: dict[str, Fraction]) -> Fraction:
    """Of 100 points the share of the judge's other works with a lower score; equals count half, a lone work has 50."""
    others = [value for other, value in given.items() if other != number]
    beaten = sum(value < given[number] for value in others)
    equal = sum(value == given[number] for value in others)
    return Fraction(100 * (2 * beaten + equal), 2 * len(others)) if others else Fraction(50)


def drawn(seed: str, number: str) -> int:
    """A work's place in the lot: the seed was fixed, and its digest public, before a score was given."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{number}".encode()).digest(), "big")


def grouped(numbers: list[str], key: Callable[[str], Any]) -> list[list[str]]:
    """Numbers with equal keys together, smallest key first."""
    groups: dict[Any, list[str]] = {}
    for number in numbers:
        groups.setdefault(key(number), []).append(number)
    return [sorted(groups[value]) for value in sorted(groups)]


def half_up(value: Fraction) -> Fraction:
    """Two decimals, halves upwards."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def printed(value: Fraction) -> str:
    """As the tally prints it."""
    units = int(half_up(value) * 100)
    whole, rest = divmod(abs(units), 100)
    return f"{'-' if units < 0 else ''}{whole}.{rest:02d}"


def standing(record: Record) -> list[tuple[str, int]]:
    """(number, rank) best first: the last round, then whom each earlier round that ranked left behind, "1:017"."""
    line = [(number, rank) for number, rank, _ in sorted(record["ranking"], key=lambda row: (row[1], row[0]))]
    for at, held in reversed(list(enumerate(record.get("before", []), start=1))):
        left = {n: rank for n, (rank, _) in ranks_before(held).items() if n not in held["goes_on"]}
        above = len(line)
        line += [
            (f"{at}:{number}", above + 1 + sum(other < rank for other in left.values()))
            for number, rank in sorted(left.items(), key=lambda pair: (pair[1], pair[0]))
        ]
    return line


def check_winners(record: Record) -> list[str]:
    """The walk down the ranks, and every exclusion after it, against the winners that were announced."""
    tiers = [(code, count, amount) for code, _, count, amount in record["scheme"]]
    names = {code: name for code, name, _, _ in record["scheme"]}
    person = {number: at for at, group in enumerate(record["same_person"]) for number in group}
    order = standing(record)
    seen: set[Any] = set()
    line: list[str] = []
    for number, _ in order:
        own = person.get(number, number)
        if number in record["excluded"] or own in seen:
            continue
        seen.add(own)
        line.append(number)
    seats = sum(count for _, count, _ in tiers)
    held: dict[str, list[str]] = {}
    at = 0
    for code, count, _ in tiers:
        held[code] = line[at : min(at + count, seats)]
        at += count
    waiting = line[seats : seats + record["reserves"]]
    places = dict(order)
    for number, policy in record["successions"]:
        succeed(held, waiting, number, policy, places)
    got = {number: code for code, numbers in held.items() for number in numbers}
    told = {number: code for number, code, _ in record["winners"]}

    def said(code: str | None) -> str:
        return names[code] if code else "수상 없음"

    wrong = [
        f"작품 {number}: 다시 계산하면 {said(got.get(number))}, 발표는 {said(told.get(number))}"
        for number in sorted({*got, *told})
        if got.get(number) != told.get(number)
    ]
    amounts = {code: amount for code, _, amount in tiers}
    total = sum(amounts[code] for code in got.values())
    print(f"3. 수상    {len(got)}점 · {total:,}원 {'일치' if not wrong else '다름'}")
    return wrong


def succeed(
    held: dict[str, list[str]], waiting: list[str], number: str, policy: str, places: dict[str, int]
) -> None:
    """Take a work out and fill what it leaves, as the edition declared it."""
    if number in waiting:
        waiting.remove(number)
        return
    codes = list(held)
    at = next(index for index, code in enumerate(codes) if number in held[code])
    held[codes[at]].remove(number)
    if policy == "leave_empty":
        return
    for upper, lower in zip(codes[at:], codes[at + 1 :]):
        if held[lower]:
            # By either policy one of the next tier rises: its first.
            best = min(held[lower], key=lambda one: places[one])
            held[lower].remove(best)
            held[upper].append(best)
    if waiting:
        held[codes[-1]].append(waiting.pop(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
