CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE clock (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    advance INTEGER NOT NULL
) STRICT;

CREATE TABLE tenants (
    tenant INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE keys (
    digest BLOB PRIMARY KEY,
    tenant INTEGER NOT NULL REFERENCES tenants,
    hint TEXT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Times are microseconds since 1970. `document` is the Job object as it stands once the job has ended; while
-- `active` is 1, the four times say what holds now.
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL REFERENCES tenants,
    job_id TEXT NOT NULL,
    created INTEGER NOT NULL,
    document BLOB NOT NULL,
    active INTEGER NOT NULL,
    starts INTEGER,
    runs INTEGER,
    cancelled INTEGER,
    ends INTEGER,
    results TEXT
) STRICT;

CREATE UNIQUE INDEX jobs_by_id ON jobs (tenant, job_id);
CREATE INDEX jobs_by_age ON jobs (tenant, created, number);
CREATE INDEX jobs_active ON jobs (tenant, ends) WHERE active;
CREATE INDEX jobs_with_results ON jobs (results) WHERE results IS NOT NULL;
