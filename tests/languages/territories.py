#!/usr/bin/env python3
"""Writes the names of countries in the languages of the built-in string catalogs, from the Unicode CLDR.

    npm pack cldr-localenames-full@48.2.0 && tar -xzf cldr-localenames-full-48.2.0.tgz
    python3 tests/languages/territories.py package

A development-time step, not part of tests/run.sh: the result, `src/wording/territories.tsv`, is in the repository. English names
are those of `src/model/country.rs`. Portuguese is that of Portugal. Regions are not in CLDR under candor's codes: the catalogs name
them.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The locale of CLDR for each language.
LOCALES = {"de": "de", "es": "es", "fr": "fr", "it": "it", "nl": "nl", "pl": "pl", "pt": "pt-PT", "sv": "sv"}


def main():
    package = Path(sys.argv[1])
    code = re.compile(r'^\s+\("([A-Z]{2})", "', re.MULTILINE)
    codes = code.findall((ROOT / "src/model/country.rs").read_text(encoding="utf-8"))
    if len(codes) < 200:
        sys.exit("territories.py: cannot find the codes in src/model/country.rs")
    names = {}
    for language, locale in LOCALES.items():
        of_locale = json.loads((package / f"main/{locale}/territories.json").read_text(encoding="utf-8"))
        territories = of_locale["main"][locale]["localeDisplayNames"]["territories"]
        for short in codes:
            # The full names of these are those of administrative acts ("Sonderverwaltungsregion Hongkong").
            name = f"{short}-alt-short" if short in ("HK", "MO", "PS") else short
            names[short, language] = territories[name]
    lines = ["\t".join(["code", *LOCALES])]
    lines += ["\t".join([short, *(names[short, language] for language in LOCALES)]) for short in codes]
    (ROOT / "src/wording/territories.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
