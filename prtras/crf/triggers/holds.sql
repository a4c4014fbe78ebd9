-- Holds: what is frozen or locked stays as it is, whatever route a change takes. To freeze, lock or release takes the
-- right to do so and a reason (docs/decisions/0011-holds-and-signatures.md).
--
-- A page, a participant and the study carry a column `hold`: empty, 'frozen' or 'locked'. Which hold counts for a row
-- depends on its kind, which its trigger names (`trigger_arguments` in prtras/crf/models.py):
--   data          a row of a form: the hold of its page
--   visit         the hold of its participant
--   page          its own hold; while it is new, the hold of its participant
--   participant   its own hold; while it is new, the hold of the study
--   study         its own hold
-- Page, participant and study also name, as details, the roles that may freeze, lock and release.
CREATE OR REPLACE FUNCTION prtras_holds(
    event audit_auditevent, before jsonb, after jsonb, kind text, details text[]
) RETURNS audit_auditevent LANGUAGE plpgsql AS $$
DECLARE
    -- What holding, verifying and signing write on a page: this may change while the page is held.
    marks CONSTANT text[] := '{hold, held_by_id, verified, signed}';
    page_hold text;
    held text;
BEGIN
    -- Which page and which participant does the row concern?
    event.page := coalesce(after->>'page_id', CASE kind WHEN 'page' THEN after->>'id' END)::uuid;
    event.participant := coalesce(
        after->>'participant_id', CASE kind WHEN 'participant' THEN after->>'id' END)::bigint;
    IF event.page IS NOT NULL AND (kind = 'data' OR event.participant IS NULL) THEN
        SELECT participant_id, hold INTO event.participant, page_hold FROM crf_crfpage WHERE id = event.page;
    END IF;

    -- Is the row held?
    IF kind = 'data' THEN
        held := page_hold;
    ELSIF kind = 'visit' OR kind = 'page' AND event.operation = 'INSERT' THEN
        held := (SELECT hold FROM crf_participant WHERE id = event.participant);
    ELSIF kind = 'participant' AND event.operation = 'INSERT' THEN
        held := (SELECT max(hold) FROM crf_study);
    ELSIF kind IN ('page', 'participant', 'study') AND before - marks IS DISTINCT FROM after - marks THEN
        held := before->>'hold';
    END IF;
    IF held <> '' THEN
        RAISE EXCEPTION 'PRTRAS: a change of % is refused, it is %', event."table", held
            USING ERRCODE = 'insufficient_privilege';
    END IF;

    -- If the hold itself changes: by someone with the right to change it, and for a reason?
    IF kind IN ('page', 'participant', 'study') AND coalesce(before->>'hold', '') <> after->>'hold'
        AND (event.role <> ALL(details) OR coalesce(event.reason, '') = '') THEN
        RAISE EXCEPTION 'PRTRAS: to freeze, lock or release takes the right to do so and a reason'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN event;
END $$;
