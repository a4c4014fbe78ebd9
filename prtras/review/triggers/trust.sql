-- Trust: verification and signature end when what they saw changes (docs/decisions/0011-holds-and-signatures.md).
--
-- A signature covers the whole page, computed values too: any change of its data breaks it. Verification compares what
-- was typed with the source, place by place: it ends where the typed value, or the reason why it is missing, changes.
-- A page whose state changes, say to void, loses both. What ended stays on record with the time at which it ended.
-- Nobody signs while someone says that their password or second factor is lost (docs/decisions/0020).

-- The places (`item`, or `row:item`) whose typed value, or reason for missing, differs between two states of a row.
-- `row_key` is the column that names the row, empty for a form of one row; nobody types the columns in `computed`.
CREATE OR REPLACE FUNCTION prtras_changed_places(before jsonb, after jsonb, row_key text, computed text[])
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(DISTINCT CASE WHEN after->>row_key <> '' THEN after->>row_key || ':' ELSE '' END || place)
    FROM (
        SELECT jsonb_object_keys(prtras_difference(after, before)) AS place
        UNION ALL
        SELECT jsonb_object_keys(prtras_difference(after->'missing', before->'missing')
                                 || prtras_difference(before->'missing', after->'missing'))
    ) AS changed WHERE place <> 'missing' AND place <> ALL(computed)
$$;

-- Refuses a signature of someone of whom somebody says that their password or second factor is lost.
CREATE OR REPLACE FUNCTION prtras_refuse_resting_signer(signer bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM accounts_accountrequest AS request WHERE person_id = signer
            AND request.kind IN ('opened', 'invite', 'factors') AND state IN ('requested', 'agreed', 'mailed')
    ) THEN
        RAISE EXCEPTION 'PRTRAS: the signer has to confirm their account first'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- Kinds of rows: `page`; `data`, with the details `row_key` and then the computed columns; `message` of a query;
-- `signature`.
CREATE OR REPLACE FUNCTION prtras_trust(
    event audit_auditevent, before jsonb, after jsonb, kind text, details text[]
) RETURNS audit_auditevent LANGUAGE plpgsql AS $$
DECLARE
    is_verified boolean;
    is_signed boolean;
    changed text[];  -- the places at which verification ends; an empty place is the page as a whole
BEGIN
    IF kind = 'message' THEN  -- it concerns the page of its query
        SELECT page.id, page.participant_id INTO event.page, event.participant
            FROM review_query AS query JOIN crf_crfpage AS page ON page.id = query.page_id
            WHERE query.id = (after->>'query_id')::bigint;
    ELSIF kind = 'signature' AND event.operation = 'INSERT' THEN
        PERFORM prtras_refuse_resting_signer((after->>'user_id')::bigint);
    ELSIF kind = 'data' THEN
        SELECT verified <> '', signed INTO is_verified, is_signed FROM crf_crfpage WHERE id = event.page;
        IF is_verified THEN
            changed := prtras_changed_places(coalesce(before, '{"missing": {}}'), after, details[1], details[2:]);
        END IF;
    ELSIF kind = 'page' AND before->>'state' <> after->>'state' THEN
        is_verified := before->>'verified' <> '';
        is_signed := before->>'signed';
    END IF;

    IF is_signed THEN
        UPDATE review_signature SET broken_at = clock_timestamp() WHERE page_id = event.page AND broken_at IS NULL;
        UPDATE crf_crfpage SET signed = false WHERE id = event.page;
    END IF;
    IF is_verified AND (kind = 'page' OR changed IS NOT NULL) THEN
        UPDATE review_verification SET dropped_at = clock_timestamp() WHERE page_id = event.page
            AND dropped_at IS NULL AND (kind = 'page' OR place = '' OR place = ANY(changed));
        IF FOUND THEN
            UPDATE crf_crfpage SET verified = CASE WHEN EXISTS (SELECT FROM review_verification
                WHERE page_id = event.page AND dropped_at IS NULL) THEN 'part' ELSE '' END WHERE id = event.page;
        END IF;
    END IF;
    RETURN event;
END $$;
