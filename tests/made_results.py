"""Results of students who never were, as `grade` writes them, for the tests of what is made from results."""

import random
from html.parser import HTMLParser

BLOCKS = {"p", "td", "th", "dt", "dd", "li", "h1", "h2", "h3", "pre", "div"}
ALONE = {"meta", "rect", "link", "br", "img"}
WORDS = ["GET / answers 200.", "A name is trimmed.", "A taken name is 409.", "Nobody is listed at the start."]


def check(number: int, status: str = "passed", points: int = 1, **more) -> dict:
    """One check's object."""
    title = WORDS[number % len(WORDS)]
    message = None if status in ("passed", "skipped") else f"{title}\n  expected: 200\n  got:      {status}"
    texts = dict.fromkeys(("request", "sent", "expected", "got", "where", "hint"))
    one = {"id": f"test_{number}", "title": title, "todo": 1, "status": status, "points": points}
    return one | {"message": message} | texts | more


def step(slug: str, checks: list[dict], outcome: str = "graded", reason: str | None = None, **more) -> dict:
    """One step's object with its points."""
    passed = [one for one in checks if one["status"] == "passed"]
    tried = [one for one in checks if one["status"] != "skipped"]
    points = None if outcome == "grader-error" else sum(one["points"] for one in passed)
    told = {
        "schema": 1,
        "step": slug,
        "status": "failed",
        "passed": len(passed),
        "total": len(checks),
        "seed": "",
    }
    told |= {"checks": checks, "outcome": outcome, "reason": reason, "inputs": None, "fingerprint": None}
    told |= {"points": points, "possible": sum(one["points"] for one in tried) or 4}
    return told | {"override": False, "comment": None} | more


def result(id: str, steps: list[dict], name: str | None = None, **more) -> dict:
    """One student's object."""
    status = next((one["outcome"] for one in steps if one["outcome"] != "graded"), "graded")
    told = {"schema": 1, "id": id, "name": id.title() if name is None else name, "email": "", "login": ""}
    return told | {"status": status, "isolation": "sandbox", "notes": [], "steps": steps} | more


def a_class(size: int, slugs: tuple[str, ...] = ("01_hello", "03_users"), seed: int = 1) -> list[dict]:
    """Students of all abilities: who can do more passes more, and hard checks pass less."""
    chance = random.Random(seed)
    students = []
    for number in range(size):
        ability = chance.random()
        steps = []
        for slug in slugs:
            verdicts = ["passed" if chance.random() < 0.2 + ability - 0.1 * k else "failed" for k in range(4)]
            steps.append(step(slug, [check(k, verdict) for k, verdict in enumerate(verdicts)]))
        students.append(result(f"s{number:03}", steps))
    return students


class Page(HTMLParser):
    """What a page holds: its elements, whether they are closed in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.words += " " if tag in BLOCKS else ""

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.words += data

    def named(self, tag: str) -> list[dict]:
        """The attributes of every element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """All words with single blanks between them."""
        return " ".join(self.words.split())
