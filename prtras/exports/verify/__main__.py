"""The command: `python -m prtras.exports.verify BUNDLE.zip [--key FINGERPRINT|FILE] [--json]`."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from prtras.exports import keys
from prtras.exports.verify.all_checks import Run, verify
from prtras.exports.verify.findings import Report

SHA256 = re.compile(r"[0-9a-f]{64}")


def main(arguments: Sequence[str] | None = None) -> int:
    """0: nothing is wrong; 1: something is; 2: it could not be looked at."""
    options = _parser().parse_args(arguments)
    run: Run = "always" if options.run_programs else "signed"
    report = verify(options.bundle, options.key, results=options.results or "", run=run)
    if options.json:
        print(json.dumps(report.plain(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(report, options.language)))
    return 1 if report.findings else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m prtras.exports.verify", description=__doc__)
    parser.add_argument("bundle", type=_bytes)
    parser.add_argument(
        "--key", type=fingerprint_of, action="append", default=[], help="fingerprint or public key (PEM file)"
    )
    parser.add_argument("--results", type=_sha256, help="the checksum of results that a report shows")
    parser.add_argument("--run-programs", action="store_true", help="run the bundle's programs, whoever made it")
    parser.add_argument("--json", action="store_true", help="the report as JSON, in both languages")
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    return parser


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as wrong:
        raise argparse.ArgumentTypeError(f"{path}: {wrong.strerror}") from None


def _sha256(text: str) -> str:
    if not SHA256.fullmatch(text.lower()):
        raise argparse.ArgumentTypeError("a checksum has 64 hexadecimal digits")
    return text.lower()


def fingerprint_of(text: str) -> str:
    """Of a key: itself, or of the public key in a file of this name."""
    if SHA256.fullmatch(text.lower().replace(":", "")):
        return text.lower().replace(":", "")
    try:
        return keys.fingerprint(keys.public_of(_bytes(text)))
    except keys.NoKey as wrong:
        raise argparse.ArgumentTypeError(f"{text}: {wrong}") from None


def _lines(report: Report, language: str) -> list[str]:
    findings = [f"{each.place}: {each.text.in_language(language)}" for each in report.findings]
    return [*findings, *(each.text.in_language(language) for each in report.notes)]


if __name__ == "__main__":
    sys.exit(main())
