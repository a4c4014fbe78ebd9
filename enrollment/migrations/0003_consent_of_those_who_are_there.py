"""Participants learn the days of their consent and its withdrawal from the consent pages that are submitted."""

from django.db import migrations

#: The trigger that a database has while this migration runs reads `prtras.said`; `prtras.actor` came later.
SAY = """SELECT set_config('prtras.said', '{"actor": 0, "actor_name": "migration", "role": "system",
    "reason": "enrollment 0003", "reasons": null, "source": "migration"}', true)"""
LEARN = """
    UPDATE crf_participant AS person SET consented = told.icf_date, withdrawn = told.withdraw_date
    FROM enrollment_consent AS told JOIN crf_crfpage AS page ON page.id = told.page_id
    WHERE page.participant_id = person.id AND page.state = 'submitted'
"""
UNSAY = "SELECT set_config('prtras.said', '', true)"


class Migration(migrations.Migration):
    dependencies = [
        ("crf", "0002_consent_of_a_participant"),
        ("enrollment", "0002_the_whole_casebook"),
    ]

    operations = [migrations.RunSQL([SAY, LEARN, UNSAY], migrations.RunSQL.noop)]
