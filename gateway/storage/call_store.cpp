// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_store.h"

#include "gateway/core/text.h"
#include "gateway/storage/finding_list.h"
#include "gateway/storage/loss_list.h"

#include <cmath>

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

void addUsage(RowBatch &rows, const TokenUsage &usage)
{
    rows.add(usage.input).add(usage.output).add(usage.cachedInput).add(usage.cacheWrite).add(usage.cacheWrite1h).add(usage.reasoning);
}

std::int64_t flag(bool set, std::int64_t bit)
{
    return set ? bit : 0;
}

/// One good attempt, of which all but its credential and times can be read off the call: most calls are so.
bool isPlain(const CallRecord &record)
{
    if (record.attempts.size() != 1)
        return false;
    const AttemptRecord &attempt = record.attempts[0];
    return attempt.ok && !attempt.skipped && attempt.waitedUs == 0 && attempt.httpStatus == record.httpStatus && attempt.provider == record.provider && attempt.model == record.model
        && attempt.usage == record.usage && attempt.cost == record.cost && attempt.detail.empty();
}

bool hasExtras(const CallRecord &record)
{
    return !record.losses.empty() || !record.providerFormat.empty() || !record.trace.empty() || !record.decisions.empty() || !record.shadowOf.empty()
        || !record.cachedFrom.empty() || !record.prompt.empty() || !record.policy.empty();
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

CallStore::CallStore(Database &database)
    : m_database(database), m_names(database), m_dimensions(database), m_facets(database), m_customers(database), m_spend(database), m_budgetSpend(database), m_bodies(database), m_tail(database, m_dimensions, m_facets),
      m_attemptMinutes("attempts_minute", "provider", minute), m_attemptHours("attempts_hour", "provider", hour)
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
    constexpr std::string_view callColumns = "row, id, started_us, latency_us, first_us, status, http_status, bad, endpoint, flags, error, team, key, key_id, route, provider, model, "
        "input, output, cached, cache_write, cache_write_1h, reasoning, cost, attempts, repeats, asked, customer, session, tags, metadata, peer, error_message, dropped, "
        "lone_credential, lone_started_us, lone_first_us, lone_ended_us";
    constexpr std::string_view attemptColumns = "row, n, provider, credential, model, started_us, waited_us, first_us, ended_us, http_status, flags, error, detail, "
        "input, output, cached, cache_write, cache_write_1h, reasoning, cost";
    for (const auto &[place, table, columns] : {std::tuple(&m_calls, "calls", callColumns), std::tuple(&m_attempts, "attempts", attemptColumns)}) {
        auto made = RowBatch::make(m_database, table, columns);
        if (!made)
            return std::unexpected(made.error());
        *place = std::move(*made);
    }
    const std::array<std::pair<std::optional<Statement> *, std::string_view>, 7> wanted {{
        {&m_timedRow, timedIdRow},
        {&m_oddRow, oddIdRow},
        {&m_insertExtras, "INSERT INTO extras (row, trace, provider_format, losses, decisions, shadow_of, cached_from, similarity, saved, saved_us, prompt, policy, findings) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&m_insertBodies, "INSERT INTO bodies (row, at_us, flags, request, answer, sent, received) VALUES (?, ?, ?, ?, ?, ?, ?)"},
        {&m_keep, "INSERT OR REPLACE INTO keepsakes (key, value, until_s) VALUES (?, ?, ?)"},
        {&m_forget, "DELETE FROM keepsakes WHERE key = ?"},
        {&m_mark, "UPDATE marks SET value = ? WHERE name = 'last_row'"},
    }};
    for (const auto &[place, sql] : wanted) {
        if (auto prepared = prepareInto(*place, m_database, sql); !prepared)
            return prepared;
    }
    return {};
}

Result<> CallStore::inTransaction(const std::function<Result<>()> &work)
{
    if (auto begun = m_database.begin(); !begun)
        return begun;
    const std::uint64_t before = m_lastRow;
    Result<> done;
    if (!m_tailKnown)
        done = m_tail.load();
    if (done && m_settings.log.bodies)
        done = m_bodies.prepare();
    if (done) {
        m_tailKnown = true;
        done = work();
    }
    if (done)
        done = m_database.commit();
    else
        m_database.rollback();
    m_spend.forget();
    m_budgetSpend.charges.clear();
    if (!done) {
        m_lastRow = before;
        forget();
    }
    return done;
}

void CallStore::forget()
{
    m_calls->forget();
    m_attempts->forget();
    m_names.forget();
    m_dimensions.forget();
    m_facets.forget();
    m_customers.forget();
    m_bodies.forget();
    m_tailKnown = false;
    m_attemptMinutes.forget();
    m_attemptHours.forget();
}

Result<> CallStore::store(std::span<const CallRecord *const> records, const KeptSpend &kept)
{
    bool sealed = false;
    auto done = inTransaction([&]() -> Result<> {
        if (auto written = write(records, kept, Origin::Served); !written)
            return written;
        sealed = m_tail.full();
        return sealed ? m_tail.seal() : Result<> {};
    });
    if (!done)
        return done;
    settle(sealed);
    return {};
}

void CallStore::settle(bool sealed)
{
    if (sealed)
        m_tail.settle();
    m_attemptMinutes.settle();
    m_attemptHours.settle();
}

Result<> CallStore::seal()
{
    if (auto done = inTransaction([this] { return m_tail.seal(); }); !done)
        return done;
    m_tail.settle();
    return {};
}

Result<> CallStore::write(std::span<const CallRecord *const> records, const KeptSpend &kept, Origin origin)
{
    for (const CallRecord *record : records) {
        const auto row = static_cast<std::int64_t>(++m_lastRow);
        if (auto added = addCall(*record, row, origin); !added)
            return added;
        if (auto added = addAttempts(*record, row); !added)
            return added;
        if (auto written = writeExtras(*record, row); !written)
            return written;
        if (auto written = writeBodies(*record, row); !written)
            return written;
        if (auto written = writeKeepsakes(*record); !written)
            return written;
        if (m_calls->full() || m_attempts->full()) {
            if (auto written = writeBatches(); !written)
                return written;
        }
    }
    if (auto written = writeBatches(); !written)
        return written;
    for (auto *table : {&m_attemptMinutes, &m_attemptHours}) {
        if (auto written = table->write(m_database); !written)
            return written;
    }
    if (auto written = writeSpend(kept); !written)
        return written;
    return m_mark->bind(static_cast<std::int64_t>(m_lastRow)).run();
}

Result<> CallStore::writeBatches()
{
    if (auto written = m_calls->write(); !written)
        return written;
    return m_attempts->write();
}

Result<> CallStore::writeSpend(const KeptSpend &kept)
{
    for (const auto &[key, spent] : kept.all()) {
        const auto &[keyId, team, startedUs] = key;
        auto keyNumber = m_names.number(NameKind::KeyId, keyId);
        if (!keyNumber)
            return std::unexpected(keyNumber.error());
        auto teamNumber = m_names.number(NameKind::Team, team);
        if (!teamNumber)
            return std::unexpected(teamNumber.error());
        m_spend.add(keyNumber->value_or(0), teamNumber->value_or(0), startedUs, spent);
    }
    m_budgetSpend.charges.merge(kept.charges());
    if (auto written = m_spend.write(); !written)
        return written;
    return m_budgetSpend.write();
}

Result<> CallStore::addCall(const CallRecord &record, std::int64_t row, Origin origin)
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
    const bool lone = isPlain(record);
    std::optional<std::int64_t> credential;
    if (lone) {
        auto number = m_names.number(NameKind::Credential, record.attempts[0].credential);
        if (!number)
            return std::unexpected(number.error());
        credential = *number;
    }
    const std::int64_t started = startOf(record);
    const QByteArray id = packId(record.id);
    const std::int64_t flags = flag(record.stream, call_flag::stream) | flag(record.test, call_flag::test) | flag(record.usage.estimated, call_flag::estimated)
        | flag(isRescued(record), call_flag::rescued) | flag(keepsBodies(record), call_flag::hadBodies) | flag(!isTimed(id, started), call_flag::oddId)
        | flag(hasExtras(record), call_flag::extras) | flag(record.continued, call_flag::continued) | flag(record.shadow, call_flag::shadow) | flag(origin == Origin::Imported, call_flag::imported) | (toNumber(record.cache) << call_flag::cacheShift);
    RowBatch &calls = *m_calls;
    calls.add(row).addBlob(id).add(started).add(std::int64_t {record.latencyUs}).add(unlessNegative(record.firstByteUs));
    calls.add(toNumber(record.status)).add(std::int64_t {record.httpStatus}).add(std::int64_t {bad ? 1 : 0}).add(toNumber(record.endpoint)).add(flags);
    for (const auto &name : names)
        calls.add(name);
    addUsage(calls, record.usage);
    calls.add(nanosOf(record.cost)).add(static_cast<std::int64_t>(record.attempts.size())).add(std::int64_t {record.repeats});
    // What was asked for is mostly the route's own name: then it is not written again.
    const bool aliased = !record.askedModel.empty() && record.askedModel != record.route;
    calls.addTextOrNull(aliased ? std::string_view(record.askedModel) : std::string_view());
    for (const std::string *text : {&record.customer, &record.session, &record.tags, &record.metadata, &record.peer, &record.errorMessage, &record.dropped})
        calls.addTextOrNull(*text);
    calls.add(credential);
    if (lone)
        calls.add(std::int64_t {record.attempts[0].startedUs}).add(unlessNegative(record.attempts[0].firstByteUs)).add(std::int64_t {record.attempts[0].endedUs});
    else
        calls.addNull().addNull().addNull();

    auto asked = m_names.number(NameKind::Asked, aliased ? std::string_view(record.askedModel) : std::string_view());
    if (!asked)
        return std::unexpected(asked.error());
    if (auto added = addToTail(record, row, {names[1].value_or(0), names[2].value_or(0), names[4].value_or(0), names[5].value_or(0), names[6].value_or(0), asked->value_or(0)}); !added)
        return added;
    if (origin == Origin::Served) {
        m_spend.add(names[3].value_or(0), names[1].value_or(0), started, Spent::of(record));
        m_budgetSpend.charges.add(record.charges);
    }
    if (lone && names[5] && !record.shadow)
        addAttemptToSums(record.attempts[0], started, *names[5]);
    return {};
}

Result<> CallStore::addToTail(const CallRecord &record, std::int64_t row, const DimensionNames &names)
{
    const std::int64_t started = startOf(record);
    auto dimension = m_dimensions.of(names);
    if (!dimension)
        return std::unexpected(dimension.error());
    const auto tags = m_names.number(NameKind::Tags, record.tags);
    const auto customer = m_customers.number(record.customer, started / 1'000'000 / secondsADay);
    if (!tags || !customer)
        return std::unexpected(tags ? customer.error() : tags.error());
    const auto facet = m_facets.number({.dim = (*dimension)->id, .endpoint = toNumber(record.endpoint), .tags = tags->value_or(0)});
    if (!facet)
        return std::unexpected(facet.error());
    m_tail.add({.row = row, .startedUs = started, .dimension = **dimension, .facet = *facet, .customer = *customer, .figures = CallFigures::of(record), .trace = packTrace(record.trace),
                .attempts = static_cast<std::int64_t>(record.attempts.size())});
    return {};
}

Result<> CallStore::addAttempts(const CallRecord &record, std::int64_t row)
{
    if (isPlain(record))
        return {};
    std::int64_t n = 0;
    for (const AttemptRecord &attempt : record.attempts) {
        if (auto added = addAttempt(attempt, row, n++); !added)
            return added;
        if (record.shadow || attempt.skipped || attempt.provider.empty())
            continue;
        auto provider = m_names.number(NameKind::Provider, attempt.provider);
        if (!provider)
            return std::unexpected(provider.error());
        addAttemptToSums(attempt, startOf(record), **provider);
    }
    return {};
}

void CallStore::addAttemptToSums(const AttemptRecord &attempt, std::int64_t callStartedUs, std::int64_t provider)
{
    const std::int64_t started = callStartedUs + attempt.startedUs;
    m_attemptHours.at(started, provider).add(attempt);
    if (started / 1'000'000 >= m_tail.minutesFrom())
        m_attemptMinutes.at(started, provider).add(attempt);
}

Result<> CallStore::addAttempt(const AttemptRecord &attempt, std::int64_t row, std::int64_t n)
{
    const auto provider = m_names.number(NameKind::Provider, attempt.provider);
    const auto credential = m_names.number(NameKind::Credential, attempt.credential);
    const auto model = m_names.number(NameKind::Model, attempt.model);
    const auto error = m_names.number(NameKind::Error, attempt.ok ? std::string_view() : toText(attempt.error));
    for (const auto *number : {&provider, &credential, &model, &error}) {
        if (!*number)
            return std::unexpected(number->error());
    }
    const std::int64_t flags = flag(attempt.ok, attempt_flag::ok) | flag(attempt.skipped, attempt_flag::skipped) | flag(attempt.usage.estimated, attempt_flag::estimated)
        | flag(attempt.hedge, attempt_flag::hedge);
    RowBatch &attempts = *m_attempts;
    attempts.add(row).add(n).add(*provider).add(*credential).add(*model);
    attempts.add(std::int64_t {attempt.startedUs}).add(std::int64_t {attempt.waitedUs}).add(unlessNegative(attempt.firstByteUs)).add(std::int64_t {attempt.endedUs});
    attempts.add(std::int64_t {attempt.httpStatus}).add(flags).add(*error).addTextOrNull(attempt.detail);
    addUsage(attempts, attempt.usage);
    attempts.add(nanosOf(attempt.cost));
    return {};
}

Result<> CallStore::writeExtras(const CallRecord &record, std::int64_t row)
{
    if (!hasExtras(record))
        return {};
    const auto format = m_names.number(NameKind::Format, record.providerFormat);
    const auto prompt = m_names.number(NameKind::Prompt, record.prompt);
    const auto policy = m_names.number(NameKind::Policy, record.policy);
    for (const auto *number : {&format, &prompt, &policy}) {
        if (!*number)
            return std::unexpected(number->error());
    }
    m_insertExtras->bind(row).bindBlobOrNull(packTrace(record.trace)).bind(*format).bindBlobOrNull(packLosses(record.losses, m_bodies.codec())).bindTextOrNull(record.decisions);
    m_insertExtras->bindBlobOrNull(record.shadowOf.empty() ? QByteArray() : packId(record.shadowOf));
    const bool again = !record.cachedFrom.empty();
    m_insertExtras->bindBlobOrNull(again ? packId(record.cachedFrom) : QByteArray());
    m_insertExtras->bind(record.cache == CacheOutcome::Semantic ? std::optional(static_cast<std::int64_t>(std::lround(record.similarity * millionth))) : std::nullopt);
    m_insertExtras->bind(nanosOf(record.saved)).bind(again ? std::optional(record.savedUs) : std::nullopt);
    m_insertExtras->bind(*prompt).bind(*policy).bindTextOrNull(packFindings(record.findings));
    return m_insertExtras->run();
}

Result<> CallStore::writeKeepsakes(const CallRecord &record)
{
    for (const Keepsake &keepsake : record.keepsakes) {
        const QByteArray key = keepsakeKey(keepsake.key);
        const auto until = std::chrono::floor<std::chrono::seconds>(keepsake.until).time_since_epoch().count();
        auto done = keepsake.value.empty() ? m_forget->bindBlob(key).run() : m_keep->bindBlob(key).bind(keepsake.value).bind(until).run();
        if (!done)
            return done;
    }
    return {};
}

bool CallStore::keepsBodies(const CallRecord &record) const
{
    const CapturedBodies &bodies = record.bodies;
    return m_settings.log.bodies && (!bodies.request.empty() || !bodies.answer.empty() || !bodies.sent.empty() || !bodies.received.empty() || bodies.dropped);
}

Result<> CallStore::writeBodies(const CallRecord &record, std::int64_t row)
{
    if (!keepsBodies(record))
        return {};
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(m_settings.log.maxBody, 0));
    const CapturedBodies &bodies = record.bodies;
    std::int64_t flags = flag(bodies.dropped, body_flag::dropped);
    const auto packed = [&](BodyKind kind, const std::string &body, bool cut, std::int64_t cutFlag) {
        const std::string_view kept = truncatedUtf8(body, most);
        flags |= flag(cut || kept.size() < body.size(), cutFlag);
        return m_bodies.packed(kept, kind, record);
    };
    const QByteArray request = packed(BodyKind::Request, bodies.request, bodies.requestCut, body_flag::requestCut);
    const QByteArray answer = packed(BodyKind::Answer, bodies.answer, bodies.answerCut, body_flag::answerCut);
    const QByteArray sent = packed(BodyKind::Sent, bodies.sent, bodies.sentCut, body_flag::sentCut);
    const QByteArray received = packed(BodyKind::Received, bodies.received, bodies.receivedCut, body_flag::receivedCut);
    m_insertBodies->bind(row).bind(startOf(record)).bind(flags).bindBlobOrNull(request).bindBlobOrNull(answer).bindBlobOrNull(sent).bindBlobOrNull(received);
    return m_insertBodies->run();
}

} // namespace gateway::storage
