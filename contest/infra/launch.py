"""From a fresh machine to a served contest, step by step; the standard library only, for it runs first."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
ENVIRON = os.environ  # noqa: TID251  children inherit it whole; settings are read by settings.py
VENV = ROOT / ENVIRON.get("VENV", ".venv")
BIN = VENV / "bin"
PYTHON = str(BIN / "python")
FLASK = (str(BIN / "flask"), "--app", "wsgi")
OLDEST = (3, 11)
LOCK_OPTIONS = (
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet",
)  # fmt: skip

Step = tuple[str, Callable[[], object]]


class Stop(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)  # noqa: T201  this is a command


def run(*command: str, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command in the project's folder; quiet keeps what it prints."""
    return subprocess.run(command, cwd=ROOT, capture_output=quiet, text=True, check=False)  # noqa: S603  our own


def make_environment() -> None:
    """The virtual environment, made where it is missing."""
    if sys.version_info < OLDEST:
        raise Stop(
            f"파이썬 3.11 이상이 필요합니다(지금은 {sys.version.split()[0]}). "
            "새 파이썬을 설치한 뒤 `make run PYTHON=python3.11`처럼 알려 주세요."
        )
    if not (BIN / "python").exists() and run(sys.executable, "-m", "venv", str(VENV), quiet=True).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop(
            "파이썬 가상환경을 만들지 못했습니다. "
            "데비안·우분투에서는 `apt-get install python3-venv`로 설치한 뒤 다시 실행해 주세요."
        )


def install(lock: str) -> None:
    """Install a hashed lock; skipped while the lock is the one installed last."""
    path = ROOT / "requirements" / f"{lock}.txt"
    stamp = VENV / f".installed-{lock}"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    pip = (PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes")
    if run(*pip, "-r", str(path)).returncode:
        raise Stop(
            "파이썬 라이브러리를 내려받지 못했습니다. "
            "인터넷 연결이나 사내 PyPI 미러 설정(pip.conf)을 확인한 뒤 다시 실행해 주세요."
        )
    stamp.write_text(digest)


def make_assets() -> None:
    """Fonts, styles and scripts from npm into contest/static/vendor."""
    if run(PYTHON, "-m", "contest.infra.assets").returncode:
        raise Stop("화면에 쓰는 글꼴과 스타일을 준비하지 못했습니다. 위의 안내를 확인해 주세요.")


def make_checkers() -> None:
    """The page checkers of the tests."""
    if run(PYTHON, "-m", "contest.infra.assets", "checkers").returncode:
        raise Stop("화면 시험 도구를 준비하지 못했습니다. 위의 안내를 확인해 주세요.")


def compile_catalogues() -> None:
    """Translations compiled where they are older than their source."""
    if run(PYTHON, "-m", "contest.infra.catalogues", "compile").returncode:
        raise Stop("번역 파일을 준비하지 못했습니다.")


def flask(*arguments: str) -> str:
    """Run one of the program's own commands; what it printed."""
    done = run(*FLASK, *arguments, quiet=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise Stop(lines[-1] if lines else f"flask {arguments[0]} 실행이 멈추었습니다.")
    return done.stdout


STEPS: tuple[Step, ...] = (
    ("파이썬 환경", make_environment),
    ("라이브러리", lambda: install("run")),
    ("화면 글꼴과 스타일", make_assets),
    ("번역", compile_catalogues),
    ("데이터베이스", lambda: flask("prepare")),
)
DEVELOPERS: tuple[Step, ...] = (
    *STEPS[:2],
    ("개발 도구", lambda: install("dev")),
    ("화면 시험 도구", make_checkers),
    *STEPS[2:4],
)


def take(steps: tuple[Step, ...], total: int = 0) -> None:
    """Take every step with its number, of so many in all; a step already done takes no time."""
    for number, (name, step) in enumerate(steps, 1):
        say(f"[{number}/{total or len(steps)}] {name}")
        step()


def serve() -> int:
    """The database brought up to date, then web server and job worker, all from one process; its exit code."""
    say(f"[{len(STEPS)}/{len(STEPS)}] {STEPS[-1][0]}")
    running = subprocess.Popen([*FLASK, "serve"], cwd=ROOT)  # noqa: S603  our own arguments

    def stop(_signal: int = 0, _frame: FrameType | None = None) -> None:
        # From a terminal it has had the signal already; a second one is harmless.
        running.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return running.wait()


def write_locks() -> None:
    """Hashed locks without addresses, written by uv from an environment of its own, and the list of what is in them."""
    tools = ROOT / ".tools" / "uv"
    if not (tools / "bin" / "uv").exists():
        run(sys.executable, "-m", "venv", str(tools))
        run(str(tools / "bin" / "pip"), "install", "--quiet", "uv")
    for source in sorted((ROOT / "requirements").glob("*.in")):
        lock = source.with_suffix(".txt")
        names = (f"requirements/{source.name}", "-o", f"requirements/{lock.name}")
        if run(str(tools / "bin" / "uv"), "pip", "compile", *LOCK_OPTIONS, *names).returncode:
            raise Stop(f"{source.name}의 잠금 파일을 만들지 못했습니다. 위의 안내를 확인해 주세요.")
        if "://" in lock.read_text():
            raise Stop(f"{lock.name}에 저장소 주소가 들어 있습니다. 주소 없이 다시 만들어 주세요.")
    if run(sys.executable, "-m", "contest.infra.sbom").returncode:
        raise Stop("라이브러리 목록(SBOM)을 쓰지 못했습니다.")


def main(arguments: list[str]) -> int:
    """Run | prepare | environment | dev | lock."""
    task = arguments[0] if arguments else "run"
    try:
        if task == "lock":
            write_locks()
        elif task == "dev":
            take(DEVELOPERS)
        elif task == "environment":
            take(STEPS[:-1])
        elif task == "run":
            take(STEPS[:-1], len(STEPS))
            return serve()
        else:
            take(STEPS)
    except Stop as reason:
        say(f"\n멈추었습니다: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
