-- The audit trail: every new or changed row of an audited table leaves one event, written by the database itself.
-- A write without a named actor is refused, and so is every deletion. This file knows no table but the trail's own;
-- other rooms register the rules for theirs (prtras/audit/rules.py).

-- The columns of one row whose value in the other is different, also where one of the two values is NULL.
CREATE OR REPLACE FUNCTION prtras_difference(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(one) WHERE value IS DISTINCT FROM other->key
$$;

-- The one trigger of every audited table, after each INSERT and UPDATE of a row. Its arguments come from the model:
-- first what kind of row it is, then details for the rules (`trigger_arguments`).
-- It runs with the rights of the owner, because the application itself may not write to the trail.
CREATE OR REPLACE FUNCTION prtras_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    actor jsonb := nullif(current_setting('prtras.actor', true), '')::jsonb;  -- set by prtras/audit/acting.py
    before jsonb;
    after jsonb := to_jsonb(NEW);
    key text := coalesce(after->>'id', after->>'page_id', after->>'token');
    event audit_auditevent;
BEGIN
    IF actor->>'id' IS NULL THEN
        RAISE EXCEPTION 'PRTRAS: a write to % without an acting user is refused', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := to_jsonb(OLD);
        IF before IS NOT DISTINCT FROM after THEN RETURN NULL; END IF;  -- saved as it was: nothing happened
        IF coalesce(before->>'id', before->>'page_id', before->>'token') <> key THEN
            RAISE EXCEPTION 'PRTRAS: another key for row % of % is refused', key, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;

    event."table" := TG_TABLE_NAME;
    event."row" := key;
    event.operation := TG_OP;
    event.actor := actor->>'id';
    event.actor_name := actor->>'name';
    event.role := actor->>'role';
    event.reason := actor->>'reason';
    -- A rule refuses the write, lets other changes follow from it, or adds the page and the participant to the event.
    event := prtras_rules(event, before, after, coalesce(TG_ARGV[0], ''), TG_ARGV[1:]);

    INSERT INTO audit_auditevent (at, transaction, "table", "row", operation, page, participant,
        actor, actor_name, role, reason, reasons, source, old, new)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, event."table",
        event."row", event.operation, event.page, event.participant, event.actor, event.actor_name, event.role,
        event.reason, nullif(actor->'reasons', 'null'), actor->>'source',
        CASE WHEN TG_OP = 'UPDATE' THEN prtras_difference(before, after) END,
        CASE WHEN TG_OP = 'UPDATE' THEN prtras_difference(after, before) ELSE jsonb_strip_nulls(after) END);
    RETURN NULL;
END $$;

-- Audited rows are never deleted, and the trail and its seals are never changed either.
CREATE OR REPLACE FUNCTION prtras_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'PRTRAS: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Nobody may hang these on a table of their own.
REVOKE ALL ON FUNCTION prtras_audit(), prtras_refuse() FROM PUBLIC;
