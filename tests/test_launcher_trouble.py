"""Where learn.py cannot set up it says what to do, and takes away nothing that worked or is not its own."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from tests import test_launcher

posix = test_launcher.posix
first_use, used, fresh = test_launcher.first_use, test_launcher.used, test_launcher.fresh

# An index that cannot be reached: nobody listens on this port. pip says so only if it may try twice.
NO_INTERNET = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
NO_INTERNET |= {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}


def assert_sentence(use, *words: str) -> None:
    """The use could not be carried out, and says why and what to do in words, on standard error alone."""
    assert use.returncode == 2
    assert use.out == ""
    assert "Traceback" not in use.err
    assert [word for word in (*words, "again") if word not in use.err] == []


def read_only(folder):
    """Give the words before a command that let it find `folder` read-only; skip where that cannot be."""
    if os.geteuid() != 0:
        subprocess.run(["chmod", "-R", "a-w", folder], check=True)
        return []
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    prefix = [
        shutil.which("unshare") or "unshare",
        "--mount",
        "/bin/sh",
        "-c",
        "PATH=/usr/bin:/bin:/usr/sbin:/sbin; " + script,
    ]
    try:
        subprocess.run([*prefix, folder, "true"], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root may write to everything, and may not mount a folder read-only here")
    return [*prefix, folder]


def test_no_network_is_a_sentence(used):
    """Without the internet the set-up says that it needs it once; what was set up before works as before."""
    used.requirements.write_text("toy\nextra")
    assert_sentence(used.learn("check", **NO_INTERNET), "internet", "HTTPS_PROXY")
    used.requirements.write_text("toy")
    assert used.learn("check", **NO_INTERNET).err == ""


@posix
def test_no_network_for_uv_and_pip_is_one_sentence(used):
    """Where uv and then pip fail to reach the index, the user reads of that once."""
    test_launcher.add_uv(used)
    used.requirements.write_text("toy\nextra")
    use = used.learn("check", UV_COMPLAINT="error: Failed to fetch", **NO_INTERNET)
    assert_sentence(use, "internet")
    assert use.err.count("internet") == 1


def test_set_up_workbook_needs_no_network(used):
    """Once set up, the workbook works offline."""
    use = used.learn("check", **NO_INTERNET)
    assert (use.returncode, use.err) == (0, "")


def test_impossible_requirement_names_the_log(used):
    """Where pip fails for another reason, its reason and the log with all of its output are named."""
    used.requirements.write_text("toy==99")
    assert_sentence(used.learn("check"), "No matching distribution found for toy==99", str(used.log))
    assert "from versions: 1" in used.log.read_text("utf-8")


def test_failed_tools_do_not_harm_the_rest(used):
    """If `test` cannot install its tools, the other commands work as before."""
    assert_sentence(used.learn("test", **NO_INTERNET), "internet")
    assert used.learn("check", **NO_INTERNET).err == ""


@posix
def test_failing_uv_gives_way_to_pip(fresh):
    """Where uv is on the PATH but fails, pip installs."""
    use = fresh.learn("check", UV_COMPLAINT="error: no")
    assert use.returncode == 0
    assert json.loads(use.out)["there"] == ["toy"]
    assert "pip install --no-user" in fresh.log.read_text("utf-8")


@posix
def test_full_disk_is_a_sentence_and_repaired(fresh):
    """A disk that gets full half-way is named; once there is room, .venv is made anew."""
    use = fresh.learn("check", UV_LATE_COMPLAINT="error: No space left on device (os error 28)")
    assert_sentence(use, "The disk is full", str(fresh.root))
    use = fresh.learn("check")
    assert use.returncode == 0
    assert "anew" in use.err


@posix
@pytest.mark.parametrize("work", ["folder", "file"])
def test_strangers_folder_is_left_alone(fresh, work):
    """A .venv that is no environment is somebody's work: it is named, and not touched."""
    path = fresh.venv / "essay.txt" if work == "folder" else fresh.venv
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert_sentence(fresh.learn("check"), ".venv", "Rename")
    assert path.read_text() == "mine"
    assert work == "file" or os.listdir(fresh.venv) == ["essay.txt"]


@posix
@pytest.mark.parametrize("trouble", ["no interpreter", "other version"])
def test_strangers_broken_environment_is_left_alone(fresh, trouble):
    """An environment that learn.py did not make is not deleted, even if it is of no use."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", fresh.venv], check=True)
    (fresh.venv / "essay.txt").write_text("mine")
    if trouble == "no interpreter":
        fresh.python.unlink()
    else:
        library = next(fresh.venv.glob("lib/python*"))
        library.rename(library.with_name("python3.1"))
    assert_sentence(fresh.learn("check"), "Rename")
    assert (fresh.venv / "essay.txt").read_text() == "mine"


@posix
def test_strangers_sound_environment_is_used(fresh):
    """An environment that the user or an editor made is added to, also after a failure."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", fresh.venv], check=True)
    (fresh.venv / "essay.txt").write_text("mine")
    assert_sentence(fresh.learn("check", UV_LATE_COMPLAINT="error: No space left on device (os error 28)"))
    assert json.loads(fresh.learn("check").out)["there"] == ["toy"]
    assert (fresh.venv / "essay.txt").read_text() == "mine"


@posix
def test_read_only_checkout_works_once_set_up(used):
    """A workbook that is set up and then made read-only works as before."""
    use = used.learn("check", before=read_only(used.root))
    assert (use.returncode, use.err) == (0, "")


@posix
def test_read_only_checkout_without_set_up_is_a_sentence(fresh):
    """A read-only workbook that is not set up says what to do."""
    assert_sentence(fresh.learn("check", before=read_only(fresh.root)), "read-only", "copy the workbook")


def no_ensurepip(checkout):
    """Give `checkout` an environment as on a Debian without python3-venv: no pip, and no ensurepip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout.venv], check=True)
    site = next(checkout.venv.glob("lib/python*/site-packages"))
    (site / "as_on_debian.pth").write_text("import sys; sys.modules['ensurepip'] = None")
    (checkout.root.parent / "bin" / "uv").unlink()


@posix
def test_without_ensurepip_the_pip_of_the_system_installs(fresh):
    """On a Debian without ensurepip, the system's pip installs into .venv."""
    base = getattr(sys, "_base_executable", sys.executable)
    if subprocess.run([base, "-Im", "pip", "--python", base, "--version"], capture_output=True).returncode:
        pytest.skip("the Python of this machine has no pip, or one older than its option --python")
    no_ensurepip(fresh)
    assert json.loads(fresh.learn("check").out)["there"] == ["toy"]
    assert f"pip --python {fresh.python} install" in fresh.log.read_text("utf-8")


@posix
def test_without_any_pip_the_apt_line_is_said(fresh, monkeypatch, capfd):
    """On a Debian without ensurepip and pip, the user reads which package to install."""
    no_ensurepip(fresh)
    spec = importlib.util.spec_from_file_location("learn", fresh.root / "learn.py")
    learn = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(learn)
    monkeypatch.setattr(learn, "BASE", str(fresh.python))  # without pip, as the Python of the system might be
    monkeypatch.setenv("PATH", fresh.environment["PATH"])
    assert learn.main(["check"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "\n    sudo apt install python3-venv\n" in err and "again" in err
