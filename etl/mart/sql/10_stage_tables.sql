-- Grain: stage.load one row a file loaded; every other stage table one accepted row of a file.
-- Why: what a contributor sent, checked and anonymised, kept by load, so that the mart can be made again and a
-- corrected file can take the place of the months it covers. Nothing here holds a name, a date of a person or
-- a raw reference. Only created here; `etl.load.store` fills it.

CREATE SCHEMA IF NOT EXISTS stage;
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS mart;
CREATE SCHEMA IF NOT EXISTS meta;

CREATE TABLE IF NOT EXISTS meta.info (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
-- What made core and mart (etl.mart.standing).
CREATE TABLE IF NOT EXISTS meta.made (fingerprint VARCHAR NOT NULL);

-- Codes of data/catalog/dimensions, in their order; filled anew by every run.
CREATE TABLE IF NOT EXISTS stage.code (
    dimension VARCHAR NOT NULL, code VARCHAR NOT NULL, position INTEGER NOT NULL, code_group VARCHAR
);

CREATE TABLE IF NOT EXISTS stage.source (
    source_id VARCHAR PRIMARY KEY, label VARCHAR NOT NULL, collection VARCHAR NOT NULL, collection_label VARCHAR,
    geography VARCHAR, unit VARCHAR, is_own BOOLEAN NOT NULL, is_synthetic BOOLEAN NOT NULL,
    period_resolution VARCHAR NOT NULL, publisher VARCHAR, licence VARCHAR, citation VARCHAR, rule VARCHAR
);
-- Whose numbers its people have; empty: its own.
ALTER TABLE stage.source ADD COLUMN IF NOT EXISTS person_scheme VARCHAR DEFAULT '';

CREATE TABLE IF NOT EXISTS stage.load (
    load_id INTEGER PRIMARY KEY, source_id VARCHAR NOT NULL, reader VARCHAR NOT NULL, file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    mapping_sha256 VARCHAR NOT NULL, rows_in BIGINT NOT NULL, rows_accepted BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL, loaded_at TIMESTAMP NOT NULL, period_from VARCHAR, period_to VARCHAR
);
-- Rows of a file add up: in = accepted + partly accepted + rejected + left out. Records are made of rows.
ALTER TABLE stage.load ADD COLUMN IF NOT EXISTS rows_partly BIGINT DEFAULT 0;
ALTER TABLE stage.load ADD COLUMN IF NOT EXISTS records_accepted BIGINT;
ALTER TABLE stage.load ADD COLUMN IF NOT EXISTS records_rejected BIGINT;

-- Rows of a file that the mapping or the reader left out, by reason.
CREATE TABLE IF NOT EXISTS stage.load_left_out (
    load_id INTEGER NOT NULL, reason VARCHAR NOT NULL, rows BIGINT NOT NULL
);

-- Why published counts of a load may be wrong (etl.load.compared.plausible): check, series, its label and the rest of a sentence.
CREATE TABLE IF NOT EXISTS stage.load_doubt (
    load_id INTEGER NOT NULL, check_name VARCHAR NOT NULL, series VARCHAR NOT NULL, label VARCHAR NOT NULL,
    words VARCHAR NOT NULL
);

-- Which tables a load brought: a later file of persons does not take the place of referrals.
CREATE TABLE IF NOT EXISTS stage.load_table (
    load_id INTEGER NOT NULL, table_name VARCHAR NOT NULL, rows_accepted BIGINT NOT NULL
);
ALTER TABLE stage.load_table ADD COLUMN IF NOT EXISTS is_tally BOOLEAN DEFAULT false;

-- Which contributors reported in a load, over the load's months.
CREATE TABLE IF NOT EXISTS stage.load_contributor (
    load_id INTEGER NOT NULL, source VARCHAR NOT NULL, period_from VARCHAR NOT NULL, period_to VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS stage.rejected_row (
    load_id INTEGER NOT NULL, table_name VARCHAR NOT NULL, line BIGINT, rule VARCHAR NOT NULL, column_name VARCHAR
);

CREATE TABLE IF NOT EXISTS stage.person (
    load_id INTEGER NOT NULL, line BIGINT NOT NULL, person_key VARCHAR NOT NULL, period_start DATE NOT NULL,
    entered DATE, area_code VARCHAR, gender VARCHAR, age_band VARCHAR, age_group VARCHAR, citizenship_group VARCHAR,
    status VARCHAR, identified_by VARCHAR, source VARCHAR NOT NULL, form VARCHAR[], sector VARCHAR[], control_method VARCHAR[],
    recruitment_method VARCHAR[], vulnerability VARCHAR[], known_to_agency VARCHAR[]
);
-- A warehouse made before the column existed: nobody in it was given as a child or an adult only.
ALTER TABLE stage.person ADD COLUMN IF NOT EXISTS age_group VARCHAR;
-- Whether a record is one of a number that its contributor sent (etl/contracts/tallies.py).
ALTER TABLE stage.person ADD COLUMN IF NOT EXISTS is_tally BOOLEAN DEFAULT false;
-- Nor was it said in which month anybody was entered.
ALTER TABLE stage.person ADD COLUMN IF NOT EXISTS entered DATE;

CREATE TABLE IF NOT EXISTS stage.referral (
    load_id INTEGER NOT NULL, line BIGINT NOT NULL, referral_key VARCHAR NOT NULL, person_key VARCHAR,
    period_start DATE NOT NULL, entered DATE, area_code VARCHAR, from_org_type VARCHAR, to_organisation_key VARCHAR,
    service_type VARCHAR, decision VARCHAR, decline_reason VARCHAR, days_to_decision INTEGER,
    days_to_contact INTEGER, is_open BOOLEAN, source VARCHAR NOT NULL
);
ALTER TABLE stage.referral ADD COLUMN IF NOT EXISTS is_tally BOOLEAN DEFAULT false;
ALTER TABLE stage.referral ADD COLUMN IF NOT EXISTS entered DATE;

CREATE TABLE IF NOT EXISTS stage.observation (
    load_id INTEGER NOT NULL, source VARCHAR NOT NULL, measure VARCHAR NOT NULL, unit VARCHAR,
    period_level VARCHAR NOT NULL, period VARCHAR NOT NULL, period_start DATE NOT NULL, geography VARCHAR,
    area_code VARCHAR, value DOUBLE, marker VARCHAR  -- and a column for each division: etl/contracts/stage_tables.py
);

CREATE TABLE IF NOT EXISTS stage.area (
    load_id INTEGER NOT NULL, geography VARCHAR NOT NULL, code VARCHAR NOT NULL, name VARCHAR NOT NULL,
    level INTEGER NOT NULL, level_name VARCHAR, parent VARCHAR, is_rural BOOLEAN, lon DOUBLE, lat DOUBLE
);

-- Areas of a geography that deployment.toml leaves out (areas = [...]): a published count of one of them goes to
-- the nearest area above it that is covered.
CREATE TABLE IF NOT EXISTS stage.area_outside (
    geography VARCHAR NOT NULL, code VARCHAR NOT NULL, parent VARCHAR, level INTEGER, PRIMARY KEY (geography, code)
);
ALTER TABLE stage.area_outside ADD COLUMN IF NOT EXISTS name VARCHAR;

-- Published counts by mapping that no measure of the catalog reads: their words, which the mapping gives.
CREATE TABLE IF NOT EXISTS stage.series (
    source_id VARCHAR NOT NULL, code VARCHAR PRIMARY KEY, label VARCHAR NOT NULL, unit VARCHAR NOT NULL,
    definition VARCHAR NOT NULL, over_time VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS stage.area_shape (
    load_id INTEGER NOT NULL, geography VARCHAR NOT NULL, code VARCHAR NOT NULL, wkb BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS stage.area_population (
    load_id INTEGER NOT NULL, geography VARCHAR NOT NULL, code VARCHAR NOT NULL, year INTEGER NOT NULL,
    age_group VARCHAR NOT NULL, sex VARCHAR NOT NULL, population BIGINT, source VARCHAR
);

CREATE TABLE IF NOT EXISTS stage.area_context (
    load_id INTEGER NOT NULL, geography VARCHAR NOT NULL, code VARCHAR NOT NULL, year INTEGER NOT NULL,
    indicator VARCHAR NOT NULL, value DOUBLE, unit VARCHAR, source VARCHAR
);

CREATE TABLE IF NOT EXISTS stage.law_provision (
    load_id INTEGER NOT NULL, law_code VARCHAR NOT NULL, short_name VARCHAR, level VARCHAR, jurisdiction VARCHAR,
    instrument VARCHAR, adopted DATE, effective DATE, pillar VARCHAR, summary VARCHAR, citation VARCHAR,
    url VARCHAR, status VARCHAR
);
ALTER TABLE stage.law_provision ADD COLUMN IF NOT EXISTS status VARCHAR;  -- warehouses of an earlier version
