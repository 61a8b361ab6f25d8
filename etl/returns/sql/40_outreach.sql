-- Grain: outreach one event or notice; training one training; meeting one meeting held in the period; agreement one
-- agreement that held on its last day.
-- Why: people who came and audiences of media are told apart, as everywhere (core.outreach).

CREATE TEMP TABLE outreach AS
SELECT
    host_type::VARCHAR AS host_type, outreach_language::VARCHAR AS outreach_language,
    outreach_channel::VARCHAR AS outreach_channel, reach, is_in_person
FROM core.outreach
WHERE in_period(strptime(period || '-01', '%Y-%m-%d')::DATE);

CREATE TEMP TABLE training AS
SELECT audience_role, host_type, attendees, hours FROM core.training WHERE in_period(period_start);

CREATE TEMP TABLE meeting AS
SELECT kind::VARCHAR AS meeting_kind FROM mart.meeting
WHERE in_period(date_trunc('month', held_on)::DATE);

CREATE TEMP TABLE agreement AS
SELECT
    kind::VARCHAR AS agreement_kind,
    coalesce(in_period(date_trunc('month', start_date)::DATE), false) AS is_new
FROM mart.partnership
WHERE coalesce(start_date <= last_day(getvariable('last_month')), true)
  AND coalesce(end_date >= last_day(getvariable('last_month')), true);
