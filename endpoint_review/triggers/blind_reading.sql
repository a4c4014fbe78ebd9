-- The blind endpoint review (docs/decisions/0028-blind-endpoint-review.md): a round and a signed reading stay as they
-- were written, and nobody signs while someone says that their password or second factor is lost.
-- Kinds of rows: `round`, `reading`.
CREATE OR REPLACE FUNCTION prtras_blind_reading(
    event audit_auditevent, before jsonb, after jsonb, kind text, details text[]
) RETURNS audit_auditevent LANGUAGE plpgsql AS $$
BEGIN
    IF kind IN ('round', 'reading') AND event.operation = 'UPDATE' THEN
        RAISE EXCEPTION 'PRTRAS: a % of the endpoint review is never changed', kind
            USING ERRCODE = 'insufficient_privilege';
    ELSIF kind = 'reading' THEN
        PERFORM prtras_refuse_resting_signer((after->>'user_id')::bigint);
    END IF;
    RETURN event;
END $$;
