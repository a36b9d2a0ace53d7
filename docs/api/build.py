"""Makes requests.http and the Postman collection from requests.toml, which says how an example is written.

    python docs/api/build.py

The formats: https://github.com/JetBrains/http-request-in-editor-spec, which VS Code's REST Client reads too, and
https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10, where pytest brings it
    import tomli as tomllib

HERE = Path(__file__).parent
NO_PASSWORD = r'pm.test("no password", () => pm.expect(pm.response.text()).not.to.match(/"password"\s*:/));'
NEW_RUN = 'pm.collectionVariables.set("run", String(Date.now()));'


@dataclass(frozen=True)
class Example:
    """One request and what must come back; requests.toml says what the fields mean."""

    name: str
    title: str
    method: str
    path: str
    body: str | None
    status: int
    answer: dict | None
    headers: dict = field(default_factory=dict)
    answer_headers: dict = field(default_factory=dict)
    keep: dict = field(default_factory=dict)
    file: str | None = None
    new_run: bool = False


def source():
    """Return what requests.toml holds."""
    return tomllib.loads((HERE / "requests.toml").read_text("utf-8"))


def endpoints():
    """Give (request line, description, examples) of every endpoint, with a login where the user changes."""
    tables, user = source(), "nobody"
    for endpoint in tables["endpoint"]:
        examples = []
        for row in endpoint["example"]:
            wanted = row.get("as", user)
            if wanted != user:
                examples.append(example_of(tables["as"][wanted], endpoint))
            user = row.get("now", wanted)
            examples.append(example_of(row, endpoint))
        yield endpoint["do"], f"{endpoint['about']} Since step {endpoint['since']}.", examples


def example_of(row, endpoint):
    """Return the Example that a table of requests.toml describes."""
    method, path = row.get("do", endpoint["do"]).split()
    title = f"{row['status']}: {row['name']}" + (f" (since step {row['since']})" if "since" in row else "")
    made = {"title": title, "method": method, "path": path, "body": row.get("raw")}
    if "send" in row:
        text = as_json(row["send"], indent=2)
        made["body"] = re.sub(r"\{\{(\d+) letters}}", lambda found: "x" * int(found[1]), text)
    if made["body"] is not None:
        made["headers"] = {"Content-Type": row.get("type", "application/json"), **row.get("headers", {})}
    answer = {"error": "<text>"} if row["status"] >= 400 else None
    known = {key: row[key] for key in Example.__dataclass_fields__ if key in row}
    return Example(**{"answer": answer, **known, **made})


def as_json(value, indent=None):
    """Return a value as JSON, in which "{{anaId}}" alone is a number and so loses its quotes."""
    return re.sub(r'"(\{\{\w+Id}})"', r"\1", json.dumps(value, ensure_ascii=False, indent=indent))


def http_file():
    """Return the text of requests.http: each request under a comment that says what to expect."""
    ids, blocks = [], []
    for do, about, examples in endpoints():
        blocks.append([f"### {do}", f"# {about}"])
        for one in examples:
            lines = [f"### {one.title}"]
            if one.keep:
                label = re.sub(r" (\w)", lambda found: found[1].upper(), one.name)
                lines.append(f"# @name {label}")
                ids += [f"@{name} = {{{{{label}.response.body.$.{at}}}}}" for name, at in one.keep.items()]
            lines.append(f"# Expect: {one.status}" + (f" {as_json(one.answer)}" if one.answer else ""))
            lines += [f"# Expect header: {name}: {text}" for name, text in one.answer_headers.items()]
            lines.append(f"{one.method} {{{{baseUrl}}}}{one.path}")
            lines += [f"{name}: {text}" for name, text in one.headers.items()]
            if one.body is not None:
                lines += ["", f"< ./{one.file}" if one.file else one.body]
            blocks.append(lines)
    return "\n\n".join("\n".join(lines) for lines in [[source()["head"], *ids], *blocks]) + "\n"


def collection():
    """Return the Postman collection as JSON text."""
    made = {
        "info": {
            "name": "Social API",
            "description": "Every endpoint, run from top to bottom. build.py makes this file from requests.toml.",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [
            {"name": do, "description": about, "item": [postman_item(one) for one in examples]}
            for do, about, examples in endpoints()
        ],
        "variable": [{"key": "baseUrl", "value": "http://localhost:5001"}, {"key": "run", "value": "1"}],
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def postman_item(one):
    """Return the request of an example with its tests."""
    path, _, query = one.path.partition("?")
    url = {"raw": "{{baseUrl}}" + one.path, "host": ["{{baseUrl}}"], "path": path[1:].split("/")}
    if query:
        url["query"] = [{"key": name, "value": text} for name, text in parse_qsl(query)]
    headers = [{"key": name, "value": text} for name, text in one.headers.items()]
    request = {"method": one.method, "header": headers, "url": url}
    if one.body is not None:
        language = "json" if "json" in one.headers["Content-Type"] else "text"
        request["body"] = {"mode": "raw", "raw": one.body, "options": {"raw": {"language": language}}}

    lines = [f'pm.test("answers {one.status}", () => pm.response.to.have.status({one.status}));']
    if one.answer:
        expected = [f"  {line}" for line in expectations(one.answer)]
        lines += ['pm.test("answers what is expected", () => {', "  const body = pm.response.json();"]
        lines += [*expected, "});", *([NO_PASSWORD] if path.startswith("/api") else [])]
    for name, text in one.answer_headers.items():
        (line,) = expectations(text, f'pm.response.headers.get("{name}")')
        lines += [f'pm.test("sends {name}", () => {{', f"  {line}", "});"]
    for name, place in one.keep.items():
        lines.append(f'pm.collectionVariables.set("{name}", pm.response.json().{place});')
    events = [script("prerequest", NEW_RUN)] if one.new_run else []
    return {"name": one.title, "event": [*events, script("test", *lines)], "request": request, "response": []}


def script(kind, *lines):
    """Return a script for before the request ("prerequest") or after the answer ("test")."""
    return {"listen": kind, "script": {"type": "text/javascript", "exec": lines}}


def expectations(value, place="body"):
    """Return lines of JavaScript that compare what stands at a place with a part of the expected answer."""
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in expectations(item, f"{place}.{key}")]
    if isinstance(value, list):
        items = [line for n, item in enumerate(value) for line in expectations(item, f"{place}[{n}]")]
        return [f"pm.expect({place}).to.have.lengthOf({len(value)});", *items]
    if value == "<text>":
        return [f'pm.expect({place}).to.be.a("string").that.is.not.empty;']

    wish = re.sub(r"^\{\{(\w+)}}$", r'Number(pm.collectionVariables.get("\1"))', as_json(value))
    if "{{" in wish:
        wish = re.sub(r"\{\{(\w+)}}", r'${pm.collectionVariables.get("\1")}', f"`{value}`")
    return [f"pm.expect({place}).to.eql({wish});"]


def files():
    """Return the text of every file that is made, by its name."""
    big = {one.file: one.body for _, _, examples in endpoints() for one in examples if one.file}
    return {"requests.http": http_file(), "social-api.postman_collection.json": collection(), **big}


if __name__ == "__main__":
    for name, text in files().items():
        (HERE / name).write_text(text, "utf-8", newline="\n")
