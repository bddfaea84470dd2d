"""From a fresh machine to a served contest, step by step; the standard library only, for it runs first."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
ENVIRON = os.environ  # noqa: TID251  children inherit it whole; settings are read by settings.py
VENV = ROOT / ENVIRON.get("VENV", ".venv")
BIN = VENV / "bin"
OLDEST = (3, 11)
READY_SECONDS = 60
STOP_SECONDS = 35
LOCK_OPTIONS = (
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet",
)  # fmt: skip


class Stop(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)  # noqa: T201  this is a command


def make_environment() -> None:
    """The virtual environment, made where it is missing."""
    if (BIN / "python").exists():
        return
    if sys.version_info < OLDEST:
        raise Stop(f"파이썬 3.11 이상이 필요합니다(지금은 {sys.version.split()[0]}). 새 파이썬을 설치한 뒤 다시 실행해 주세요.")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)  # noqa: S603  our own arguments
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop(
            "파이썬 가상환경을 만들지 못했습니다. 데비안·우분투에서는 `apt-get install python3-venv`로 설치한 뒤 다시 실행해 주세요."
        )


def install(lock: str) -> None:
    """Install a hashed lock; skipped while the lock is the one installed last."""
    path = ROOT / "requirements" / f"{lock}.txt"
    stamp = VENV / f".installed-{lock}"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    command = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(path)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603  our own arguments
        raise Stop(
            "파이썬 라이브러리를 내려받지 못했습니다. 인터넷 연결이나 사내 PyPI 미러 설정(pip.conf)을 확인한 뒤 다시 실행해 주세요."
        )
    stamp.write_text(digest)


def make_assets() -> None:
    """Fonts, styles and scripts from npm into contest/static/vendor."""
    if subprocess.run([str(BIN / "python"), "-m", "contest.infra.assets"], cwd=ROOT, check=False).returncode:  # noqa: S603  our own arguments
        raise Stop("화면에 쓰는 글꼴과 스타일을 준비하지 못했습니다. 위의 안내를 확인해 주세요.")


def flask(*arguments: str, quiet: bool = True) -> None:
    """Run one of the program's own commands."""
    run = subprocess.run(  # noqa: S603  our own arguments
        [str(BIN / "flask"), "--app", "wsgi", *arguments], cwd=ROOT, capture_output=quiet, text=True, check=False
    )
    if run.returncode:
        raise Stop((run.stderr or "").strip().splitlines()[-1] if run.stderr else f"flask {arguments[0]} 실행이 멈추었습니다.")


def compile_catalogues() -> None:
    """Translations compiled where they are older than their source."""
    if subprocess.run([str(BIN / "python"), "-m", "contest.infra.catalogues", "compile"], cwd=ROOT, check=False).returncode:  # noqa: S603  our own arguments
        raise Stop("번역 파일을 준비하지 못했습니다.")


STEPS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("파이썬 환경", make_environment),
    ("라이브러리", lambda: install("run")),
    ("화면 글꼴과 스타일", make_assets),
    ("번역", compile_catalogues),
    ("데이터베이스와 시연 자료", lambda: flask("prepare")),
)


def prepare(*, more: tuple[tuple[str, Callable[[], None]], ...] = ()) -> None:
    """Every step with its number; a step already done takes no time."""
    steps = (*STEPS[:2], *more, *STEPS[2:])
    for number, (name, step) in enumerate(steps, 1):
        say(f"[{number}/{len(steps)}] {name}")
        step()


def serve() -> int:
    """The web server and the job worker together; when one ends, so does the other."""
    address = subprocess.run(  # noqa: S603  our own arguments
        [str(BIN / "flask"), "--app", "wsgi", "address"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    public_url, bind = address[0], address[1]
    commands = (
        [str(BIN / "gunicorn"), "--config", str(ROOT / "contest/infra/gunicorn_settings.py"), "--bind", bind, "wsgi:app"],
        [str(BIN / "flask"), "--app", "wsgi", "jobs", "run"],
    )
    children = [subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in commands]  # noqa: S603  our own arguments

    def stop(_signal: int = 0, _frame: FrameType | None = None) -> None:
        for child, ending in zip(children, (signal.SIGTERM, signal.SIGINT), strict=True):
            if child.poll() is None:
                child.send_signal(ending)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    announced = False
    deadline = time.monotonic() + READY_SECONDS
    while all(child.poll() is None for child in children):
        if not announced and (is_answering(f"http://{bind}/healthz") or time.monotonic() > deadline):
            announced = True
            say(f"\n준비되었습니다. 브라우저에서 열어 주세요:  {public_url}/\n(마치려면 Ctrl+C)")
        time.sleep(0.2)
    stop()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return next((child.returncode for child in children if child.returncode not in {0, -signal.SIGTERM, -signal.SIGINT}), 0)


def is_answering(url: str) -> bool:
    """Whether the web server answers."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  our own loopback address
            return bool(answer.status == 200)  # noqa: PLR2004  HTTP's OK
    except (urllib.error.URLError, OSError):
        return False


def write_locks() -> None:
    """Hashed locks without addresses, written by uv from its own environment."""
    tools = ROOT / ".tools" / "uv"
    if not (tools / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", str(tools)], check=True)  # noqa: S603  our own arguments
        subprocess.run([str(tools / "bin" / "pip"), "install", "--quiet", "uv"], check=True)  # noqa: S603  our own arguments
    for source in sorted((ROOT / "requirements").glob("*.in")):
        lock = source.with_suffix(".txt")
        subprocess.run(  # noqa: S603  our own arguments
            [str(tools / "bin" / "uv"), "pip", "compile", *LOCK_OPTIONS, f"requirements/{source.name}", "-o", f"requirements/{lock.name}"],
            cwd=ROOT, check=True,
        )  # fmt: skip
        if "://" in lock.read_text():
            raise Stop(f"{lock.name}에 저장소 주소가 들어 있습니다. 주소 없이 다시 만들어 주세요.")


def main(arguments: list[str]) -> int:
    """run | prepare | dev | lock."""
    task = arguments[0] if arguments else "run"
    try:
        if task == "lock":
            write_locks()
        elif task == "dev":
            prepare(more=(("개발 도구", lambda: install("dev")),))
        else:
            prepare()
            if task == "run":
                return serve()
    except Stop as reason:
        say(f"\n멈추었습니다: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
