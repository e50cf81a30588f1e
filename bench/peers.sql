-- What the hand-written server and the Node servers call; ours does not. Written as well as we can.

CREATE FUNCTION town_summonses(town text, wanted text) RETURNS SETOF summons LANGUAGE sql STABLE AS $$
    SELECT summons.* FROM summons, area
    WHERE area.code = town AND summons.path >= area.path AND summons.path < left(area.path, -1) || '/'
      AND summons.state = wanted
$$;
COMMENT ON FUNCTION town_summonses IS '@behavior +order';

-- The figures of each village of a town as of the end of the period.
CREATE FUNCTION town_figures(town text, period_start timestamptz, period_end timestamptz)
RETURNS TABLE (code text, name text, issued int, due int, resolved int, closing_rate float8)
LANGUAGE sql STABLE AS $$
    WITH figures AS (
        SELECT summons.issuer_id, count(*)::int AS issued,
            (count(*) FILTER (WHERE standing.resolved OR standing.limit_at <= period_end))::int AS due,
            (count(*) FILTER (WHERE standing.resolved))::int AS resolved
        FROM area JOIN summons ON summons.path >= area.path AND summons.path < left(area.path, -1) || '/'
        LEFT JOIN standing ON standing.summons_id = summons.id AND standing.since <= period_end
            AND (standing.until IS NULL OR standing.until > period_end)
        WHERE area.code = town AND summons.issued_at >= period_start AND summons.issued_at <= period_end
        GROUP BY summons.issuer_id
    )
    SELECT village.code, village.name, coalesce(issued, 0), coalesce(due, 0), coalesce(resolved, 0),
        resolved::float8 / nullif(due, 0)
    FROM area village LEFT JOIN figures ON figures.issuer_id = village.code
    WHERE village.parent_id = town AND village.level = 'VILLAGE' ORDER BY village.code
$$;

-- The check, the two changes of state and their events, in one transaction; no rights, limits or audit log.
CREATE FUNCTION accept_task(task_id text, actor text) RETURNS task LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    accepted task;
    matter summons;
BEGIN
    UPDATE task SET state = 'ACCEPTED', accepted_at = now(), updated_at = now(), version = version + 1
    WHERE id = task_id AND state = 'PENDING' RETURNING * INTO accepted;
    IF accepted.id IS NULL THEN RAISE EXCEPTION 'WRONG_STATE'; END IF;
    INSERT INTO event (id, type, action, aggregate, aggregate_id, version, area_id, path, summons_id, task_id, unit_id,
        actor_id, at, from_state, to_state, payload)
    VALUES (left(replace(gen_random_uuid()::text, '-', ''), 26), 'task.accepted', 'accept', 'Task', accepted.id,
        accepted.version, split_part(accepted.path, '.', -2), accepted.path, accepted.summons_id, accepted.id,
        accepted.unit_id, actor, now(), 'PENDING', 'ACCEPTED', '{}');
    UPDATE summons SET state = 'IN_PROGRESS', updated_at = now(), version = version + 1
    WHERE id = accepted.summons_id AND state = 'ISSUED' RETURNING * INTO matter;
    IF matter.id IS NOT NULL THEN
        INSERT INTO event (id, type, action, aggregate, aggregate_id, version, area_id, path, summons_id, actor_id, at,
            from_state, to_state, payload)
        VALUES (left(replace(gen_random_uuid()::text, '-', ''), 26), 'summons.in_progress', 'firstAcceptance',
            'Summons', matter.id, matter.version, matter.issuer_id, matter.path, matter.id, actor, now(), 'ISSUED',
            'IN_PROGRESS', '{}');
    END IF;
    RETURN accepted;
END $$;

-- The same, and who listens in PostgreSQL is told; only PostGraphile needs that, and only for W6.
CREATE FUNCTION accept_task_and_tell(task_id text, actor text) RETURNS task LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    accepted task := accept_task(task_id, actor);
BEGIN
    PERFORM pg_notify('task_updates:' || split_part(accepted.path, '.', -2), json_build_object('event', json_build_object(
        'type', 'task.accepted', 'at', accepted.updated_at, 'summons',
        (SELECT json_build_object('number', number, 'title', title) FROM summons WHERE id = accepted.summons_id)))::text);
    RETURN accepted;
END $$;
