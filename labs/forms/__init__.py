"""All forms of this app, in the order of the casebook."""

from labs.forms.biomarkers import IMMUNE_PROFILE, TISSUE
from labs.forms.liver import LIVER_FUNCTION
from labs.forms.panels import BIOCHEMISTRY, COAGULATION, HAEMATOLOGY, THYROID, TUMOUR_MARKERS
from labs.forms.screening import PREGNANCY_TEST, SCREENING_TESTS
from labs.forms.virology import VIROLOGY

FORMS = (
    HAEMATOLOGY, BIOCHEMISTRY, COAGULATION, LIVER_FUNCTION, VIROLOGY, TUMOUR_MARKERS, THYROID, IMMUNE_PROFILE,
    SCREENING_TESTS, PREGNANCY_TEST, TISSUE,
)  # fmt: skip
