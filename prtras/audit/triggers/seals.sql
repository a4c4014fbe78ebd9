-- Seals: which events each one covers, in an order of the trail's own that outlives a restore
-- (docs/decisions/0017-seals-outlive-a-restore.md). Only `prtras_seal` writes them, with the rights of the owner; the
-- application may call it and cannot say anything to it.

-- Which database this is. Whatever restores or copies one makes another of it.
CREATE OR REPLACE FUNCTION prtras_home() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws('.', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()),
                     'public.audit_auditseal'::regclass::oid) FROM pg_control_system()
$$;

-- The events that no seal covers, and whether each can have been written since the last seal. An event that it did not
-- see belongs to a transaction that was not over then (not before `unfinished`); one with a smaller number than the
-- last event that it saw, to one that had begun (before `unbegun`). After a restore transactions are counted anew.
CREATE OR REPLACE FUNCTION prtras_unsealed(OUT event bigint, OUT in_order boolean) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH head AS (
        SELECT last.*, last.home <> prtras_home() AS restored
        FROM (SELECT * FROM audit_auditseal ORDER BY id DESC LIMIT 1) AS last
    ), gaps AS (
        SELECT unnest('{(,)}'::int8multirange - coalesce(range_agg(covered), '{}')) AS ids
        FROM audit_auditseal CROSS JOIN unnest(covers) AS covered
    )
    SELECT e.id, CASE
        WHEN head.id IS NULL THEN true
        WHEN e.id > head.last_event THEN head.restored OR e.transaction >= head.unfinished
        ELSE e.transaction >= head.unfinished AND (e.transaction < head.unbegun OR head.unbegun IS NULL)
    END
    FROM gaps JOIN audit_auditevent e ON e.id >= coalesce(lower(gaps.ids), '-9223372036854775808')
        AND e.id <= coalesce(upper(gaps.ids) - 1, 9223372036854775807)
    LEFT JOIN head ON true
$$;

-- The checksum of a seal: of all it says, of the seal before, and of every event it covers in the order of their
-- numbers. Times are seconds since 1970 in UTC, to the microsecond; what a session sets changes nothing.
CREATE OR REPLACE FUNCTION prtras_seal_sha256(seal audit_auditseal, previous text) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        previous, seal.id, seal.epoch, seal.home, extract(epoch FROM seal.made_at), seal.unfinished, seal.unbegun,
        seal.last_event, seal.events, seal.covers::text,
        encode(sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
            e.id, extract(epoch FROM e.at), e.transaction, e."table", e."row", e.operation, e.page, e.participant,
            e.actor, e.actor_name, e.role, e.reason, e.reasons::text, e.source, e.old::text, e.new::text
        )::text, 'UTF8')), '' ORDER BY e.id), '')), 'hex')
    )::text, 'UTF8')), 'hex')
    FROM unnest(seal.covers) AS covered JOIN audit_auditevent e ON e.id >= lower(covered) AND e.id < upper(covered)
$$;

-- Seals every event that can be seen and is in order; nothing when there is none. A seal waits for no transaction:
-- what is still being written is covered by the next one. Two at once: the second waits, or fails by the key.
CREATE OR REPLACE FUNCTION prtras_seal() RETURNS SETOF audit_auditseal LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    head audit_auditseal;
    seal audit_auditseal;
BEGIN
    LOCK TABLE audit_auditseal IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO head FROM audit_auditseal ORDER BY id DESC LIMIT 1;
    -- One statement, one moment: the events, and the first transaction that was not over.
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, count(*), greatest(max(event), head.last_event),
        ARRAY(SELECT unnest(range_agg(int8range(event, event + 1))))
        INTO seal.unfinished, seal.events, seal.last_event, seal.covers
        FROM prtras_unsealed() WHERE in_order;
    IF seal.events = 0 THEN RETURN; END IF;
    -- This transaction gets its number only now, so all that had begun have smaller ones. Where it wrote before it
    -- sealed, nothing is known.
    IF pg_current_xact_id_if_assigned() IS NULL THEN seal.unbegun := pg_current_xact_id()::text::bigint; END IF;
    seal.id := coalesce(head.id, 0) + 1;
    seal.home := prtras_home();
    seal.epoch := coalesce(head.epoch, 0) + (head.home IS DISTINCT FROM seal.home)::int;
    seal.made_at := clock_timestamp();
    seal.sha256 := prtras_seal_sha256(seal, coalesce(head.sha256, ''));
    INSERT INTO audit_auditseal SELECT seal.*;
    RETURN NEXT seal;
END $$;

REVOKE ALL ON FUNCTION prtras_seal() FROM PUBLIC;
