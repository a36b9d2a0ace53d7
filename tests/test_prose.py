"""What the pages for people say is true: every command they show is run, and every link leads somewhere."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests import office
from tests.desk import Desk
from tests.story import serve

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("notebooks/*.md"),
        *ROOT.glob("steps/*/README.md"),
        *ROOT.glob("steps/*/hints.md"),
    ]
)
WORDS = (
    "$",
    "python3",
    "py",
    "flask",
    "curl",
    "pip",
    "mkdir",
    "cd",
    "source",
    "npx",
    "pytest",
    "git",
    "uv",
    "docker",
)
PASTED = "from app import app"  # begins what a reader pastes into Python
FORBIDDEN = re.compile(r"\b(simply|just|easy|easily|obviously|of course)\b", re.IGNORECASE)


def blocks(page: Path) -> list[list[str]]:
    """The indented blocks of a page that show a command, without their indentation."""
    text = page.read_text("utf-8")
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, flags=re.MULTILINE)
    parts = [[line[4:].rstrip() for line in block.strip("\n").split("\n")] for block in found]
    return [part for part in parts if part[0].split(" ")[0] in WORDS or part[0] == PASTED]


SHOWN = [
    pytest.param(page, block, id=f"{page.relative_to(ROOT).as_posix()}: {block[0]}")
    for page in PAGES
    for block in blocks(page)
]


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook."""
    return Desk(tmp_path)


@pytest.mark.parametrize(("page", "block"), SHOWN)
def test_a_shown_command_does_what_the_page_says(page, block, desk, tmp_path):
    """A command of a page runs; what stands below `$ command` is exactly what it prints."""
    first = block[0].removeprefix("$ ")
    if page == office.PAGE:
        office.lay_out(desk.root, first)
    if first == "mkdir social_api":
        a_project_of_ones_own(block, tmp_path)
    elif first == "python3 -m workbook.learner.starters":
        done = subprocess.run(
            [sys.executable, *first.split()[1:]], cwd=desk.root, capture_output=True, check=False
        )
        assert done.returncode == 0
    elif first == "python3 learn.py test":
        assert os.environ.get("PYTEST_CURRENT_TEST"), "this very test is run by it"
    elif first.startswith("python3 learn.py run "):
        a_page_beside_the_api(block)
    elif first.startswith("python3 learn.py"):
        (command,) = [line for line in block if line.startswith(("$ ", "python3 "))]
        done = desk.learn(*shlex.split(first)[2:])
        assert done.returncode in (0, 1) and done.stderr == "", command
        if block[0].startswith("$ "):
            assert block[1:] == done.stdout.rstrip("\n").split("\n")
    elif first.startswith("flask --app "):
        a_program_answers(first, page)
    elif first.startswith("curl "):
        requests_are_answered(block, page, tmp_path)
    elif first == PASTED:
        what_is_pasted_runs(block, page)
    elif first.startswith("git archive "):
        assert all((ROOT / name).is_file() for name in re.findall(r"--add-file=(\S+)", first)), (
            "test_grading_page.py runs it"
        )
    elif first.startswith("npx newman run "):
        assert (ROOT / shlex.split(first)[3]).is_file(), "test_api_collection.py runs it"
    else:
        pytest.fail(f"{page.name} shows a command that no test runs: {first}")


def solution(page: Path) -> Path:
    """The reference of the step that a page belongs to."""
    name = page.parent.name
    return ROOT / "solutions" / (name if (ROOT / "solutions" / name).is_dir() else "12_cors")


def a_program_answers(command: str, page: Path) -> None:
    """`flask --app NAME run ...` serves the step's program; here on a free port."""
    words = shlex.split(command)
    assert words[3] == "run" and words[-2:] == ["--port", "5001"]
    assert words[2] == ("social_api.app" if (solution(page) / "social_api").is_dir() else "app")
    with serve(solution(page)) as port:
        done = subprocess.run(
            ["curl", "-s", f"http://localhost:{port}/"], capture_output=True, text=True, check=True
        )
    assert "Welcome to the Social Media API!" in done.stdout


def requests_are_answered(block: list[str], page: Path, folder: Path) -> None:
    """Each curl line gets an answer from the step's program, one after the other."""
    with serve(solution(page)) as port:
        for line in block:
            words = [word.replace("localhost:5001", f"localhost:{port}") for word in shlex.split(line)]
            command = [*words, "-s", "--fail"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0 and done.stdout, line


def what_is_pasted_runs(block: list[str], page: Path) -> None:
    """The lines run in the folder of the step's program; the last one tells something."""
    script = "\n".join([*block[:-1], f"print({block[-1]})"])
    command = [sys.executable, "-B", "-c", script]
    done = subprocess.run(command, cwd=solution(page), capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.strip() not in ("", "None"), done.stderr


def a_page_beside_the_api(block: list[str]) -> None:
    """The commands that serve page and API name a folder that is there, and options that Python has."""
    for line in block[1:]:  # that `run` itself serves a step is a test of the commands
        words = shlex.split(line)
        assert words[:3] == ["python3", "-m", "http.server"]
        assert (ROOT / words[words.index("--directory") + 1]).is_dir()
        help_text = subprocess.run(
            [sys.executable, *words[1:3], "--help"], capture_output=True, text=True, check=True
        )
        assert all(word in help_text.stdout for word in words if word.startswith("--"))


@pytest.mark.skipif(os.name == "nt", reason="the lines are for a Unix shell")
def a_project_of_ones_own(block: list[str], folder: Path) -> None:
    """The lines that set a project up leave a Flask that can be imported."""
    script = "\n".join(["set -e", *block, 'python -c "import flask, flask_sqlalchemy, flask_cors"'])
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_files_are_there(page):
    """A relative link of a page leads to a file, and to a heading of it where it names one."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), flags=re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert heading in anchors, target


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("steps/*/*.md")), ids=lambda page: f"{page.parent.name}-{page.name}"
)
def test_a_learners_prose_is_plain(page):
    """No word that makes a reader feel slow."""
    for line in page.read_text("utf-8").splitlines():
        assert not FORBIDDEN.search(line), line


def test_every_check_that_a_page_names_is_there():
    """A check named on a page of docs/ stands in a checker."""
    names = {
        name
        for path in [*(ROOT / "checks").glob("*.py"), ROOT / "workbook/checking/guards.py"]
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    files = {path.stem for path in ROOT.glob("tests/test_*.py")} | {
        path.stem for path in ROOT.glob("checks/test_*.py")
    }
    for page in ROOT.glob("docs/*.md"):
        for name in re.findall(r"`(test_\w+)`", page.read_text("utf-8")):
            assert name in names | files, f"{page.name} names {name}"


def test_the_commands_of_the_readme_are_there(desk):
    """Each command in the table of the README is one that learn.py has."""
    text = (ROOT / "README.md").read_text("utf-8")
    listed = desk.learn("--help").stdout
    for name in re.findall(r"`python3 learn\.py (\w+)", text):
        assert re.search(rf"^  {name}\b", listed, flags=re.MULTILINE), name


def test_the_table_of_contents_has_each_notebook_and_each_part_of_the_lesson():
    """notebooks/README.md leads to every notebook, and names what the lesson says at its beginning and its end."""
    text = (ROOT / "notebooks/README.md").read_text("utf-8")
    assert re.findall(r"\]\((\d\d_\w+\.ipynb)\)", text) == [
        path.name for path in sorted(ROOT.glob("notebooks/*.ipynb"))
    ]
    named = {*re.findall(r"\bS\d+\b", text), "S2"}  # "S1 to S3"
    assert {f"S{number}" for number in (*range(1, 11), 37, 38, 39)} <= named
