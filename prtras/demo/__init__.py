"""The demo: the whole product with invented participants. A composition root: imports everybody, imported by nobody."""
