"""Computes every number of the report again from the CSV files of this folder, and compares with expected.json.

Needs Python 3.10 or newer and numpy, nothing else; it imports nothing of the program that made the bundle. Run:

    python recompute.py
    python recompute.py adtte cox_model     (only what is named)

Exit status 0: every number agrees. 1: one differs, is missing on either side, or nothing was compared. 2: a name that
is none. Apache-2.0.
"""

import runpy

if __name__ == "__main__":
    runpy.run_module("recomputation", run_name="__main__", alter_sys=True)
