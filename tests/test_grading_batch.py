"""Grading a class with workers that need no time: what is judged again, what is kept, and what no trouble costs."""

import csv
import errno
import gc
import json
import os
import tracemalloc
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from tests import gradings
from workbook.course import WorkbookError
from workbook.grading.worker import Judged

NAMES = ("ann", "bert", "cleo")


def rows(folder: Path) -> dict[str, dict[str, str]]:
    """The gradebook's rows by id."""
    with open(folder / "gradebook.csv", encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def statuses(folder: Path) -> dict[str, str]:
    """Each student's status."""
    return {id: row["status"] for id, row in rows(folder).items()}


def test_two_graders_on_one_folder(tmp_path):
    """While one grader is at work in a folder, a second one is refused with a sentence and changes nothing."""

    def answer(task):
        with pytest.raises(WorkbookError, match="Another grader is at work in"):
            gradings.grade(gradings.a_class(*NAMES), tmp_path)
        return gradings.answer(task)

    assert gradings.grade(gradings.a_class("ann"), tmp_path, gradings.Canned(answer)).judged == 1


def test_a_submission_whose_worker_ends_twice_is_the_graders_trouble(tmp_path):
    """It is tried once more, then it is grader-error; the others are judged as ever."""
    asked = []

    def answer(task):
        if not task.instead and task.entry.label == "bert":
            asked.append(task)
            raise BrokenExecutor
        return gradings.answer(task)

    gradings.grade(gradings.a_class(*NAMES), tmp_path, gradings.Canned(answer))
    assert statuses(tmp_path) == {"ann": "graded", "bert": "grader-error", "cleo": "graded"}
    assert len(asked) == 2 and rows(tmp_path)["bert"]["total"] == ""


def test_workers_that_do_not_work_at_all_end_the_run(tmp_path):
    """Where every process ends at once, the run stops with a sentence rather than trying for ever."""

    def answer(task):
        raise BrokenExecutor

    with pytest.raises(WorkbookError, match="The processes that judge do not work here"):
        gradings.grade(gradings.a_class(*NAMES), tmp_path, gradings.Canned(answer))


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(tmp_path, monkeypatch):
    """At whichever write the disk is full: a sentence, and the next run ends as an unbroken one."""
    gradings.grade(gradings.a_class(*NAMES), tmp_path / "unbroken")
    expected = gradings.grades(tmp_path / "unbroken")
    synced = os.fsync
    for number in range(1, 1000):
        left = [number]

        def full(file, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            synced(file)

        monkeypatch.setattr(os, "fsync", full)
        out = tmp_path / str(number)
        try:
            gradings.grade(gradings.a_class(*NAMES), out)
            break
        except WorkbookError as error:
            assert "No space left on device" in str(error)
        monkeypatch.setattr(os, "fsync", synced)
        gradings.grade(gradings.a_class(*NAMES), out)
        assert gradings.grades(out) == expected
    assert number > 10


def test_a_gradebook_that_somebody_changed_is_kept(tmp_path):
    """Work in gradebook.csv is not overwritten: the file is put aside, and the summary says where."""
    gradings.grade(gradings.a_class(*NAMES), tmp_path)
    with open(tmp_path / "gradebook.csv", "ab") as file:
        file.write(b"my own row\r\n")
    summary = gradings.grade(gradings.a_class(*NAMES), tmp_path)
    assert b"my own row" in (tmp_path / "earlier" / "001" / "gradebook.csv").read_bytes()
    assert "Somebody had changed gradebook.csv" in summary.notes[0]
    assert gradings.grade(gradings.a_class(*NAMES), tmp_path).notes == []


def test_another_policy_changes_the_grades_and_judges_nobody(tmp_path):
    """Weights and overrides that come later are in the grades after the same command, without a program run."""
    gradings.grade(gradings.a_class(*NAMES), tmp_path)
    (tmp_path / "grading.toml").write_text("[weights]\n1 = 2\n", "utf-8")
    (tmp_path / "overrides.csv").write_text("id,step,points,comment\nann,2,1,\n", "utf-8")
    summary = gradings.grade(gradings.a_class(*NAMES), tmp_path)
    assert (summary.judged, summary.unchanged) == (0, 3)
    assert (rows(tmp_path)["ann"]["possible"], rows(tmp_path)["ann"]["02_echo"]) == ("9", "1")


def test_another_isolation_or_other_steps_judge_again(tmp_path):
    """A result holds for its isolation and its steps alone."""
    gradings.grade(gradings.a_class(*NAMES), tmp_path)
    assert gradings.grade(gradings.a_class(*NAMES, slugs=("1", "3")), tmp_path).judged == 3
    assert (
        gradings.grade(gradings.a_class(*NAMES, slugs=("1", "3")), tmp_path, isolation="limits").judged == 3
    )


def test_the_journal_tells_of_overrides(tmp_path):
    """Each override that comes, changes or goes has a line in the journal, once."""
    told = []
    for lines in ("", "ann,2,1,first\n", "ann,2,1,first\n", "ann,2,2,second\n", ""):
        (tmp_path / "overrides.csv").write_text("id,step,points,comment\n" + lines, "utf-8")
        gradings.grade(gradings.a_class(*NAMES), tmp_path)
    for line in (tmp_path / "journal.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["event"] == "override":
            told.append((entry["id"], entry["step"], entry["points"], entry["comment"]))
    assert told == [
        ("ann", "02_echo", "1", "first"),
        ("ann", "02_echo", "2", "second"),
        ("ann", "02_echo", None, ""),
    ]


def test_memory_does_not_grow_with_the_class(tmp_path):
    """Of a submission nothing but a small row is kept, however much its checks have to say."""

    def answer(task):
        step = gradings.step_object("01_hello", 1)
        step["checks"][2]["message"] = "x" * 200_000
        return Judged(task.entry.label, (), [step], 0.1)

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        group = gradings.a_class(*(f"s{number:03}" for number in range(count)), slugs=("1",))
        gradings.grade(group, tmp_path / str(count), gradings.Canned(answer))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1)
    assert (peak(60) - peak(10)) / 50 < 100_000  # half of what one message takes
