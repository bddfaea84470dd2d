"""The README's commands, run as they stand in a copy of the project with a data folder of its own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from servers import free_ports

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
READY = 90


def commands() -> list[str]:
    """Every line of the README's shell blocks, its comment left out."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as git would hand it over, with what set-up fetched before, so that nothing is fetched again."""
    folder = tmp_path_factory.mktemp("readme") / "chalkak"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    vendor = ROOT / "contest/static/vendor"
    if not (vendor / ".stamp").is_file():
        subprocess.run([sys.executable, "-m", "contest.infra.assets"], cwd=ROOT, check=True)
    shutil.copytree(vendor, folder / "contest/static/vendor")
    return folder


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the commands: this interpreter's environment, a port and a data folder of their own."""
    own = tmp_path_factory.mktemp("data")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHALKAK_")}
    return kept | {
        "VENV": sys.prefix, "CHALKAK_DATA": str(own / "instance"), "CHALKAK_PORT": str(free_ports(1)[0]),
    }  # fmt: skip


def run(copy: Path, environ: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, cwd=copy, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def serve_and_stop(copy: Path, environ: dict[str, str]) -> str:
    """make run until it answers, then Ctrl+C; what it printed."""
    port = environ["CHALKAK_PORT"]
    running = subprocess.Popen(
        ["make", "run"], cwd=copy, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + READY
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
                    page = answer.read().decode()
                break
            except (urllib.error.URLError, OSError):
                assert running.poll() is None, running.stdout and running.stdout.read()
                assert time.monotonic() < deadline, "make run did not answer"
                time.sleep(0.3)
        assert "시연용" in page
        time.sleep(1)
    finally:
        os.killpg(running.pid, signal.SIGINT)
        said, _ = running.communicate(timeout=60)
    return said


def test_every_command_is_one_that_is_tried_here() -> None:
    assert commands() == [
        "make run",
        "make test",
        "CHALKAK_PORT=8080 CHALKAK_DATA=/srv/chalkak make run",
        "make backup",
        "make restore FILE=백업파일.tar",
        "make rehearse PHOTOS=사진폴더",
    ]


def test_run_backup_and_restore(copy: Path, environ: dict[str, str], tmp_path: Path) -> None:
    said = serve_and_stop(copy, environ)
    assert f"http://127.0.0.1:{environ['CHALKAK_PORT']}/" in said
    assert "[1/5]" in said
    backed = run(copy, environ, "make", "backup")
    file = re.search(r"(\S+\.tar)", backed)
    assert file is not None, backed
    empty = environ | {"CHALKAK_DATA": str(tmp_path / "restored"), "CHALKAK_PORT": str(free_ports(1)[0])}
    assert "되살리고 확인했습니다" in run(copy, empty, "make", "restore", f"FILE={file.group(1)}")
    served = serve_and_stop(copy, empty)  # CHALKAK_PORT=… CHALKAK_DATA=… make run
    assert f"http://127.0.0.1:{empty['CHALKAK_PORT']}/" in served


@pytest.mark.parametrize("command", ["make test", "make rehearse PHOTOS=photos"])
def test_the_long_commands_are_real_targets(copy: Path, environ: dict[str, str], command: str) -> None:
    said = run(copy, environ, *shlex.split(command), "-n")
    assert "pytest" in said or "rehearse --photos" in said
