#!/usr/bin/env python3
"""Turns what a program says of its command line (`--experimental-dump-help`, standard input) into its manual page.

    semcachectl --experimental-dump-help | Scripts/packaging/manual.py 1 0.1.0 2026-11-21
"""

import json
import re
import sys

SECTIONS = {"1": "User commands", "8": "System administration"}
SEE_ALSO = {
    "semcached": "semcachectl (1), semcached.yaml (5), semcached-fetch-model (8), redis-server (1)",
    "semcachectl": "semcached (8)",
}


def roff(text):
    text = text.replace("\\", "\\\\").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def paragraphs(text):
    """Running text; lines that begin with two spaces, and the headings above them, keep their form."""
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if re.fullmatch(r"[A-Z ]+", lines[0]):
            print(f".PP\n.B {roff(lines.pop(0).capitalize())}")
        running = [line for line in lines if not line.startswith("  ")]
        literal = [line for line in lines if line.startswith("  ")]
        if running:
            print(".PP\n" + "\n".join(roff(line) for line in running))
        if literal:
            print(".PP\n.RS\n.nf\n" + "\n".join(roff(line.strip()) for line in literal) + "\n.fi\n.RE")


def spelled(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def arguments(command):
    shown = [argument for argument in command.get("arguments", []) if argument.get("shouldDisplay")]
    for argument in shown:
        value = argument.get("valueName", "value")
        if argument["kind"] == "positional":
            title = f".I {roff(value)}"
        else:
            names = ", ".join(f"\\fB{roff(spelled(name))}\\fR" for name in argument["names"])
            title = names + ("" if argument["kind"] == "flag" else f" \\fI{roff(value)}\\fR")
        text = argument.get("abstract", "")
        if argument.get("allValues"):
            text += f" One of {', '.join(argument['allValues'])}."
        if argument.get("defaultValue") and "(default" not in text:
            text += f" Default: {argument['defaultValue']}."
        print(f".TP\n{title}\n{roff(text)}")
        if argument.get("discussion"):
            print(roff(" ".join(argument["discussion"].split())))


def commands(command, path):
    for child in command.get("subcommands", []):
        if not child.get("shouldDisplay", True) or child["commandName"] == "help":
            continue
        name = f"{path} {child['commandName']}"
        print(f".SS {roff(name)}\n{roff(child.get('abstract', ''))}")
        if child.get("discussion"):
            paragraphs(child["discussion"])
        arguments({"arguments": [a for a in child.get("arguments", []) if not is_common(a)]})
        commands(child, name)


def is_common(argument):
    """Options that every command has, which stand once under OPTIONS."""
    return argument.get("sectionTitle") == "Server and output" or any(
        name["name"] in ("help", "version") for name in argument.get("names") or []
    )


def manual(section, version, date):
    command = json.load(sys.stdin)["command"]
    name = command["commandName"]
    abstract = command["abstract"].rstrip(".")
    print(f'.TH {name.upper()} {section} "{date}" "semcached {version}" "{SECTIONS[section]}"')
    print(f".SH NAME\n{name} \\- {roff(abstract[0].lower() + abstract[1:])}")
    print(f".SH SYNOPSIS\n.B {name}\n[\\fIoptions\\fR] \\fIcommand\\fR ...")
    print(f".SH DESCRIPTION\n{roff(command['abstract'])}")
    paragraphs(command.get("discussion", ""))
    print(".SH OPTIONS")
    arguments(command)
    print(".SH COMMANDS")
    if command.get("defaultSubcommand"):
        print(f"Without a command, {roff(command['defaultSubcommand'])} is meant.")
    commands(command, name)
    if name == "semcached":
        print(".SH FILES\n.TP\n.I /etc/semcached/semcached.yaml\nThe settings, for the service.")
        print(".TP\n.I /var/lib/semcached/models\nThe embedding model, for the service.")
        print(".SH SIGNALS\n.TP\nSIGTERM\nFinishes what is in flight, writes the counters and ends.")
        print(".TP\nSIGHUP\nReads keys, namespaces and prices again.")
    pages = SEE_ALSO[name].split(", ")
    print(".SH SEE ALSO\n" + ",\n".join(".BR " + roff(page) for page in pages).replace("),\n", "),\n"))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in SECTIONS:
        sys.exit(__doc__)
    manual(*sys.argv[1:])
