-- Who acts is an account, under the name that it has: an actor whom nobody invited cannot stand in the trail.
CREATE OR REPLACE FUNCTION prtras_actor(
    event audit_auditevent, before jsonb, after jsonb, kind text, details text[]
) RETURNS audit_auditevent LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts_user WHERE id = event.actor AND username = event.actor_name;  -- half as dear as EXISTS
    IF NOT FOUND THEN
        RAISE EXCEPTION 'PRTRAS: a write to % is refused, % is no account named %',
            event."table", event.actor, event.actor_name USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN event;
END $$;
