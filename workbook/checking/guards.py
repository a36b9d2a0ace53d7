"""The checks with which every step begins: does the program load, and does it do so in peace?"""

from workbook.checking import words
from workbook.checking.expect import Failed, require
from workbook.program import intake


def test_program_loads(program, files):  # type: ignore[no-untyped-def]
    """The program loads without an error."""
    hiding = intake.hiding(files)
    if hiding:
        name = hiding[0].split("/")[0].removesuffix(".py")
        raise Failed(
            f"files that leave the name {name} to the package",
            f"a file named {hiding[0]} hides {name}",
            f"Rename {hiding[0]}; `import {name}` finds your file instead of the package.",
        )


def test_loading_starts_no_server(program):  # type: ignore[no-untyped-def]
    """Loading the program starts no server and asks nobody anything."""
    for note in program.loaded["notes"]:
        happened, spot, mend = words.note_sentence(note)
        raise Failed(
            "a file that defines the app and ends", f"{happened} ({spot})" if spot else happened, mend
        )


def test_debug_is_off(program):  # type: ignore[no-untyped-def]
    """Loading the program switches no debug mode on."""
    require(
        not program.loaded["debug"],
        "app.debug is False after loading",
        "app.debug is True",
        'Give debug=True to app.run alone, below `if __name__ == "__main__":`, never to the app.',
    )
