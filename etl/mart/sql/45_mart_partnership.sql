-- Grain: mart.partnership one agreement; mart.meeting one meeting; mart.action one action or recommendation;
-- mart.duty an organisation, duty and period. Figures: agreements and actions that stand at the end of each
-- quarter, organisations of the register, laws in force at the end of each year.
-- Why: what organisations agreed, did and owe, so that hand-offs without an agreement can be seen. Nobody is in
-- these tables as a person; the latest load of a key holds.

-- The last day that the loads speak for: figures stop there, because the reporting date is not known yet.
CREATE OR REPLACE VIEW core.reported_until AS
SELECT greatest(
    (SELECT last_day(max(strptime(period_to, '%Y-%m'))::DATE) FROM stage.load WHERE period_to <> ''),
    (SELECT max(start_date) FROM stage.partnership),
    (SELECT max(held_on) FROM stage.meeting),
    (SELECT max(opened_on) FROM stage.action),
    (SELECT max(closed_on) FROM stage.action)
) AS day;

CREATE TABLE mart.partnership AS
WITH latest AS (
    SELECT * FROM stage.partnership
    QUALIFY row_number() OVER (PARTITION BY partnership ORDER BY load_id DESC, line DESC) = 1
)
SELECT
    partnership, latest.name, core.code_agreement_kind(kind) AS kind,
    from_organisation, from_organisation_key, to_organisation, to_organisation_key,
    core.code_from_org_type(from_org_type) AS from_org_type, start_date, end_date,
    coalesce(sender.name, from_organisation) AS from_name, coalesce(receiver.name, to_organisation) AS to_name,
    coalesce(receiver.organisation_type, 'not_recorded') AS to_org_type
FROM latest
LEFT JOIN mart.organisation AS sender ON sender.organisation_key = from_organisation_key
LEFT JOIN mart.organisation AS receiver ON receiver.organisation_key = to_organisation_key
ORDER BY partnership;

CREATE TABLE mart.meeting AS
SELECT meeting, core.code_meeting_kind(kind) AS kind, held_on, invited, present
FROM stage.meeting
QUALIFY row_number() OVER (PARTITION BY meeting ORDER BY load_id DESC, line DESC) = 1
ORDER BY meeting;

CREATE TABLE mart.action AS
WITH latest AS (
    SELECT * FROM stage.action
    QUALIFY row_number() OVER (PARTITION BY action ORDER BY load_id DESC, line DESC) = 1
)
SELECT
    action, title, kind, core.code_pillar(pillar) AS pillar, owner_organisation,
    coalesce(owner.name, owner_organisation) AS owner_name, opened_on, due_on, closed_on
FROM latest LEFT JOIN mart.organisation AS owner ON owner.organisation_key = owner_organisation_key
ORDER BY action;

CREATE TABLE mart.duty AS
WITH latest AS (
    SELECT * FROM stage.duty
    QUALIFY row_number() OVER (
        PARTITION BY organisation_key, duty, period_start, period_level ORDER BY load_id DESC, line DESC
    ) = 1
)
SELECT
    organisation_key, coalesce(known.organisation_type, 'not_recorded') AS organisation_type,
    duty::mart.code_duty AS duty, list.code_group AS pillar, period_start, due, met
FROM latest
JOIN stage.code AS list ON list.dimension = 'duty' AND list.code = latest.duty
-- A year's return holds those of its quarters.
ANTI JOIN latest AS wider ON wider.organisation_key = latest.organisation_key AND wider.duty = latest.duty
    AND core.holds(wider.period_start, wider.period_level, latest.period_start, latest.period_level)
LEFT JOIN mart.organisation AS known USING (organisation_key)
ORDER BY ALL;

-- Ends of quarters and years at which stocks are counted.
CREATE OR REPLACE VIEW core.quarter_end AS
SELECT day::DATE AS day, year(day) || '-Q' || quarter(day) AS period
FROM (
    SELECT unnest(generate_series(
        date_trunc('quarter', least(
            (SELECT min(start_date) FROM mart.partnership), (SELECT min(opened_on) FROM mart.action)
        ))::TIMESTAMP + INTERVAL 3 MONTH - INTERVAL 1 DAY,
        (SELECT day FROM core.reported_until)::TIMESTAMP, INTERVAL 3 MONTH
    ))::DATE AS stepped, last_day(stepped) AS day
)
WHERE day <= (SELECT day FROM core.reported_until);

-- Only those of the task force's own register: a directory of services lists whoever offers one, not who takes part.
INSERT INTO mart.figure BY NAME
SELECT
    'organisations' AS measure, 'organisations' AS unit, 'year' AS period_level,
    year(until.day)::VARCHAR AS period, organisation_type::VARCHAR AS organisation_type, count(*)::DOUBLE AS value,
    '' AS marker
FROM mart.organisation
SEMI JOIN (
    SELECT organisation FROM stage.organisation JOIN stage.load USING (load_id) JOIN stage.source USING (source_id)
    WHERE is_own
) AS own USING (organisation)
CROSS JOIN core.reported_until AS until
WHERE until.day IS NOT NULL
    AND coalesce(active_from, until.day) <= until.day AND coalesce(active_to, until.day) >= until.day
GROUP BY ALL;

-- Every kind has a row in every quarter, so that none in force is a zero and not a gap.
INSERT INTO mart.figure BY NAME
SELECT
    'agreements_active' AS measure, 'agreements' AS unit, 'quarter' AS period_level, period,
    kinds.kind::VARCHAR AS agreement_kind,
    count(one.partnership)::DOUBLE AS value, '' AS marker
FROM core.quarter_end AS ends
CROSS JOIN (SELECT DISTINCT kind FROM mart.partnership) AS kinds
LEFT JOIN mart.partnership AS one
    ON one.kind = kinds.kind AND one.start_date <= ends.day AND coalesce(one.end_date, ends.day) >= ends.day
GROUP BY ALL;

INSERT INTO mart.figure BY NAME
SELECT
    unnest(['meetings_held', 'meeting_invited', 'meeting_present']) AS measure,
    unnest(['meetings', 'organisations', 'organisations']) AS unit, 'quarter' AS period_level,
    year(held_on) || '-Q' || quarter(held_on) AS period, kind::VARCHAR AS meeting_kind,
    unnest([1, invited, present])::DOUBLE AS value, '' AS marker
FROM mart.meeting;

INSERT INTO mart.figure BY NAME
SELECT
    unnest(['actions_due', 'actions_closed_on_time']) AS measure, 'actions' AS unit, 'quarter' AS period_level,
    year(due_on) || '-Q' || quarter(due_on) AS period, pillar::VARCHAR AS pillar,
    unnest([1, coalesce(closed_on <= due_on, false)::INTEGER])::DOUBLE AS value, '' AS marker
FROM mart.action, core.reported_until AS until
WHERE kind = 'action' AND due_on <= until.day;

INSERT INTO mart.figure BY NAME
SELECT
    'actions_overdue' AS measure, 'actions' AS unit, 'quarter' AS period_level, period,
    pillars.pillar::VARCHAR AS pillar,
    count(one.action)::DOUBLE AS value, '' AS marker
FROM core.quarter_end AS ends
CROSS JOIN (SELECT DISTINCT pillar FROM mart.action) AS pillars
LEFT JOIN mart.action AS one
    ON one.pillar = pillars.pillar AND one.kind = 'action' AND one.opened_on <= ends.day
    AND one.due_on < ends.day AND coalesce(one.closed_on > ends.day, true)
GROUP BY ALL;

INSERT INTO mart.figure BY NAME
SELECT
    unnest(['recommendations_made', 'recommendations_enacted']) AS measure, 'recommendations' AS unit,
    'year' AS period_level, year(opened_on)::VARCHAR AS period, pillar::VARCHAR AS pillar,
    unnest([1, (closed_on IS NOT NULL)::INTEGER])::DOUBLE AS value, '' AS marker
FROM mart.action WHERE kind = 'recommendation';

INSERT INTO mart.figure BY NAME
SELECT
    unnest(['duty_due', 'duty_met']) AS measure, 'duties' AS unit, 'year' AS period_level,
    year(period_start)::VARCHAR AS period, duty::VARCHAR AS duty, pillar,
    organisation_type::VARCHAR AS organisation_type, organisation_key AS organisation,
    unnest([due, met])::DOUBLE AS value,
    '' AS marker
FROM mart.duty;
