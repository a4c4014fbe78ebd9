"""R code that computes one output again from the bundle: what its page offers to copy, and what the bundle holds."""

from prtras import env

FOLDER = env.ROOT / "analysis" / "bundle"
HEAD = "_head"
_GENERAL = """# Run it in the folder of the unzipped bundle; needs R and its recommended package survival. Apache-2.0.
# `result` holds the numbers by their place in expected.json.

library(survival)
for (part in c({parts})) {{
  source(file.path("recomputation", paste0(part, ".R")), encoding = "UTF-8")
}}
result <- unlist(lapply({function}(), unname))
print(result)
"""


def r_code(code: str) -> str | None:
    """The R code of an output: its own, else a call of the bundle's function; None where there is neither."""
    own = FOLDER / "figures" / f"{code}.R"
    if own.exists() and code != HEAD:
        return own.with_name(f"{HEAD}.R").read_text() + own.read_text()
    program = (FOLDER / "recompute.R").read_text()
    function = _functions(program).get(code)
    if function is None:
        return None
    parts = program.split("for (part in c(")[1].split(")")[0]
    return _GENERAL.format(parts=parts, function=function)


def _functions(program: str) -> dict[str, str]:
    """The function of each output, as the program lists them."""
    listed = program.split("outputs <- list(")[1].split("\n)")[0]
    pairs = (pair.split("=") for pair in listed.split(","))
    return {name.strip(): function.strip() for name, function in pairs}
