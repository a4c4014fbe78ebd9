"""BCLC stage (2022) from tumour burden, vascular invasion, spread, ECOG and Child-Pugh class.

Source: Reig 2022 doi:10.1016/j.jhep.2021.11.018 (stored: https://www.scribd.com/document/682938775).
Child-Pugh B with a single tumour <= 20 mm -> A, and hepatic vein or bile duct invasion -> C, are project
choices. Microvascular invasion is not an input.
"""

from dataclasses import dataclass

from prtras.clinical.inputs import YES_NO, MissingInput, Number, code, number, whole

VASCULAR_INVASION = ("NONE", "PV", "HV", "BD", "MULTI")
CHILD_PUGH_CLASSES = ("A", "B", "C")


@dataclass(frozen=True)
class BclcStage:
    """The stage 0, A, B, C or D, and whether it is one the study enrols (0 or A)."""

    stage: str

    @property
    def is_0_or_a(self) -> bool:
        return self.stage in ("0", "A")


def stage(
    *,
    n_tumours: Number | None,
    largest_mm: Number | None,
    vasc_inv: str | None,
    extrahep: str | None,
    ecog: Number | None,
    child_pugh_class: str | None,
) -> BclcStage:
    """The stage; every input is needed. Largest diameter in mm (1 to 300); ECOG 0 to 4, tumour related.

    Raises BadInput and MissingInput. Source: BCLC 2022 (Reig 2022, figure 1).
    """
    n_tumours = whole("n_tumours", n_tumours, at_least=1, at_most=99)
    largest_mm = number("largest_mm", largest_mm, at_least=1, at_most=300)
    code("vasc_inv", vasc_inv, VASCULAR_INVASION)
    code("extrahep", extrahep, YES_NO)
    ecog = whole("ecog", ecog, at_least=0, at_most=4)
    code("child_pugh_class", child_pugh_class, CHILD_PUGH_CLASSES)
    if (
        n_tumours is None
        or largest_mm is None
        or vasc_inv is None
        or extrahep is None
        or ecog is None
        or child_pugh_class is None
    ):
        raise MissingInput.among(
            n_tumours=n_tumours,
            largest_mm=largest_mm,
            vasc_inv=vasc_inv,
            extrahep=extrahep,
            ecog=ecog,
            child_pugh_class=child_pugh_class,
        )
    if ecog >= 3 or child_pugh_class == "C":
        return BclcStage("D")
    if vasc_inv != "NONE" or extrahep == "Y" or ecog >= 1:
        return BclcStage("C")
    if n_tumours == 1:
        return BclcStage("0" if largest_mm <= 20 and child_pugh_class == "A" else "A")
    return BclcStage("A" if n_tumours <= 3 and largest_mm <= 30 else "B")
