-- Grain: mart.funding_award one award; mart.expenditure an organisation, kind of help and period; mart.staffing
-- the same. mart.award_register: what of an award may be published row by row.
-- Why: where money comes from, what it pays for, and when it ends. Awards of governments are public facts.
-- Private money has no row there; its sums pass the rule for organisations.
-- Only the currency of most awards is summed: two currencies have no sum.

CREATE TABLE mart.funding_award AS
SELECT
    award, funder, funder_kind::mart.code_funder_kind AS funder_kind, recipient_organisation,
    core.code_award_purpose(purpose) AS purpose,
    core.code_service_type(service_type) AS service_type, pays_for,
    start_date, end_date, amount, currency, recipient_organisation_key,
    funder_kind IN ('federal', 'state', 'local') AS is_public
FROM stage.funding_award
QUALIFY row_number() OVER (PARTITION BY award ORDER BY load_id DESC, line DESC) = 1
ORDER BY award;

CREATE TABLE mart.award_register AS
SELECT
    award, funder, funder_kind::VARCHAR AS funder_kind,
    coalesce(known.name, recipient_organisation) AS recipient_name, purpose::VARCHAR AS purpose,
    service_type::VARCHAR AS service_type, pays_for, start_date, end_date,
    amount, currency
FROM mart.funding_award LEFT JOIN mart.organisation AS known ON known.organisation_key = recipient_organisation_key
WHERE is_public
ORDER BY award;

CREATE TABLE mart.expenditure AS
WITH latest AS (
    SELECT * FROM stage.expenditure
    QUALIFY row_number() OVER (
        PARTITION BY organisation_key, service_type, period_start, period_level ORDER BY load_id DESC, line DESC
    ) = 1
)
SELECT organisation, organisation_key, service_type::mart.code_service_type AS service_type, period_start,
    period_level, amount, currency, bed_nights
FROM latest WHERE service_type IS NOT NULL
ORDER BY ALL;

CREATE TABLE mart.staffing AS
WITH latest AS (
    SELECT * FROM stage.staffing
    QUALIFY row_number() OVER (
        PARTITION BY organisation_key, service_type, period_start, period_level ORDER BY load_id DESC, line DESC
    ) = 1
)
SELECT organisation, organisation_key, service_type::mart.code_service_type AS service_type, period_start, posts,
    filled
FROM latest WHERE service_type IS NOT NULL
ORDER BY ALL;

CREATE OR REPLACE VIEW core.main_currency AS
SELECT currency FROM (
    SELECT currency FROM mart.funding_award UNION ALL SELECT currency FROM mart.expenditure
)
GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1;

-- Money of governments, spread evenly over the days it pays for, a year at a time, up to the last reported year.
INSERT INTO mart.figure BY NAME
WITH years AS (
    SELECT award, funder_kind, purpose, amount, currency, start_date, end_date,
        unnest(range(year(start_date), least(year(end_date), year(until.day)) + 1)) AS one
    FROM mart.funding_award SEMI JOIN core.main_currency USING (currency), core.reported_until AS until
    WHERE is_public AND until.day IS NOT NULL
)
SELECT
    'public_funding' AS measure, currency AS unit, 'year' AS period_level, one::VARCHAR AS period,
    funder_kind::VARCHAR AS funder_kind, purpose::VARCHAR AS award_purpose, '' AS marker,
    sum(amount * (
        date_diff('day', greatest(start_date, make_date(one, 1, 1)), least(end_date, make_date(one, 12, 31))) + 1
    ) / (date_diff('day', start_date, end_date) + 1)) AS value
FROM years GROUP BY ALL;

-- Private money in the year it was given for the first time, whole: spread out, each end of an award would show.
-- Donors without a name count as one, or three gifts of one person would pass for three donors.
INSERT INTO mart.figure BY NAME
SELECT
    'private_funding' AS measure, currency AS unit, 'year' AS period_level, year(start_date)::VARCHAR AS period,
    purpose::VARCHAR AS award_purpose, coalesce(lower(trim(funder)), 'unnamed') AS organisation, amount AS value, '' AS marker
FROM mart.funding_award SEMI JOIN core.main_currency USING (currency), core.reported_until AS until
WHERE NOT is_public AND start_date <= until.day;

INSERT INTO mart.figure BY NAME
SELECT
    'expenditure' AS measure, currency AS unit, 'year' AS period_level, year(period_start)::VARCHAR AS period,
    service_type::VARCHAR AS service_type, organisation_key AS organisation, amount AS value, '' AS marker
FROM mart.expenditure AS spent SEMI JOIN core.main_currency USING (currency)
-- A year's account holds those of its months.
ANTI JOIN mart.expenditure AS wider ON wider.organisation_key = spent.organisation_key
    AND wider.service_type = spent.service_type AND wider.currency = spent.currency
    AND core.holds(wider.period_start, wider.period_level, spent.period_start, spent.period_level);

INSERT INTO mart.figure BY NAME
SELECT
    'bed_nights' AS measure, 'bed-nights' AS unit, 'year' AS period_level, year(period_start)::VARCHAR AS period,
    service_type::VARCHAR AS service_type, organisation_key AS organisation, bed_nights::DOUBLE AS value,
    '' AS marker
FROM mart.expenditure AS offered
ANTI JOIN mart.expenditure AS wider ON wider.organisation_key = offered.organisation_key
    AND wider.service_type = offered.service_type AND wider.bed_nights IS NOT NULL
    AND core.holds(wider.period_start, wider.period_level, offered.period_start, offered.period_level)
WHERE bed_nights IS NOT NULL;

-- A stock: of several periods of one organisation in a quarter, the last one counts.
INSERT INTO mart.figure BY NAME
SELECT
    unnest(['posts', 'posts_vacant']) AS measure, 'posts' AS unit, 'quarter' AS period_level,
    year(period_start) || '-Q' || quarter(period_start) AS period, service_type::VARCHAR AS service_type,
    organisation_key AS organisation, unnest([posts, posts - filled]) AS value, '' AS marker
FROM (
    SELECT * FROM mart.staffing
    QUALIFY row_number() OVER (
        PARTITION BY organisation_key, service_type, date_trunc('quarter', period_start) ORDER BY period_start DESC
    ) = 1
);
