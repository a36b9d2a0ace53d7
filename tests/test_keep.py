"""reset and undo: whatever happens, no byte of a learner's is lost."""

import errno
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk import Desk
from workbook.course import ROOT, Step, WorkbookError, steps
from workbook.learner import keep, starters

SEQUENCES = 1000
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod")
GROWS = ("open", "os.mkdir", "os.symlink")
NAMES = [
    "app.py", "models.py", "social_api/app.py", "social_api/mine.py", "instance/social.db", "frontend/mine.js",
    "README.md", "two words.txt", "quote'\"$x.txt", "line\nbreak.txt", "-rf", "ä 漢.py",
    os.fsdecode(b"latin-\xe4.txt"), ".env", "app.py/inside.txt", "social_api",
]  # fmt: skip


class Killed(BaseException):
    """The process died."""


class Disk:
    """Lets the process die, or the disk fail, at one of the file operations below a folder."""

    def __init__(self):
        self.folder, self.left, self.how, self.dead = "", None, "", False
        sys.addaudithook(self.hook)

    def hook(self, event, arguments):
        """Python calls it before each operation; https://docs.python.org/3/library/audit_events.html."""
        if self.left is None or not (event in CHANGES or (event == "open" and self.writes(arguments))):
            return
        if self.how == "full" and event not in GROWS:
            return
        self.left -= 1
        if self.left >= 0:
            return
        self.dead = True
        if self.how == "kill":
            raise Killed
        if self.how == "once":
            self.left = None
        raise OSError(errno.ENOSPC if self.how == "full" else errno.EACCES, "No luck", arguments[0])

    @staticmethod
    def writes(arguments):
        """Whether a file is opened to be written."""
        return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    def during(self, how, after, act):
        """Does `act` while the operation `after` fails; gives whether the failure came."""
        self.how, self.left, self.dead = how, after, False
        try:
            act()
        except Killed:
            pass
        finally:
            self.left = None
        return self.dead


DISK = Disk()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Does not wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda number: None)


def state(folder):
    """Everything below a folder: {relative path: (kind, rights, content)}."""
    found = {}
    for root, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = os.path.join(root, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[key] = ("link", 0, os.readlink(path))
            elif os.path.isdir(path):
                found[key] = ("folder", 0, "")
            else:
                found[key] = ("file", os.stat(path).st_mode, Path(path).read_bytes())
    return found


def work(step, folder=None):
    """What of a step's folder is the learner's."""
    return {
        name: entry
        for name, entry in state(folder or step.folder).items()
        if name not in ("README.md", "frontend", "frontend/page.html")
    }


def everything(step):
    """What stands in the step's folder or was kept of it: {(relative path, kind, content)}."""
    folders = [step.folder, *(kept.work for kept in keep.all_kept(step.root))]
    return {
        (name, entry[0], entry[2])
        for folder in folders
        for name, entry in state(folder).items()
        if entry[0] != "folder"
    }


def deliver(step, version):
    """An update of the workbook: git would replace what the learner has not touched, and nothing else."""
    folder = starters.folder_of(step)
    contents = {"app.py": b"starter %d\n", "social_api/app.py": b"package %d\n", "README.md": b"text %d\n"}
    before = {**starters.delivered(step), "README.md": b"text %d\n" % (version - 1)}
    for name, content in {**contents, "frontend/page.html": b"page\n"}.items():
        content = content % version if b"%" in content else content
        target = step.folder / name
        if version == 0 or (target.is_file() and target.read_bytes() == before.get(name)):
            put(target, content)
        if name.endswith(".py"):
            put(folder / f"{name}.starter", content)
    starters.list_of(step).write_text("README.md\nfrontend/page.html\n")


def put(path, content):
    """Writes a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.fixture
def step(tmp_path):
    """A step with a given page, in a workbook of its own."""
    step = Step("03_users", tmp_path / "workbook")
    deliver(step, 0)
    return step


def worked(step, outside):
    """The work of a learner: edited, new, linked, odd and executable files."""
    put(step.folder / "app.py", b"mine")
    os.chmod(step.folder / "app.py", 0o755)
    for name in ("models.py", "instance/social.db", "frontend/mine.js", "two words.txt", "line\nbreak.txt"):
        put(step.folder / name, name.encode())
    put(step.folder / os.fsdecode(b"latin-\xe4.txt"), b"\xe4")
    (step.folder / "empty").mkdir()
    shutil.rmtree(step.folder / "social_api")
    os.symlink(outside, step.folder / "social_api")
    put(outside / "app.py", b"elsewhere")
    return state(step.folder)


def test_reset_brings_the_starter_and_undo_the_work(step, tmp_path):
    """After reset the folder holds the starter and what is given; undo brings back each file and its rights."""
    delivered = state(step.folder)
    mine = worked(step, tmp_path / "outside")
    kept = keep.reset(step)
    assert state(step.folder) == delivered
    assert state(kept.work) == mine and not kept.interrupted
    assert keep.undo(step, kept).before == "undo"
    assert state(step.folder) == mine
    assert state(tmp_path / "outside") == {"app.py": ("file", 0o100644, b"elsewhere")}


def test_an_undo_can_be_undone(step):
    """The state that undo replaced is kept as well, so the next undo brings it back."""
    put(step.folder / "app.py", b"first")
    first = keep.reset(step)
    put(step.folder / "app.py", b"second")
    second = keep.undo(step, first)
    assert (step.folder / "app.py").read_bytes() == b"first"
    keep.undo(step, second)
    assert (step.folder / "app.py").read_bytes() == b"second"
    assert [kept.number for kept in keep.kept_of(step)] == [1, 2, 3]


def test_what_needs_no_reset_keeps_nothing(step):
    """A starter that nobody touched is left as it is, and so is work that stands there already."""
    assert keep.reset(step) is None and keep.all_kept(step.root) == []
    put(step.folder / "app.py", b"mine")
    kept = keep.reset(step)
    keep.undo(step, kept)
    assert keep.undo(step, kept) is None
    assert not [path for path in kept.path.parent.iterdir() if path.name.startswith(".new-")]


def test_what_the_step_gives_is_left_alone(step):
    """reset and undo change no README, hints or pages, edited or not."""
    put(step.folder / "README.md", b"with notes of mine")
    kept = keep.reset(step)
    assert kept is None
    put(step.folder / "app.py", b"mine")
    kept = keep.reset(step)
    put(step.folder / "README.md", b"with more notes")
    keep.undo(step, kept)
    assert (step.folder / "README.md").read_bytes() == b"with more notes"


def test_a_folder_that_is_gone_comes_back(step):
    """reset makes the folder of a step that a learner deleted."""
    shutil.rmtree(step.folder)
    keep.reset(step)
    assert (step.folder / "app.py").read_bytes() == b"starter 0\n"


def test_a_linked_step_is_refused(step, tmp_path):
    """A step's folder that is a link to another place is not touched."""
    step.folder.rename(tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", step.folder)
    put(tmp_path / "elsewhere/app.py", b"mine")
    with pytest.raises(WorkbookError, match="is a link"):
        keep.reset(step)
    assert (tmp_path / "elsewhere/app.py").read_bytes() == b"mine"


@pytest.mark.parametrize("how", ["once", "full", "kill"])
@pytest.mark.parametrize("command", ["reset", "undo"])
def test_a_failure_at_any_operation_loses_nothing(how, command, tmp_path):
    """Where the disk fails, a sentence comes and nothing has changed; where the process dies, all is there."""
    for after in range(1000):
        step = Step("03_users", tmp_path / str(after))
        deliver(step, 0)
        mine = worked(step, tmp_path / f"outside {after}")
        kept = keep.reset(step) if command == "undo" else None
        before, all_before = state(step.folder), everything(step)
        problem = []

        def act(step=step, kept=kept, problem=problem):
            try:
                keep.undo(step, kept) if kept else keep.reset(step)
            except WorkbookError as error:
                problem.append(str(error))

        came = DISK.during(how, after, act)
        assert everything(step) >= all_before
        if problem:
            assert "Nothing was changed." in problem[0] and "\n" not in problem[0]
            assert state(step.folder) == before
            assert keep.all_kept(step.root) == ([kept] if kept else [])
        elif not came:
            assert not kept or state(step.folder) == mine
            break
    assert after > 10


def play(root, seed):
    """One random story of a learner; asserts after each command that no byte is lost."""
    chance = random.Random(seed)
    step = Step("03_users", root / str(seed))
    deliver(step, 0)
    version, told = 0, []
    outside = root / f"outside {seed}"
    put(outside / "sentinel", b"not yours")
    for number in range(chance.randint(3, 9)):
        what = chance.choices(["edit", "reset", "undo", "update"], [4, 3, 5, 1])[0]
        how = chance.choices(["", "kill", "once", "full"], [4, 4, 1, 1])[0]
        told.append((what, how))
        before, all_before = work(step), everything(step)
        if what == "edit":
            for _ in range(chance.randint(1, 4)):
                edit(step, chance, f"{seed}.{number}".encode(), outside)
            continue
        if what == "update":
            version += 1
            deliver(step, version)
            continue
        there = keep.kept_of(step)
        if what == "undo" and not there:
            continue
        chosen = chance.choice([*there, there[-1]]) if there else None
        failed = []

        def act(what=what, chosen=chosen, failed=failed):
            try:
                keep.reset(step) if what == "reset" else keep.undo(step, chosen)
            except WorkbookError as error:
                failed.append(str(error))

        came = DISK.during(how, chance.randint(0, 40), act) if how else act()
        assert everything(step) >= all_before, (seed, told)
        if failed:
            assert work(step) == before, (seed, told, failed)
        elif not came and what == "undo":
            assert work(step) == work(step, chosen.work), (seed, told)
        elif not came:
            contents = {name: entry[2] for name, entry in work(step).items() if entry[0] == "file"}
            assert contents == starters.delivered(step), (seed, told)
    assert state(outside) == {"sentinel": ("file", 0o100644, b"not yours")}, (seed, told)


def edit(step, chance, content, outside):
    """One thing that a learner does in an editor or a shell, where it can be done."""
    path = step.folder / chance.choice(NAMES)
    try:
        match chance.randrange(6):
            case 0 if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            case 0:
                path.unlink()
            case 1:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.symlink(chance.choice([outside, outside / "sentinel", "nowhere"]), path)
            case _ if not path.is_symlink() and not path.parent.is_symlink():
                put(path, content + bytes([chance.randrange(256)]))
                os.chmod(path, chance.choice([0o644, 0o600, 0o755, 0o444]))
    except OSError:
        pass  # the name is a folder, or below a file


@pytest.mark.parametrize("part", range(4))
def test_no_random_story_loses_a_byte(part, tmp_path):
    """Over random sequences of edit, reset, undo, update and death, every byte stays somewhere."""
    for seed in range(part, SEQUENCES, 4):
        play(tmp_path, seed)
        shutil.rmtree(tmp_path / str(seed))


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.slug)
def test_the_workbook_knows_its_starters(step):
    """The copies in workbook/starters are the files in steps/, byte for byte."""
    edited, given = starters.now(step)
    delivered = starters.delivered(step)
    differing = sorted(
        {name for name in edited | delivered if edited.get(name) != delivered.get(name)}
        | (given ^ starters.given(step))
    )
    if differing and not os.environ.get("CI"):
        pytest.skip(f"edited by a learner: {', '.join(differing)} of {step.slug}")
    assert differing == [], f"after a change of a starter, type: {starters.REFRESH}"


def test_refresh_copies_what_changed(step):
    """The command copies the steps that changed, with their lists of what is given, and says which."""
    put(step.root / "checks/test_03_users.py", b"")
    put(step.folder / "models.py", b"new")
    put(step.folder / "page.js", b"// TODO 1: fetch the users")
    put(step.folder / "data.csv", b"a,b")
    put(step.folder / "__pycache__/app.pyc", b"")
    assert starters.refresh(step.root) == ["03_users"] and starters.refresh(step.root) == []
    assert starters.delivered(step).keys() == {"app.py", "social_api/app.py", "models.py", "page.js"}
    assert starters.given(step) == {"README.md", "frontend/page.html", "data.csv"}


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook with one step."""
    desk = Desk(tmp_path)
    desk.keep("01_hello")
    return desk


def test_the_commands_say_what_they_did(desk):
    """`reset` says where the work is and how to bring it back; `undo` does it, and tells how to take it back."""
    app = desk.root / "steps/01_hello/app.py"
    starter = app.read_bytes()
    app.write_text("mine")
    done = desk.learn("reset", "1")
    assert done.returncode == 0 and app.read_bytes() == starter
    assert "starter again" in done.stdout and "python3 learn.py undo 1" in done.stdout
    again = desk.learn("reset", "1")
    assert again.returncode == 0 and "nothing was changed" in again.stdout
    done = desk.learn("undo")
    assert done.returncode == 0 and app.read_text() == "mine" and "python3 learn.py undo 1" in done.stdout
    done = desk.learn("undo", "1", "--list")
    assert "before a reset" in done.stdout and "before an undo" in done.stdout
    assert desk.learn("undo", "1", "--number", "2").returncode == 0 and app.read_bytes() == starter


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["undo"], "There is nothing to bring back"),
        (["undo", "1"], "There is nothing to bring back"),
        (["undo", "1", "--number", "9"], "There is nothing to bring back"),
        (["reset", "9"], "There is no step '9'."),
    ],
)
def test_what_cannot_be_brought_back_is_a_sentence(desk, arguments, sentence):
    """Without anything kept, undo changes nothing and says so."""
    before = desk.files()
    done = desk.learn(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)
    assert desk.files() == before


@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap makes a folder read-only, for root as well")
@pytest.mark.parametrize("what", ["everything", "the step", "no room"])
def test_a_locked_or_full_disk_is_a_sentence(desk, what):
    """Where nothing can be written, in all or in a part, reset changes nothing and says so."""
    (desk.root / "steps/01_hello/app.py").write_text("mine")
    (desk.root / ".workbook").mkdir()
    root = str(desk.root)
    locks = {
        "everything": ["--ro-bind", root, root],
        "the step": ["--ro-bind", f"{root}/steps/01_hello", f"{root}/steps/01_hello"],
        "no room": ["--size", "4096", "--tmpfs", f"{root}/.workbook"],
    }
    before = desk.files()
    done = desk.learn("reset", "1", before=["bwrap", "--dev-bind", "/", "/", *locks[what], "--chdir", root])
    assert (done.returncode, done.stdout) == (2, "")
    assert "Nothing was changed." in done.stderr and "Traceback" not in done.stderr
    assert desk.files() == before


def test_the_workbook_needs_no_git(desk):
    """reset works in a copy without .git, and where no git is to be found."""
    (desk.root / "steps/01_hello/app.py").write_text("mine")
    assert desk.learn("reset", "1", PATH="").returncode == 0


def test_the_copies_can_be_made_by_the_command(desk):
    """`python3 -m workbook.learner.starters`, typed in the workbook, says which steps it copied."""
    (desk.root / "steps/01_hello/app.py").write_text("a new starter")
    command = [sys.executable, *starters.REFRESH.split()[1:]]
    done = subprocess.run(command, cwd=desk.root, capture_output=True, text=True, check=False)
    assert done.stdout == "01_hello: copied to workbook/starters\n"
    assert ROOT not in desk.root.parents
