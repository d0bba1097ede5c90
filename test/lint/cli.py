#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds --help, man page and completion together, and man page and configuration reader.

cli.py SOURCE-DIR PROGRAM...

For every program: the options of --help are those of the man page (and of
mipctl's completion), and exit status and streams are right. For mipctl: every
command with its words is in all three. For daemons: every section and word of
the configuration that the sources know is in the man page, and the other way.
"""
import os
import re
import subprocess
import sys

failures = []


def check(ok, text):
    if not ok:
        failures.append(text)


def same(name, a, a_name, b, b_name):
    check(not a - b, f"{name}: in {a_name} but not in {b_name}: {', '.join(sorted(a - b))}")
    check(not b - a, f"{name}: in {b_name} but not in {a_name}: {', '.join(sorted(b - a))}")


def run(*command):
    env = dict(os.environ, LC_ALL="C", NO_COLOR="1")
    return subprocess.run(command, capture_output=True, text=True, timeout=20, env=env)


def section(page, title):
    found = re.search(rf"^# {title}\n(.*?)(?=^# |\Z)", page, re.M | re.S)
    return found.group(1) if found else ""


def plain(text):
    return re.sub(r"[*_\\]", "", text)


def options_of_help(text):
    found = set()
    for line in text.splitlines():
        # Before the first run of two spaces stands the option, behind it what it does.
        head = re.split(r"\s{2,}", line.strip())[0]
        if head.startswith("-"):
            found.update(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", head))
    return found


def options_of_man(page):
    heads = re.findall(r"^(\*-.*)$", section(page, "OPTIONS"), re.M)
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", plain(" ".join(heads))))


def check_program(name, path, page):
    result = run(path, "--help")
    check(result.returncode == 0, f"{name}: --help ends with {result.returncode}")
    check(not result.stderr, f"{name}: --help writes to standard error")
    same(name, options_of_help(result.stdout), "--help", options_of_man(page), "the man page")
    result_version = run(path, "--version")
    check(result_version.returncode == 0 and re.match(rf"{name} \d+\.", result_version.stdout),
          f"{name}: --version prints {result_version.stdout!r}")
    wrong = run(path, "--no-such-option")
    check(wrong.returncode == 2 and wrong.stderr and not wrong.stdout,
          f"{name}: a wrong option must end with 2 and a word on standard error")
    for number in "0123":
        check(re.search(rf"\*{number}\*", section(page, "EXIT STATUS")),
              f"{name}: exit status {number} is not in the man page")
    return result.stdout


def commands_of_help(text):
    block = text.split("\n\n")[1]
    return {line.strip() for line in block.splitlines() if re.match(r"  \S", line)}


def commands_of_man(page):
    return {plain(line) for line in section(page, "COMMANDS").splitlines() if line.startswith("*")}


def words(command):
    """An object, a verb and the words of pairs: without placeholders and brackets."""
    return " ".join(w for w in re.sub(r"[\[\]]", "", command).split() if w == w.lower())


def check_mipctl(source, text, page):
    help_commands = commands_of_help(text)
    check(len(help_commands) > 10, "mipctl: --help has no commands, or this test cannot find them")
    same("mipctl", help_commands, "--help", commands_of_man(page), "the man page")
    with open(f"{source}/src/mipctl/mipctl.bash", encoding="utf-8") as f:
        bash = f.read()
    table = re.search(r"_mipctl_commands='\n(.*?)'", bash, re.S).group(1)
    lines = {line.split(" = ")[0] for line in table.splitlines()}
    # Topics and sources are no pairs; the completion lists them behind "=".
    same("mipctl", {words(c).removesuffix(" all") for c in help_commands}, "--help", lines,
         "the completion")
    options = set(re.search(r"_mipctl_options='(.*?)'", bash).group(1).replace("=", "").split())
    same("mipctl", options_of_help(text), "--help", options, "the completion's options")


def words_of_sources(source, name):
    """{section: {word}} from the tables of src/conf."""
    with open(f"{source}/src/conf/{name}.c", encoding="utf-8") as f:
        own = f.read()
    with open(f"{source}/src/conf/common.c", encoding="utf-8") as f:
        common = f.read()

    def tables(text):
        found = {}
        for table, body in re.findall(r"const struct conf_word (\w+)\[\] = \{(.*?)\n\};", text, re.S):
            found[table] = set(re.findall(r'\.name = "([^"]+)"', body))
        return found

    known = tables(own) | tables(common)
    sections = re.search(r"const struct conf_section sections\[\] = \{(.*?)\n\};", own, re.S).group(1)
    return {s: known[t] for s, t in re.findall(r'\.name = "([^"]+)".*?\.words = (\w+)', sections, re.S)}


def words_of_man(page):
    found = {}
    for name, body in re.findall(r"^## \[(\S+)[^\n]*\n(.*?)(?=^#|\Z)", page, re.M | re.S):
        found[name.rstrip("]")] = set(re.findall(r"^\*([a-z-]+)\* = ", body, re.M))
    return found


def words_of_sample(source, name):
    found = {}
    current = None
    with open(f"{source}/systemd/examples/{name}.conf", encoding="utf-8") as f:
        for line in f:
            # Explanations begin with "# ", words that show a default with "#".
            line = re.sub(r"^#(?=[a-z\[])", "", line)
            if m := re.match(r"\[(\S+?)[\] ]", line):
                current = found.setdefault(m.group(1), set())
            elif (m := re.match(r"([a-z-]+) = ", line)) and current is not None:
                current.add(m.group(1))
    return found


def check_words(source, name, page):
    sources, man, sample = words_of_sources(source, name), words_of_man(page), words_of_sample(source, name)
    same(name, set(sources), "the sources", set(man), "the man page's sections")
    for s in sources:
        same(f"{name} [{s}]", sources[s], "the sources", man.get(s, set()), "the man page")
        same(f"{name} [{s}]", sample.get(s, set()) & sources[s], "the sample", sample.get(s, set()), "what is known")


def main():
    source, programs = sys.argv[1], sys.argv[2:]
    for path in programs:
        name = os.path.basename(path)
        with open(f"{source}/src/{name}/{name}.8.scd", encoding="utf-8") as f:
            page = f.read()
        text = check_program(name, path, page)
        if name == "mipctl":
            check_mipctl(source, text, page)
        else:
            check_words(source, name, page)
    for failure in failures:
        print(failure)
    print(f"{len(programs)} programs, {len(failures)} differences")
    return 1 if failures or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
