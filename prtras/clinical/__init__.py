"""Clinical calculators of PRTRAS-001 (NCT07120750): plain Python, no Django.

One module per calculator. Every public function takes values with explicit units, checks all of them
before it calculates, and raises `BadInput` or `MissingInput` with the name of the field.
`calculators.calculate(name, inputs)` answers any of them in JSON terms, as does `python -m prtras.clinical`.
"""
