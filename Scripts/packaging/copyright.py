#!/usr/bin/env python3
"""Prints debian/copyright (DEP-5) of the binary package, from the licenses of what is linked into the programs.

    Scripts/packaging/copyright.py ROOT SWIFT_LICENSE

ROOT is the repository, whose .build/checkouts holds the Swift packages; SWIFT_LICENSE the license of the Swift
toolchain.
"""

import json
import pathlib
import re
import sys

APACHE = "can be found in /usr/share/common-licenses/Apache-2.0."
UNICODE = """\
UNICODE LICENSE V3

COPYRIGHT AND PERMISSION NOTICE

Copyright © 2016-2024 Unicode, Inc.

NOTICE TO USER: Carefully read the following legal agreement. BY DOWNLOADING, INSTALLING, COPYING OR OTHERWISE
USING DATA FILES, AND/OR SOFTWARE, YOU UNEQUIVOCALLY ACCEPT, AND AGREE TO BE BOUND BY, ALL OF THE TERMS AND
CONDITIONS OF THIS AGREEMENT. IF YOU DO NOT AGREE, DO NOT DOWNLOAD, INSTALL, COPY, DISTRIBUTE OR USE THE DATA
FILES OR SOFTWARE.

Permission is hereby granted, free of charge, to any person obtaining a copy of data files and any associated
documentation (the "Data Files") or software and any associated documentation (the "Software") to deal in the
Data Files or Software without restriction, including without limitation the rights to use, copy, modify,
merge, publish, distribute, and/or sell copies of the Data Files or Software, and to permit persons to whom
the Data Files or Software are furnished to do so, provided that either (a) this copyright and permission
notice appear with all copies of the Data Files or Software, or (b) this copyright and permission notice
appear in associated Documentation.

THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF
THIRD PARTY RIGHTS.

IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY
SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR
PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN
CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.

Except as contained in this notice, the name of a copyright holder shall not be used in advertising or
otherwise to promote the sale, use or other dealings in these Data Files or Software without prior written
authorization of the copyright holder.
"""


def indented(text):
    """A text as the continuation of a field: blank lines are dots."""
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.strip("\n").splitlines())


def paragraph(**fields):
    print()
    for name, value in fields.items():
        print(f"{name.replace('_', '-')}: {value}")


def own_words(text):
    """The part of a license text that is not the Apache license itself."""
    end = text.find("APPENDIX")
    return text[text.find("##", end) :] if "##" in text[end:] else ""


def comment(path):
    """The license comment of a C file, the one that begins as `/*-`."""
    text = path.read_text()
    return re.sub(r"^ ?\*? ?", "", re.search(r"/\*-\n(.*?)\*/", text, re.DOTALL)[1].strip(), flags=re.MULTILINE)


def main(root, swift_license):
    checkouts = root / ".build" / "checkouts"
    pins = json.loads((root / "Package.resolved").read_text())["pins"]
    print("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/")
    print("Upstream-Name: semcached")
    print("Comment:\n The programs are linked with the Swift packages, the Swift runtime libraries and the")
    print(" header-only library below; the files are named by these.")
    paragraph(Files="*", Copyright="2026 The semcached project", License="Apache-2.0")
    for pin in pins:
        name = pathlib.PurePath(pin["location"]).name.removesuffix(".git")
        license = next((checkouts / name).glob("LICENSE*")).read_text()
        if "Apache License" in license:
            holder, kind = f"The {name} project and its authors", "Apache-2.0"
        elif "The MIT License" in license:
            holder, kind = re.search(r"Copyright \(c\) (.*?)\.?\n", license)[1], "Expat-Yams"
            yams = license
        else:
            sys.exit(f"copyright.py: the license of {name} is not one that this script knows; look at it")
        paragraph(
            Files=f"swift-packages/{name}/*",
            Copyright=holder,
            License=kind,
            Comment=f"Version {pin['state'].get('version', pin['state']['revision'])}, {pin['location']}",
        )
    nio = checkouts / "swift-nio" / "Sources"
    llhttp = (nio / "CNIOLLHTTP" / "LICENSE").read_text()
    zlib = (checkouts / "swift-nio-extras/Sources/CNIOExtrasZlib/include/nioextras-zlib.h").read_text()
    sha1 = comment(nio / "CNIOSHA1" / "c_nio_sha1.c")
    swift = swift_license.read_text()
    paragraph(Files="swift-packages/swift-nio/CNIOLLHTTP/*", Copyright="2018 Fedor Indutny", License="Expat-llhttp")
    paragraph(Files="swift-packages/swift-nio/CNIOSHA1/*", Copyright="1995-1998 WIDE Project", License="BSD-3-clause")
    paragraph(
        Files="swift-packages/swift-nio-extras/CNIOExtrasZlib/*",
        Copyright="1995-2026 Jean-loup Gailly and Mark Adler",
        License="Zlib",
    )
    paragraph(Files="swift-packages/Yams/CYaml/*", Copyright="2006-2016 Kirill Simonov", License="Expat-Yams")
    paragraph(
        Files="swift-runtime/*",
        Copyright="Apple Inc. and the Swift project authors",
        License="Apache-2.0-runtime",
    )
    paragraph(Files="swift-runtime/icu/*", Copyright="2016-2024 Unicode, Inc.", License="Unicode-3.0")
    paragraph(Files="hnswlib/*", Copyright="Yury Malkov and others", License="Apache-2.0")
    words = root / "Sources" / "CEnglishWords" / "COPYRIGHT.scowl"
    paragraph(Files="Sources/CEnglishWords/*", Copyright="2000-2011 Kevin Atkinson and others", License="SCOWL")
    wordnet = root / "Sources" / "SemanticCache" / "Guard" / "WordLists" / "wordnet-antonyms.txt"
    paragraph(Files="*/wordnet-antonyms.txt", Copyright="2006 Princeton University", License="WordNet-3.0")
    header = "\n".join(
        line.removeprefix("#").removeprefix(" ") for line in wordnet.read_text().splitlines() if line.startswith("#")
    )
    print(f"\nLicense: Apache-2.0\n On Debian systems, the text of the Apache License, version 2.0,\n {APACHE}")
    print(f"\nLicense: Apache-2.0-runtime\n Apache License, version 2.0, which\n {APACHE}")
    print(f" .\n{indented(own_words(swift))}")
    texts = {
        "Expat-Yams": yams,
        "Expat-llhttp": llhttp,
        "BSD-3-clause": sha1,
        "Zlib": zlib[zlib.index("  This software") : zlib.index("  Jean-loup")],
        "Unicode-3.0": UNICODE,
        "SCOWL": words.read_text(errors="replace"),
        "WordNet-3.0": header,
    }
    for name, text in texts.items():
        print(f"\nLicense: {name}\n{indented(text)}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
