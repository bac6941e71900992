// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_store.h"

#include "gateway/core/text.h"

namespace gateway::storage {

namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 3600;

std::int64_t startOf(const CallRecord &record)
{
    return record.startedAt.time_since_epoch().count();
}

std::optional<std::int64_t> unlessNegative(std::int32_t value)
{
    return value < 0 ? std::nullopt : std::optional<std::int64_t>(value);
}

std::optional<std::int64_t> nanosOf(const std::optional<Money> &money)
{
    return money ? std::optional(money->nanos()) : std::nullopt;
}

void bindUsage(Statement &statement, const TokenUsage &usage)
{
    statement.bind(usage.input).bind(usage.output).bind(usage.cachedInput).bind(usage.cacheWrite).bind(usage.cacheWrite1h).bind(usage.reasoning);
}

std::int64_t flag(bool set, std::int64_t bit)
{
    return set ? bit : 0;
}

Result<> prepareInto(std::optional<Statement> &place, Database &database, std::string_view sql)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    place.emplace(std::move(*statement));
    return {};
}

} // namespace

std::size_t CallStore::DimensionHash::operator()(const std::array<std::int64_t, 6> &names) const
{
    std::size_t hash = 0;
    for (const std::int64_t name : names)
        hash = hash * 1'000'003 + static_cast<std::size_t>(name);
    return hash;
}

CallStore::CallStore(Database &database)
    : m_database(database)
    , m_names(database)
    , m_spend(database)
    , m_minutes("rollup_minute", "dim", minute)
    , m_hours("rollup_hour", "dim", hour)
    , m_teamMinutes("rollup_minute_team", "dim", minute)
    , m_teamHours("rollup_hour_team", "dim", hour)
    , m_attemptMinutes("attempts_minute", "provider", minute)
    , m_attemptHours("attempts_hour", "provider", hour)
{
}

Result<std::unique_ptr<CallStore>> CallStore::open(Database &database, const CallLogSettings &settings)
{
    std::unique_ptr<CallStore> store(new CallStore(database));
    if (auto prepared = store->prepare(); !prepared)
        return std::unexpected(prepared.error());
    auto last = database.number("SELECT max((SELECT value FROM marks WHERE name = 'last_row'), coalesce((SELECT max(row) FROM calls), 0))");
    if (!last)
        return std::unexpected(last.error());
    store->m_lastRow = static_cast<std::uint64_t>(*last);
    store->configure(settings);
    return store;
}

void CallStore::configure(const CallLogSettings &settings)
{
    m_settings = settings;
    m_spend.setTimeZone(settings.timeZone);
}

Result<> CallStore::prepare()
{
    const std::array<std::pair<std::optional<Statement> *, std::string_view>, 6> wanted {{
        {&m_insertCall,
         "INSERT INTO calls (row, id, started_us, latency_us, first_us, status, http_status, bad, endpoint, flags, error, team, key, key_id, route, provider, model, "
         "input, output, cached, cache_write, cache_write_1h, reasoning, cost, attempts, repeats, asked, customer, session, tags, metadata, peer, error_message, dropped) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&m_insertAttempt,
         "INSERT INTO attempts (row, n, provider, credential, model, started_us, waited_us, first_us, ended_us, http_status, flags, error, detail, "
         "input, output, cached, cache_write, cache_write_1h, reasoning, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&m_insertBodies, "INSERT INTO bodies (row, at_us, flags, request, answer) VALUES (?, ?, ?, ?, ?)"},
        {&m_selectDimension, "SELECT id FROM dims WHERE team = ? AND key = ? AND route = ? AND provider = ? AND model = ? AND aliased = ?"},
        {&m_insertDimension, "INSERT INTO dims (team, key, route, provider, model, aliased) VALUES (?, ?, ?, ?, ?, ?)"},
        {&m_mark, "UPDATE marks SET value = ? WHERE name = 'last_row'"},
    }};
    for (const auto &[place, sql] : wanted) {
        if (auto prepared = prepareInto(*place, m_database, sql); !prepared)
            return prepared;
    }
    return {};
}

Result<> CallStore::store(std::span<const CallRecord *const> records, const KeptSpend &kept)
{
    const std::uint64_t before = m_lastRow;
    auto begun = m_database.begin();
    if (!begun)
        return begun;
    auto done = write(records, kept);
    if (done)
        done = m_database.commit();
    else
        m_database.rollback();
    m_spend.forget();
    if (done) {
        for (auto *table : {&m_minutes, &m_hours, &m_teamMinutes, &m_teamHours})
            table->settle();
        m_attemptMinutes.settle();
        m_attemptHours.settle();
        return {};
    }
    m_lastRow = before;
    m_names.forget();
    m_dimensions.clear();
    for (auto *table : {&m_minutes, &m_hours, &m_teamMinutes, &m_teamHours})
        table->forget();
    m_attemptMinutes.forget();
    m_attemptHours.forget();
    return done;
}

Result<> CallStore::write(std::span<const CallRecord *const> records, const KeptSpend &kept)
{
    for (const CallRecord *record : records) {
        const auto row = static_cast<std::int64_t>(++m_lastRow);
        if (auto written = writeCall(*record, row); !written)
            return written;
        if (auto written = writeAttempts(*record, row); !written)
            return written;
        if (auto written = writeBodies(*record, row); !written)
            return written;
        m_spend.add(record->keyId, record->team, startOf(*record), Spent::of(*record));
    }
    for (const auto &[key, spent] : kept.all())
        m_spend.add(std::get<0>(key), std::get<1>(key), std::get<2>(key), spent);
    for (auto *table : {&m_minutes, &m_hours, &m_teamMinutes, &m_teamHours}) {
        if (auto written = table->write(m_database); !written)
            return written;
    }
    for (auto *table : {&m_attemptMinutes, &m_attemptHours}) {
        if (auto written = table->write(m_database); !written)
            return written;
    }
    if (auto written = m_spend.write(m_names); !written)
        return written;
    return m_mark->bind(static_cast<std::int64_t>(m_lastRow)).run();
}

Result<> CallStore::writeCall(const CallRecord &record, std::int64_t row)
{
    const std::array<std::pair<NameKind, std::string_view>, 7> wanted {{
        {NameKind::Error, record.error ? toText(*record.error) : std::string_view()},
        {NameKind::Team, record.team},
        {NameKind::Key, record.key},
        {NameKind::KeyId, record.keyId},
        {NameKind::Route, record.route},
        {NameKind::Provider, record.provider},
        {NameKind::Model, record.model},
    }};
    std::array<std::optional<std::int64_t>, wanted.size()> names;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        auto number = m_names.number(wanted[i].first, wanted[i].second);
        if (!number)
            return std::unexpected(number.error());
        names[i] = *number;
    }
    const bool bad = record.status != CallStatus::Ok || record.httpStatus >= 400;
    const std::int64_t flags = flag(record.stream, call_flag::stream) | flag(record.test, call_flag::test) | flag(record.usage.estimated, call_flag::estimated)
        | flag(isRescued(record), call_flag::rescued) | flag(keepsBodies(record), call_flag::hadBodies);
    Statement &insert = *m_insertCall;
    insert.bind(row).bindBlob(packId(record.id)).bind(startOf(record)).bind(std::int64_t {record.latencyUs}).bind(unlessNegative(record.firstByteUs));
    insert.bind(toNumber(record.status)).bind(std::int64_t {record.httpStatus}).bind(std::int64_t {bad ? 1 : 0}).bind(toNumber(record.endpoint)).bind(flags);
    for (const auto &name : names)
        insert.bind(name);
    bindUsage(insert, record.usage);
    insert.bind(nanosOf(record.cost)).bind(static_cast<std::int64_t>(record.attempts.size())).bind(std::int64_t {record.repeats});
    // What was asked for is mostly the route's own name: then it is not written again.
    const bool aliased = !record.askedModel.empty() && record.askedModel != record.route;
    insert.bindTextOrNull(aliased ? std::string_view(record.askedModel) : std::string_view());
    for (const std::string *text : {&record.customer, &record.session, &record.tags, &record.metadata, &record.peer, &record.errorMessage, &record.dropped})
        insert.bindTextOrNull(*text);
    if (auto inserted = insert.run(); !inserted)
        return inserted;

    const std::array<std::int64_t, 6> subject {names[1].value_or(0), names[2].value_or(0), names[4].value_or(0), names[5].value_or(0), names[6].value_or(0), aliased ? 1 : 0};
    auto dim = dimension(subject);
    if (!dim)
        return std::unexpected(dim.error());
    const CallFigures figures = CallFigures::of(record);
    for (auto *table : {&m_minutes, &m_hours})
        table->at(startOf(record), *dim).add(figures);
    for (auto *table : {&m_teamMinutes, &m_teamHours})
        table->at(startOf(record), subject[0]).add(figures);
    return {};
}

Result<> CallStore::writeAttempts(const CallRecord &record, std::int64_t row)
{
    std::int64_t n = 0;
    for (const AttemptRecord &attempt : record.attempts) {
        const auto provider = m_names.number(NameKind::Provider, attempt.provider);
        const auto credential = m_names.number(NameKind::Credential, attempt.credential);
        const auto model = m_names.number(NameKind::Model, attempt.model);
        const auto error = m_names.number(NameKind::Error, attempt.ok ? std::string_view() : toText(attempt.error));
        for (const auto *number : {&provider, &credential, &model, &error}) {
            if (!*number)
                return std::unexpected(number->error());
        }
        const std::int64_t flags = flag(attempt.ok, attempt_flag::ok) | flag(attempt.skipped, attempt_flag::skipped) | flag(attempt.usage.estimated, attempt_flag::estimated);
        Statement &insert = *m_insertAttempt;
        insert.bind(row).bind(n++).bind(*provider).bind(*credential).bind(*model);
        insert.bind(std::int64_t {attempt.startedUs}).bind(std::int64_t {attempt.waitedUs}).bind(unlessNegative(attempt.firstByteUs)).bind(std::int64_t {attempt.endedUs});
        insert.bind(std::int64_t {attempt.httpStatus}).bind(flags).bind(*error).bindTextOrNull(attempt.detail);
        bindUsage(insert, attempt.usage);
        if (auto inserted = insert.bind(nanosOf(attempt.cost)).run(); !inserted)
            return inserted;
        if (!attempt.skipped && *provider) {
            for (auto *table : {&m_attemptMinutes, &m_attemptHours})
                table->at(startOf(record) + attempt.startedUs, **provider).add(attempt);
        }
    }
    return {};
}

bool CallStore::keepsBodies(const CallRecord &record) const
{
    return m_settings.log.bodies && (!record.bodies.request.empty() || !record.bodies.answer.empty() || record.bodies.dropped);
}

Result<> CallStore::writeBodies(const CallRecord &record, std::int64_t row)
{
    if (!keepsBodies(record))
        return {};
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(m_settings.log.maxBody, 0));
    const CapturedBodies &bodies = record.bodies;
    const std::string_view request = truncatedUtf8(bodies.request, most);
    const std::string_view answer = truncatedUtf8(bodies.answer, most);
    const std::int64_t flags = flag(bodies.requestCut || request.size() < bodies.request.size(), body_flag::requestCut)
        | flag(bodies.answerCut || answer.size() < bodies.answer.size(), body_flag::answerCut) | flag(bodies.dropped, body_flag::dropped);
    m_insertBodies->bind(row).bind(startOf(record)).bind(flags).bindBlobOrNull(m_bodies.packed(request)).bindBlobOrNull(m_bodies.packed(answer));
    return m_insertBodies->run();
}

Result<std::int64_t> CallStore::dimension(const std::array<std::int64_t, 6> &names)
{
    constexpr std::size_t heldAtMost = 50'000;
    if (const auto known = m_dimensions.find(names); known != m_dimensions.end())
        return known->second;
    if (m_dimensions.size() >= heldAtMost)
        m_dimensions.clear();
    for (int round = 0; round < 2; ++round) {
        for (const std::int64_t name : names)
            m_selectDimension->bind(name);
        if (auto run = m_selectDimension->run(); !run)
            return std::unexpected(run.error());
        if (m_selectDimension->next()) {
            const std::int64_t id = m_selectDimension->integer(0);
            m_selectDimension->finish();
            m_dimensions.emplace(names, id);
            return id;
        }
        if (auto failed = m_selectDimension->failure(); !failed)
            return std::unexpected(failed.error());
        for (const std::int64_t name : names)
            m_insertDimension->bind(name);
        if (auto inserted = m_insertDimension->run(); !inserted)
            return std::unexpected(inserted.error());
    }
    return fail(ErrorCode::Internal, "The call log lost a row that it had just stored.");
}

} // namespace gateway::storage
