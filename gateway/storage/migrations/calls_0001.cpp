// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

// Figures of a roll-up; `latency` and `ttft` are counts by LatencyBuckets (varint pairs: step to the bucket, count).
#define SIGNALBOX_FIGURES \
    "calls INTEGER NOT NULL, failed INTEGER NOT NULL, refused INTEGER NOT NULL, rescued INTEGER NOT NULL, unpriced INTEGER NOT NULL, " \
    "cost INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, " \
    "e_rate_limit INTEGER NOT NULL, e_server INTEGER NOT NULL, e_timeout INTEGER NOT NULL, e_connect INTEGER NOT NULL, e_cut INTEGER NOT NULL, " \
    "e_client INTEGER NOT NULL, e_other INTEGER NOT NULL, latency BLOB, ttft BLOB"

constexpr std::array<std::string_view, 26> statements {
    // Every name that repeats, once. Kinds: call_log_schema.h.
    R"(CREATE TABLE names (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name)))",
    R"(CREATE TABLE calls (
        row INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        started_us INTEGER NOT NULL,
        latency_us INTEGER NOT NULL,
        first_us INTEGER,
        status INTEGER NOT NULL,
        http_status INTEGER NOT NULL,
        bad INTEGER NOT NULL,
        endpoint INTEGER NOT NULL,
        flags INTEGER NOT NULL,
        error INTEGER, team INTEGER, key INTEGER, key_id INTEGER, route INTEGER, provider INTEGER, model INTEGER,
        input INTEGER NOT NULL, output INTEGER NOT NULL, cached INTEGER NOT NULL, cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL, reasoning INTEGER NOT NULL,
        cost INTEGER,
        attempts INTEGER NOT NULL,
        repeats INTEGER NOT NULL,
        asked TEXT, customer TEXT, session TEXT, tags TEXT, metadata TEXT, peer TEXT, error_message TEXT, dropped TEXT
    ))",
    R"(CREATE INDEX calls_id ON calls(id))",
    R"(CREATE INDEX calls_started ON calls(started_us))",
    R"(CREATE INDEX calls_team ON calls(team, started_us) WHERE team IS NOT NULL)",
    R"(CREATE INDEX calls_key ON calls(key, started_us) WHERE key IS NOT NULL)",
    R"(CREATE INDEX calls_route ON calls(route, started_us) WHERE route IS NOT NULL)",
    R"(CREATE INDEX calls_provider ON calls(provider, started_us) WHERE provider IS NOT NULL)",
    R"(CREATE INDEX calls_model ON calls(model, started_us) WHERE model IS NOT NULL)",
    R"(CREATE INDEX calls_asked ON calls(asked, started_us) WHERE asked IS NOT NULL)",
    R"(CREATE INDEX calls_error ON calls(error, started_us) WHERE error IS NOT NULL)",
    R"(CREATE INDEX calls_bad ON calls(started_us) WHERE bad = 1)",
    R"(CREATE INDEX calls_customer ON calls(customer, started_us) WHERE customer IS NOT NULL)",
    R"(CREATE INDEX calls_session ON calls(session, started_us) WHERE session IS NOT NULL)",
    R"(CREATE TABLE attempts (
        row INTEGER NOT NULL, n INTEGER NOT NULL,
        provider INTEGER, credential INTEGER, model INTEGER,
        started_us INTEGER NOT NULL, waited_us INTEGER NOT NULL, first_us INTEGER, ended_us INTEGER NOT NULL,
        http_status INTEGER NOT NULL, flags INTEGER NOT NULL, error INTEGER, detail TEXT,
        input INTEGER NOT NULL, output INTEGER NOT NULL, cached INTEGER NOT NULL, cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL, reasoning INTEGER NOT NULL,
        cost INTEGER,
        PRIMARY KEY (row, n)
    ) WITHOUT ROWID)",
    // Each body begins with one byte: 0 as it is, 1 zstd.
    R"(CREATE TABLE bodies (row INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, flags INTEGER NOT NULL, request BLOB, answer BLOB))",
    // What roll-ups tell apart; aliased: the caller asked for another name than the route's.
    R"(CREATE TABLE dims (id INTEGER PRIMARY KEY, team INTEGER NOT NULL, key INTEGER NOT NULL, route INTEGER NOT NULL, provider INTEGER NOT NULL, model INTEGER NOT NULL,
        aliased INTEGER NOT NULL, UNIQUE (team, key, route, provider, model, aliased)))",
    "CREATE TABLE rollup_minute (bucket INTEGER NOT NULL, dim INTEGER NOT NULL, " SIGNALBOX_FIGURES ", PRIMARY KEY (bucket, dim)) WITHOUT ROWID",
    "CREATE TABLE rollup_hour (bucket INTEGER NOT NULL, dim INTEGER NOT NULL, " SIGNALBOX_FIGURES ", PRIMARY KEY (bucket, dim)) WITHOUT ROWID",
    // The same by team alone: what the charts ask for when nothing is filtered.
    "CREATE TABLE rollup_minute_team (bucket INTEGER NOT NULL, dim INTEGER NOT NULL, " SIGNALBOX_FIGURES ", PRIMARY KEY (bucket, dim)) WITHOUT ROWID",
    "CREATE TABLE rollup_hour_team (bucket INTEGER NOT NULL, dim INTEGER NOT NULL, " SIGNALBOX_FIGURES ", PRIMARY KEY (bucket, dim)) WITHOUT ROWID",
    R"(CREATE TABLE attempts_minute (bucket INTEGER NOT NULL, provider INTEGER NOT NULL, attempts INTEGER NOT NULL, errors INTEGER NOT NULL,
        rate_limited INTEGER NOT NULL, latency BLOB, PRIMARY KEY (bucket, provider)) WITHOUT ROWID)",
    R"(CREATE TABLE attempts_hour (bucket INTEGER NOT NULL, provider INTEGER NOT NULL, attempts INTEGER NOT NULL, errors INTEGER NOT NULL,
        rate_limited INTEGER NOT NULL, latency BLOB, PRIMARY KEY (bucket, provider)) WITHOUT ROWID)",
    // Spend of a scope (1 key's id, 2 team; subject 0: none) in a period: 0 ever, a month 202611, a day 20261122.
    R"(CREATE TABLE spend (scope INTEGER NOT NULL, period INTEGER NOT NULL, subject INTEGER NOT NULL, calls INTEGER NOT NULL, cost INTEGER NOT NULL,
        unpriced INTEGER NOT NULL, last_us INTEGER NOT NULL, PRIMARY KEY (scope, period, subject)) WITHOUT ROWID)",
    R"(CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID)",
    R"(INSERT INTO marks (name, value) VALUES ('last_row', 0))",
};

#undef SIGNALBOX_FIGURES

} // namespace

Migration calls0001()
{
    return Migration {.version = 1, .statements = statements};
}

} // namespace gateway::storage::migrations
