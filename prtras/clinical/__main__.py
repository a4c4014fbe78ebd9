"""`python -m prtras.clinical NAME`: one JSON object of inputs, or a list of them, from stdin to stdout.

`python -m prtras.clinical --list` prints the names. Exit status 2 for an unknown name or unreadable JSON.
"""

import argparse
import json
import sys
from decimal import Decimal

from prtras.clinical.calculators import CALCULATORS, calculate


def main() -> None:
    """Answer the calculator named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m prtras.clinical", description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("name", nargs="?", choices=sorted(CALCULATORS), help="calculator")
    choice.add_argument("--list", action="store_true", help="print the names of the calculators")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(sorted(CALCULATORS)))
        return
    try:
        given = json.loads(sys.stdin.buffer.read(), parse_float=Decimal)
    except ValueError as unreadable:
        parser.error(f"stdin is not JSON: {unreadable}")
    if isinstance(given, list):
        answer: object = [calculate(arguments.name, inputs) for inputs in given]
    else:
        answer = calculate(arguments.name, given)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
