"""Which files of a folder are a program's: what a learner wrote, and no data that a run of it left."""

import sqlite3

from workbook.program import intake


def test_data_of_earlier_runs_are_left_out(tmp_path):
    """A database is none of the program's files whatever its name is, nor is what SQLite keeps beside it."""
    (tmp_path / "instance").mkdir()
    for name in ("social.dat", "instance/other"):
        with sqlite3.connect(tmp_path / name) as database:
            database.execute("CREATE TABLE user (id INTEGER)")
        database.close()
    for name in ("social.dat-wal", "travel-journal", "app.py", "instance/config.py", "instance/users.json"):
        (tmp_path / name).write_text("x = 1\n", "utf-8")
    assert sorted(intake.read(tmp_path)) == ["app.py", "instance/config.py", "travel-journal"]
