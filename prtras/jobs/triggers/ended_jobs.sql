-- What the worker did stays as it ended: an analysis run, a bundle, an import and their likes are never changed.
-- Kind of rows: `job`. The details name columns that may be filled once when the job is over (`Job.FILLED_LATER`).
CREATE OR REPLACE FUNCTION prtras_ended_jobs(
    event audit_auditevent, before jsonb, after jsonb, kind text, details text[]
) RETURNS audit_auditevent LANGUAGE plpgsql AS $$
BEGIN
    IF kind = 'job' AND before->>'status' IN ('done', 'failed', 'cancelled') AND (
        before - details IS DISTINCT FROM after - details
        OR EXISTS (
            SELECT FROM unnest(details) AS detail
            WHERE coalesce(before->>detail, '') <> '' AND before->>detail IS DISTINCT FROM after->>detail)
    ) THEN
        RAISE EXCEPTION 'PRTRAS: a job of % that is over is never changed', event."table"
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN event;
END $$;
