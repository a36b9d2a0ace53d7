"""A set-up that is broken off, or not alone, leaves nothing that the next use of learn.py cannot repair."""

import json
import os
import signal

import pytest

from tests import test_launcher

posix, fresh = test_launcher.posix, test_launcher.fresh


@posix
@pytest.mark.parametrize("moment", ["-m venv", "-m ensurepip", "-m pip install"])
def test_killed_set_up_is_repaired(tmp_path, moment):
    """A set-up that was killed, at whatever moment, is made anew by the next use."""
    checkout = test_launcher.new_checkout(tmp_path)
    process = checkout.start("check")
    checkout.wait_for_log(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    test_launcher.add_uv(checkout)  # only to be quick
    use = checkout.learn("check")
    assert json.loads(use.out)["there"] == ["toy"]
    assert use.returncode == 0


@posix
@pytest.mark.parametrize("left", [[], ["setup.lock"], ["setup.lock", "setup.log", "setup.made-by-learn"]])
def test_barely_begun_set_up_is_repaired(fresh, left):
    """What a set-up leaves that was killed in its first milliseconds is not in the way of the next."""
    fresh.venv.mkdir()
    for name in left:
        (fresh.venv / name).touch()
    assert json.loads(fresh.learn("check").out)["there"] == ["toy"]


@posix
def test_interrupt_ends_the_set_up_in_a_sentence(fresh):
    """Ctrl-C gives one sentence and status 130, stops the installer, and the next use repairs."""
    process = fresh.start("check", UV_SECONDS="30")
    fresh.wait_for_log("uv is at work")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, "")
    assert "Stopped." in err and "Traceback" not in err
    use = fresh.learn("check")
    assert json.loads(use.out)["there"] == ["toy"]
    assert "Waiting" not in use.err


@posix
def test_two_set_ups_at_once(fresh):
    """Of two first uses at once one sets up, the other waits and says so, and both run the workbook."""
    uses = [fresh.start("check", UV_SECONDS="1") for _ in range(2)]
    results = [use.communicate(timeout=30) for use in uses]
    assert [json.loads(out)["there"] for out, _ in results] == [["toy"], ["toy"]]
    texts = sorted(err for _, err in results)
    assert texts[0].startswith("Another learn.py") and texts[0].count("\n") == 1
    assert "Setting up" in texts[1] and "Waiting" not in texts[1]


@posix
def test_orphaned_installer_is_waited_for(fresh):
    """When learn.py alone is killed, the next use waits until the installer that it left behind has ended."""
    process = fresh.start("check", UV_SECONDS="2")
    fresh.wait_for_log("uv is at work")
    process.kill()
    use = fresh.learn("check")
    assert "Waiting" in use.err
    assert json.loads(use.out)["there"] == ["toy"]
