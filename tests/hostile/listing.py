"""The hostile and broken programs, each with the status that a grader must give it.

Numbers are those of the list in docs/grading.md. A program is code around the solution of step 01, which
passes with all its checks, unless it names another step or brings files of its own. In a program that tries
what must be refused, `refused` ends it where an attempt gets through.
"""

from tests.hostile.making import (
    ALL,
    BOTH,
    DAEMON,
    DEAF,
    FORGED,
    FORKED_GARBAGE,
    PATCHES,
    READS,
    REWRITES,
    RIGHT,
    SANDBOX,
    SETTINGS,
    SHOUTS,
    SOME,
    SWAP,
    UNDEAD,
    VIEW_WITHOUT_END,
    WRITE,
    WRONG,
    Case,
    attempt,
    case,
    solution,
    view,
)

CASES = [
    # 1-5: right, wrong, and programs that end
    case("right", "", "graded", passes=ALL),
    case("wrong", "", "graded", "Farewell", SOME, app=WRONG),
    case("_exit while loaded", "import os; os._exit(0)\n", "crashed", "ended itself"),
    case("_exit with a status", "import os; os._exit(7)\n", "crashed", "status 7"),
    case("sys.exit while loaded", "import sys\nsys.exit()\n", "import-error", "app.py:2"),
    case("raise SystemExit", "\nraise SystemExit('bye')\n", "import-error", "sys.exit() while it was loaded"),
    case("an exception while loaded", "1 / 0\n", "import-error", "ZeroDivisionError"),
    case("KeyboardInterrupt while loaded", "raise KeyboardInterrupt\n", "import-error", "KeyboardInterrupt"),
    view("_exit in one view", "os._exit(0)", says="ended itself"),
    view("_exit in every view", "os._exit(0)", "crashed", "ended itself", path=None),
    # 6-9: programs that hang
    case("a loop while loaded", "while True: pass\n", "timeout", "no answer in time"),
    case("a loop that no signal ends", DEAF, "timeout", "no answer in time"),
    view("a loop in one view", "while True: pass", says="no answer in time"),
    view("a sleep in every view", "import time; time.sleep(60)", "timeout", "no answer in time", path=None),
    view("a regular expression without end", "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')", says="in time"),
    case("a loop in C", "sum(iter(int, 1))\n", "timeout", "no answer in time", levels=SANDBOX),
    # 10-13: memory, answers, output, disk
    case("a huge object", "x = bytearray(10**11)\n", "memory", "more memory than it may have"),
    case("memory in a loop", "x = []\nwhile True: x.append(bytearray(10**8))\n", "memory", "more memory"),
    view("memory in every view", "bytearray(10**11)", "memory", "more memory", path=None),
    view("memory in one view", "bytearray(10**11)", says="MemoryError"),
    view("an answer of 200 MB", "return Response('x' * 200_000_000)", says="over 4 MB"),
    view("an answer without end", "return Response(iter(lambda: b'x' * 65536, 0))", says="over 4 MB"),
    view("a header of 20 MB", "return Response('', headers={'X': 'x' * 20_000_000})", "crashed", "protocol"),
    case("a flood while loaded", "while True: print('x' * 1000)\n", "output-limit", "printed more than 1 MB"),
    case("a flood of errors", "import os\nwhile True: os.write(2, b'x' * 65536)\n", "output-limit", "1 MB"),
    view("a flood in one view", "while True: print('x' * 1000)", says="printed more than 1 MB"),
    case(
        "a full disk",
        "for n in range(99): open(f'MARK{n}', 'wb').write(bytes(2**20 * 8))\n",
        "blocked",
        "room for files",
        levels=SANDBOX,
    ),
    case("one huge file", "open('MARK', 'wb').truncate(10**12)\n", "blocked", "room for files"),
    case("one long file", "f = open('MARK', 'wb')\nwhile True: f.write(bytes(10**7))\n", "blocked", "room for"),
    case("many open files", "x = [open('app.py') for _ in range(9999)]\n", "blocked", "room for files"),
    case("many files", "for n in range(2000): open(f'MARK{n}', 'w').close()\n", "graded", passes=ALL),
    case(
        "deep folders",
        "import os\nfor n in range(1500): os.mkdir('d'); os.chdir('d')\nos.chdir(os.path.dirname(__file__))\n",
        "graded",
        passes=ALL,
    ),
    case("a closed folder", "import os\nos.mkdir('d', 0); os.chmod('.', 0o500)\n", "graded", passes=ALL),
    # 14-18: processes
    case("a fork bomb", "import os\nwhile True: os.fork()\n", "blocked", levels=SANDBOX),
    case(
        "a fork bomb that swallows",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n",
        "blocked",
        "more than 16 processes",
        levels=SANDBOX,
    ),
    view(
        "a fork bomb in every view",
        "while True:\n    try: os.fork()\n    except OSError: pass",
        "blocked",
        "processes",
        levels=SANDBOX,
        path=None,
    ),
    case("a daemon", DAEMON, "graded", passes=ALL),
    case("a daemon in another session, its parent killed", UNDEAD, "blocked", "attacked the process"),
    case(
        "5000 threads",
        "import threading, time\n"
        "for n in range(5000): threading.Thread(target=time.sleep, args=[60], daemon=True).start()\n",
        "blocked",
        "threads",
        levels=SANDBOX,
    ),
    case("a segmentation fault", "import ctypes; ctypes.string_at(0)\n", "crashed", "SIGSEGV"),
    case("an abort", "import os; os.abort()\n", "crashed", "SIGABRT"),
    view("a segmentation fault in one view", "import ctypes; ctypes.string_at(0)", says="SIGSEGV"),
    case("its parent killed", "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(3)\n", "blocked", "attacked"),
    case("kill -1", "import os; os.kill(-1, 9)\nimport time; time.sleep(3)\n", "blocked", "attacked", levels=SANDBOX),
    case("its own group killed", "import os; os.kill(0, 9)\n", "crashed", "SIGKILL"),
    view("kill -1 in every view", "os.kill(-1, 9); os._exit(0)", "blocked", "attacked", levels=SANDBOX, path=None),
    case(
        "its parent stopped",
        "import os; os.kill(os.getppid(), 19)\n",
        "graded",
        passes=ALL,
        levels=SANDBOX,
    ),
    # 19-23: verdicts forged
    case("patched test tools, wrong answer", PATCHES, "graded", "Farewell", SOME, app=WRONG),
    case("patched test tools, right answer", PATCHES, "graded", passes=ALL),
    case("no check and no answer in memory", READS, "graded", passes=ALL),
    case("results rewritten", REWRITES, "graded", "Farewell", SOME, app=WRONG),
    case("garbage", WRITE.format(data='b"\\xff" * 64'), "crashed", "broke the protocol"),
    case("a frame without end", WRITE.format(data='b"\\x7f\\xff\\xff\\xff" * 64'), "crashed", "protocol"),
    case("a frame nested deeply", WRITE.format(data='b"\\0\\1\\x86\\xa0" + b"[" * 100_000'), "crashed", "protocol"),
    case("frames that say nothing", WRITE.format(data='b"\\0\\0\\0\\x02{}" * 9'), "crashed", "protocol"),
    case("answers sent ahead", FORGED, "crashed", "protocol", app=WRONG),
    view("garbage from one view", WRITE.format(data='b"\\xff" * 4096'), "crashed", "broke the protocol"),
    view("garbage from a forked child", FORKED_GARBAGE, "crashed", "protocol"),
    case(
        "a thread that writes without end",
        "import os, threading\ndef flood():\n    while True:\n        for n in range(3, 32):\n"
        "            try: os.write(n, b'\\xff' * 65536)\n            except OSError: pass\n"
        "threading.Thread(target=flood, daemon=True).start()\nimport time; time.sleep(0.3)\n",
        "crashed",
        "protocol",
    ),
    case("output that looks like a verdict", SHOUTS, "graded", "Farewell", SOME, app=WRONG),
    # 24-26: files that take effect elsewhere
    case("settings for pytest and Python", "", "graded", "Farewell", SOME, app=WRONG, **SETTINGS),
    case("a file named flask.py", "", "graded", "hides flask", SOME, **{"flask.py": "x = 1"}),
    case("a file named json.py", "", "graded", passes=ALL, **{"json.py": "x = 1"}),
    case("a file named random.py", "", "graded", passes=ALL, **{"random.py": "x = 1"}),
    case("a package beside app.py", "", "graded", passes=ALL, **{"app/__init__.py": WRONG}),
    # 31-34: programs that do not load
    Case("no file", {}, "import-error", "there is no file app.py"),
    Case("another name", {"main.py": RIGHT}, "import-error", "there is no file app.py"),
    Case("an empty file", {"app.py": ""}, "import-error", "app.py is empty"),
    Case("an app of another name", {"app.py": RIGHT.replace("app", "api")}, "import-error", "api, not app"),
    Case("create_app alone", {"app.py": "def create_app():\n" + "".join(
        f"    {line}\n" for line in RIGHT.partition('if __name__')[0].splitlines()) + "    return app\n"}),
    case("a syntax error", "def (:\n", "import-error", "SyntaxError"),
    case("tabs and spaces", "if True:\n    x = 1\n\ty = 2\n", "import-error", "app.py:3"),
    Case("a byte order mark", {"app.py": b"\xef\xbb\xbf" + RIGHT.encode()}),
    Case("CRLF", {"app.py": RIGHT.replace("\n", "\r\n")}),
    Case("UTF-16", {"app.py": RIGHT.encode("utf-16")}, "import-error", "UTF-16"),
    Case("Latin-1", {"app.py": b"x = 'caf\xe9'\n" + RIGHT.encode()}, "import-error", "app.py:1, column 9"),
    Case("a NUL byte", {"app.py": RIGHT.encode() + b"\0"}, "import-error", "NUL"),
    case("a server started while loaded", "\napp.run()\n", "graded", passes=SOME, last=True),
    case("a question while loaded", "x = input('Your name? ')\n", "graded", "waits for somebody to type", SOME),
    case("debug mode", "\napp.debug = True\n", "graded", "app.debug is True", SOME, last=True),
    case("a package not in the course", "import no_package_of_the_course\n", "import-error", "no_package_of"),
    # 35-36: the network, and what lies around
    case(
        "an address looked up",
        "import urllib.request; urllib.request.urlopen('http://example.com', timeout=2)\n",
        "blocked",
        "the network",
        levels=SANDBOX,
    ),
    case(
        "a connection",
        "import socket; socket.create_connection(('192.0.2.1', 80), 2)\n",
        "blocked",
        "the network",
        levels=SANDBOX,
    ),
    view("telemetry in every view", "import socket; socket.create_connection(('192.0.2.1', 80), 1)", "blocked",
        "the network", levels=SANDBOX, path=None),
    attempt("a server of this machine", "refused(lambda: socket.create_connection(('127.0.0.1', PORT), 1), 'TCP')\n"),
    attempt("an abstract socket", "s = socket.socket(socket.AF_UNIX)\n"
        "refused(lambda: (s.connect('\\0MARK'), True), 'abstract socket')\n"),
    attempt("an empty home", "must(sorted(os.listdir(os.environ['HOME'])) != ['.tmp', 'app.py'], 'home')\n"
        "must('SECRET' in str(os.environ), 'environment')\n"
        "for name in ('/home', '/var', '/etc/shadow', '/etc/passwd'): must(os.path.exists(name), name)\n"),
    attempt("the secret file", "refused(lambda: open('SECRET_FILE').read(), 'file')\n"),
    attempt("checks and solutions on disk", "for root, folders, names in os.walk('ROOT'):\n"
        "    folders[:] = [name for name in folders if name != '.venv']\n"  # packages bring tests of their own
        "    must({'solutions', 'checks', 'steps', 'tests', 'grading'} & set(folders), root)\n"),
    attempt("no other process", "for n in filter(str.isdigit, os.listdir('/proc')):\n"
        "    must(int(n) > 500, n)\n"
        "    refused(lambda: b'SECRET' in open(f'/proc/{n}/environ', 'rb').read(), 'environ')\n"),
    # ways out of the sandbox
    attempt("not root", "must(0 in (os.getuid(), os.geteuid(), os.getgid()), 'id')\n"
        "must(os.getgroups() not in ([], [65534]), 'groups')\n"
        "refused(lambda: os.setuid(0) is None, 'setuid')\nrefused(lambda: os.chroot('/') is None, 'chroot')\n"),
    attempt("the parent traced", "must(libc.ptrace(16, os.getppid(), 0, 0) == 0, 'ptrace')\n", BOTH),
    attempt("the parent's memory", "refused(lambda: open(f'/proc/{os.getppid()}/mem', 'r+b'), 'mem')\n"
        "refused(lambda: os.listdir(f'/proc/{os.getppid()}/fd'), 'fd')\n"
        "refused(lambda: open(f'/proc/{os.getppid()}/environ').read(), 'environ')\n"
        "must(libc.syscall(438, libc.syscall(434, os.getppid(), 0), 3, 0) >= 0, 'pidfd_getfd')\n", BOTH),
    attempt("a new user namespace", "must(libc.unshare(0x10000000 | 0x20000) == 0 and "
        "libc.mount(b'/proc', b'/tmp', None, 4096, None) == 0 and not os.getuid(), 'namespace')\n"),
    attempt("a mount", "must(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0, 'mount')\n"
        "must(libc.mount(None, b'/usr', None, 4096 | 32, None) == 0, 'remount')\n", BOTH),
    attempt("limits raised", "import resource\n"
        "for kind in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):\n"
        "    refused(lambda: resource.setrlimit(kind, (-1, -1)) is None, str(kind))\n"),
    attempt("files elsewhere", "for name in ('/', '/usr', '/dev', '/proc', '/var/tmp', 'ROOT', 'ROOT/workbook', "
        "sys.prefix, sys.base_prefix):\n    refused(lambda: open(name + '/MARK', 'w'), name)\n"),
    attempt("devices", "refused(lambda: os.mknod('d', 0o60600, 0xFE00) is None, 'mknod')\n"
        "for name in ('/dev/vda', '/dev/sda', '/dev/mem', '/dev/kmsg'): refused(lambda: open(name, 'rb'), name)\n"),
    attempt("a hard link", "refused(lambda: os.link('/usr/bin/env', 'e') is None, 'link')\n"),
    attempt("no other descriptor", "import stat\nopen_ = [os.fstat(n) for n in range(3, 256) if "
        "os.path.exists(f'/proc/self/fd/{n}')]\n"
        "must(len(open_) > 3 or any(stat.S_ISREG(one.st_mode) for one in open_), str(open_))\n", BOTH),
    attempt("settings of the kernel", "refused(lambda: open('/proc/sys/kernel/core_pattern', 'w'), 'core_pattern')\n"
        "refused(lambda: open('/proc/sysrq-trigger', 'w'), 'sysrq')\n"),
    case("priority and stray signals", "import os\n"
        "for n in range(4, 400):\n    try: os.kill(n, 9) if n != os.getpid() else None\n    except OSError: pass\n",
        "graded", passes=ALL, levels=SANDBOX),
    # the database that the checks read
    Case("a database that is a link", {"app.py": solution("08_models") + SWAP.format(
        code="os.symlink('/etc/shadow', path)")}, "graded", "", SOME, SANDBOX, 8),
    Case("a database that is no database", {"app.py": solution("08_models") + SWAP.format(
        code="open(path, 'wb').write(b'SQLite format 3' + bytes(99999))")}, "graded", "", SOME, SANDBOX, 8),
    Case("a database whose views never end", {"app.py": solution("08_models") + SWAP.format(
        code=VIEW_WITHOUT_END)}, "graded", "", SOME, SANDBOX, 8),
]  # fmt: skip
