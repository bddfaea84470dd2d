"""Browser assets: what is locked is what is taken, and nothing names a host."""

import json
from pathlib import Path

import pytest

from contest.infra import assets


def test_lock_names_no_host_and_pins_every_package_by_hash() -> None:
    text = (assets.ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    shipped = {name.removeprefix("node_modules/") for name, facts in packages.items() if not facts.get("dev")}
    taken = {"/".join(source.split("/")[: 2 if source.startswith("@") else 1]) for source, _ in assets.WANTED}
    assert taken == shipped


@pytest.mark.parametrize(
    ("said", "enough"), [("v20.20.2\n", True), ("v24.0.0", True), ("v18.19.1", False), ("", False)]
)
def test_old_or_missing_node_is_not_used(said: str, enough: bool) -> None:
    assert assets.is_new_enough(said) is enough


def test_stamp_changes_with_lock_and_with_recipe() -> None:
    assert len({assets.stamp(b"a", b"b"), assets.stamp(b"a", b"c"), assets.stamp(b"c", b"b")}) == 3


def test_copy_leaves_out_maps_marks_and_dead_lines(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    for source, name in assets.WANTED:
        path = modules / source
        if "." in name.rsplit("/", 1)[-1] or path.name == "LICENSE":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                b'@import "../../css/token/krds_tokens.css";\nbody{color:red}\n/*# sourceMappingURL=x.map */\n'
                * 40
            )
        else:
            path.mkdir(parents=True)
            for child in ("ico_call.svg", "ico_logo_krds.svg", "x.map"):
                (path / child).write_bytes(b"x")
    assets.copy_wanted(modules, tmp_path / "vendor")
    sheet = tmp_path / "vendor/krds/css/component/output.css"
    assert b"@import" not in sheet.read_bytes()
    assert b"sourceMappingURL" not in sheet.read_bytes()
    assert sheet.with_name("output.css.br").is_file()
    icons = tmp_path / "vendor/krds/img/component/icon"
    assert sorted(p.name for p in icons.iterdir()) == ["ico_call.svg"]


def test_second_run_does_nothing(tmp_path: Path) -> None:
    lock = (assets.ROOT / "package-lock.json").read_bytes()
    recipe = Path(assets.__file__).read_bytes()
    (tmp_path / ".stamp").write_text(assets.stamp(lock, recipe), encoding="ascii")
    assert assets.prepare(vendor=tmp_path, tools=tmp_path / "unused") is False
    assert not (tmp_path / "unused").exists()
