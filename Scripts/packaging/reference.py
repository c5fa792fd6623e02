#!/usr/bin/env python3
"""Turns the table that `semcached config --reference` prints into a commented semcached.yaml, or into its manual page.

    semcached config --reference | Scripts/packaging/reference.py yaml
    semcached config --reference | Scripts/packaging/reference.py manual VERSION DATE
"""

import re
import sys
import textwrap
from typing import NamedTuple


class Setting(NamedTuple):
    key: str
    default: str
    allowed: str
    names: str
    per_namespace: str
    reloads: str
    meaning: str

    @property
    def value(self):
        """The default as YAML; None when it is not a value but what happens without one."""
        match = re.fullmatch(r"`(.*)`", self.default)
        return match[1] if match else None


def settings(table):
    rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in table.splitlines()]
    rows = [row for row in rows if len(row) == 7 and row[0].startswith("`")]
    if not rows:
        sys.exit("reference.py: standard input must be the table that `semcached config --reference` prints")
    return [Setting(row[0].strip("`"), *row[1:]) for row in rows]


def explanation(setting):
    text = f"{setting.meaning} Takes {setting.allowed}."
    if setting.value is None:
        text += f" Unset: {setting.default}."
    if setting.per_namespace:
        text += " Also for a namespace."
    return text + f" {setting.names.replace('`', '')}."


def yaml(table):
    print(
        "# The settings of semcached with their defaults: take the sign away from what you change, and from the\n"
        "# line of its section. `semcached config --check FILE` says whether the file is right, `semcached config`\n"
        "# what applies. A flag goes before a variable of the environment, that before this file.\n"
        "#\n"
        "# Settings that may differ by namespace stand under its name as they stand here:\n"
        "#\n"
        "#     namespaces: { faq: { ttl: { default: 7d } } }"
    )
    open_sections = []
    for setting in settings(table):
        *sections, name = setting.key.split(".")
        if not open_sections or sections[0] != open_sections[0]:
            print()
        for depth, section in enumerate(sections):
            if open_sections[: depth + 1] != sections[: depth + 1]:
                print(f"#{'  ' * depth}{section}:")
        open_sections = sections
        for line in textwrap.wrap(explanation(setting), 110, break_long_words=False, break_on_hyphens=False):
            print(f"#{'  ' * len(sections)}# {line}")
        value = "" if setting.value is None else " " + quoted(setting.value)
        print(f"#{'  ' * len(sections)}{name}:{value}")


def quoted(value):
    return value if re.fullmatch(r"[A-Za-z0-9./]+( [A-Za-z]+)?|\[\]", value) else f"'{value}'"


def roff(text):
    text = text.replace("\\", "\\\\").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def manual(table, version, date):
    print(f'.TH SEMCACHED.YAML 5 "{date}" "semcached {version}" "File formats"')
    print(".SH NAME\nsemcached.yaml \\- settings of semcached")
    print(".SH SYNOPSIS\n.I /etc/semcached/semcached.yaml")
    print(
        ".SH DESCRIPTION\nThe file is YAML. A flag goes before a variable of the environment, that before this file,\n"
        "that before the default. Names that are unknown and values that are not allowed stop the start.\n"
        "SIGHUP has the service read keys, namespaces and prices again."
    )
    print(".SH SETTINGS")
    for setting in settings(table):
        print(f".TP\n.B {roff(setting.key)}\n{roff(explanation(setting))}")
        if setting.value is not None:
            print(f"Default: {roff(setting.value)}")
    print(".SH NAMESPACES\nWhat is said to be for a namespace as well stands under its name as it stands at the top:")
    print(".PP\n.nf\nnamespaces:\n  faq:\n    ttl: { default: 7d }\n    semantic: { threshold: 0.9 }\n.fi")
    print(".SH PRICES\nDollars per million tokens, by model, for what hits save:")
    print(".PP\n.nf\nprices: { gpt\\-4o: { prompt: 2.50, completion: 10.00 } }\n.fi")
    print(".SH SEE ALSO\n.BR semcached (8),\n.BR semcachectl (1)")


if __name__ == "__main__":
    if sys.argv[1:] == ["yaml"]:
        yaml(sys.stdin.read())
    elif len(sys.argv) == 4 and sys.argv[1] == "manual":
        manual(sys.stdin.read(), *sys.argv[2:])
    else:
        sys.exit(__doc__)
