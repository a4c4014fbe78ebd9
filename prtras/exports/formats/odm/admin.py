"""AdminData of an ODM file: people by number and role, sites, what signatures mean."""

from collections.abc import Iterable

from lxml import etree

from prtras.accounts.rights import Role
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats.odm.elements import add, element
from prtras.exports.formats.odm.oids import location_oid, signature_oid, study_oid, user_oid, version_oid
from prtras.review.signing import MEANINGS

#: A person's number and role.
Who = tuple[int, str]


def admin_data(picture: Snapshot, sites: Iterable[str], people: Iterable[Who] = ()) -> etree._Element:
    """No name: a person is a number in a role, a site is its code."""
    admin = element("AdminData", StudyOID=study_oid())
    for actor, role in sorted(people):
        kind = "Investigator" if role == Role.INVESTIGATOR else "Other"
        user = add(admin, "User", OID=user_oid(actor, role), UserType=kind)
        add(user, "LoginName", str(actor))
        add(user, "DisplayName", f"{actor} ({role})")
    for site in sorted(sites):
        location = add(admin, "Location", OID=location_oid(site), Name=site, LocationType="Site")
        add(
            location, "MetaDataVersionRef", StudyOID=study_oid(), MetaDataVersionOID=version_oid(),
            EffectiveDate=picture.created_at[:10],
        )  # fmt: skip
    for meaning, text in MEANINGS.codes.items():
        signature = add(admin, "SignatureDef", OID=signature_oid(meaning), Methodology="Electronic")
        add(signature, "Meaning", meaning)
        add(signature, "LegalReason", f"{text.zh} / {text.en}")
    return admin
