// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_rows.h"

#include "gateway/storage/body_rows.h"
#include "gateway/storage/finding_list.h"
#include "gateway/storage/loss_list.h"

#include <fmt/format.h>

namespace gateway::storage {

namespace {

constexpr std::string_view callColumns = "SELECT id, started_us, latency_us, first_us, status, http_status, endpoint, flags, error, team, key, key_id, route, provider, model, "
                                         "input, output, cached, cache_write, cache_write_1h, reasoning, cost, repeats, asked, customer, session, tags, metadata, peer, error_message, dropped, "
                                         "lone_credential, lone_started_us, lone_first_us, lone_ended_us FROM calls WHERE row = ?";
constexpr std::string_view attemptColumns = "SELECT provider, credential, model, started_us, waited_us, first_us, ended_us, http_status, flags, error, detail, "
                                            "input, output, cached, cache_write, cache_write_1h, reasoning, cost FROM attempts WHERE row = ? ORDER BY n";
constexpr std::string_view extraColumns = "SELECT trace, provider_format, losses, decisions, shadow_of, cached_from, similarity, saved, saved_us, prompt, policy, findings "
                                          "FROM extras WHERE row = ?";

/// Takes a row's columns one after the other.
class Columns
{
public:
    explicit Columns(const Statement &statement) : m_statement(statement) {}
    std::int64_t integer() { return m_statement.integer(m_column++); }
    template <typename T>
    T as() { return static_cast<T>(integer()); }
    std::optional<std::int64_t> maybe() { return m_statement.maybeInteger(m_column++); }
    std::string text() { return m_statement.text(m_column++); }
    QByteArray blob() { return m_statement.blob(m_column++); }

    TokenUsage usage()
    {
        TokenUsage usage;
        for (std::int64_t *value : {&usage.input, &usage.output, &usage.cachedInput, &usage.cacheWrite, &usage.cacheWrite1h, &usage.reasoning})
            *value = integer();
        return usage;
    }

    std::optional<Money> money()
    {
        const auto nanos = maybe();
        return nanos ? std::optional(Money::fromNanos(*nanos)) : std::nullopt;
    }

private:
    const Statement &m_statement;
    int m_column = 0;
};

} // namespace

Result<CallRow> CallRows::read(std::int64_t row)
{
    auto asked = m_session.ask(m_call, callColumns, row);
    if (!asked)
        return std::unexpected(asked.error());
    Statement &statement = **asked;
    if (!statement.next()) {
        if (auto end = m_session.ended(statement); !end)
            return std::unexpected(end.error());
        return fail(ErrorCode::NotFound, "The call is not in the log any more.");
    }
    auto result = readCall(statement, row);
    statement.finish(); // a kept statement must not hold the read open
    if (!result)
        return result;
    if ((m_flags & call_flag::extras) != 0) {
        if (auto extras = readExtras(row, result->record); !extras)
            return std::unexpected(extras.error());
    }
    if (!result->record.attempts.empty())
        return result; // its only one stands in the call
    if (auto attempts = readAttempts(row, result->record); !attempts)
        return std::unexpected(attempts.error());
    return result;
}

Result<CallRow> CallRows::readCall(const Statement &statement, std::int64_t row)
{
    CallRow result;
    CallRecord &record = result.record;
    Columns columns(statement);
    record.id = unpackId(columns.blob());
    const std::int64_t started = columns.integer();
    result.cursor = CallCursor {.startedUs = started, .row = row};
    record.startedAt = WallTime(std::chrono::microseconds(started));
    record.latencyUs = columns.as<std::int32_t>();
    record.firstByteUs = static_cast<std::int32_t>(columns.maybe().value_or(-1));
    record.status = callStatusFrom(columns.integer());
    record.httpStatus = columns.as<std::int16_t>();
    record.endpoint = endpointFrom(columns.integer());
    m_flags = columns.integer();
    record.stream = (m_flags & call_flag::stream) != 0;
    record.test = (m_flags & call_flag::test) != 0;
    record.shadow = (m_flags & call_flag::shadow) != 0;
    record.continued = (m_flags & call_flag::continued) != 0;
    record.cache = cacheOutcomeFrom(m_flags);
    std::string error;
    for (std::string *text : {&error, &record.team, &record.key, &record.keyId, &record.route, &record.provider, &record.model}) {
        auto name = m_session.name(columns.maybe().value_or(0));
        if (!name)
            return std::unexpected(name.error());
        *text = std::move(*name);
    }
    if (!error.empty())
        record.error = errorCodeNamed(error);
    record.usage = columns.usage();
    record.usage.estimated = (m_flags & call_flag::estimated) != 0;
    record.cost = columns.money();
    record.repeats = columns.as<std::uint32_t>();
    for (std::string *text : {&record.askedModel, &record.customer, &record.session, &record.tags, &record.metadata, &record.peer, &record.errorMessage, &record.dropped})
        *text = columns.text();
    if (record.askedModel.empty())
        record.askedModel = record.route;
    AttemptRecord lone {.provider = record.provider, .model = record.model, .httpStatus = record.httpStatus, .ok = true, .usage = record.usage, .cost = record.cost};
    auto credential = m_session.name(columns.maybe().value_or(0));
    if (!credential)
        return std::unexpected(credential.error());
    lone.credential = std::move(*credential);
    const auto loneStarted = columns.maybe();
    lone.firstByteUs = static_cast<std::int32_t>(columns.maybe().value_or(-1));
    if (!loneStarted)
        return result;
    lone.startedUs = static_cast<std::int32_t>(*loneStarted);
    lone.endedUs = columns.as<std::int32_t>();
    record.attempts.push_back(std::move(lone));
    return result;
}

Result<> CallRows::readExtras(std::int64_t row, CallRecord &record)
{
    auto asked = m_session.ask(m_extras, extraColumns, row);
    if (!asked)
        return std::unexpected(asked.error());
    Statement *statement = *asked;
    if (!statement->next())
        return m_session.ended(*statement);
    record.trace = unpackTrace(statement->blob(0));
    auto format = m_session.name(statement->maybeInteger(1).value_or(0));
    auto losses = unpackLosses(statement->blob(2), m_codec);
    record.decisions = statement->text(3);
    const QByteArray shadowOf = statement->blob(4);
    const QByteArray cachedFrom = statement->blob(5);
    record.similarity = static_cast<double>(statement->integer(6)) / millionth;
    if (const auto saved = statement->maybeInteger(7))
        record.saved = Money::fromNanos(*saved);
    record.savedUs = statement->integer(8);
    auto prompt = m_session.name(statement->maybeInteger(9).value_or(0));
    auto policy = m_session.name(statement->maybeInteger(10).value_or(0));
    record.findings = unpackFindings(statement->text(11));
    statement->finish();
    for (const auto *name : {&format, &prompt, &policy}) {
        if (!*name)
            return std::unexpected(name->error());
    }
    record.prompt = std::move(*prompt);
    record.policy = std::move(*policy);
    if (!cachedFrom.isEmpty())
        record.cachedFrom = unpackId(cachedFrom);
    if (!losses)
        return std::unexpected(losses.error());
    record.providerFormat = std::move(*format);
    record.losses = std::move(*losses);
    if (!shadowOf.isEmpty())
        record.shadowOf = unpackId(shadowOf);
    return {};
}

Result<> CallRows::readAttempts(std::int64_t row, CallRecord &record)
{
    auto asked = m_session.ask(m_attempts, attemptColumns, row);
    if (!asked)
        return std::unexpected(asked.error());
    Statement *statement = *asked;
    while (statement->next()) {
        AttemptRecord attempt;
        Columns columns(*statement);
        for (std::string *text : {&attempt.provider, &attempt.credential, &attempt.model}) {
            auto name = m_session.name(columns.maybe().value_or(0));
            if (!name)
                return std::unexpected(name.error());
            *text = std::move(*name);
        }
        attempt.startedUs = columns.as<std::int32_t>();
        attempt.waitedUs = columns.as<std::int32_t>();
        attempt.firstByteUs = static_cast<std::int32_t>(columns.maybe().value_or(-1));
        attempt.endedUs = columns.as<std::int32_t>();
        attempt.httpStatus = columns.as<std::int16_t>();
        const std::int64_t flags = columns.integer();
        attempt.ok = (flags & attempt_flag::ok) != 0;
        attempt.skipped = (flags & attempt_flag::skipped) != 0;
        attempt.hedge = (flags & attempt_flag::hedge) != 0;
        auto error = m_session.name(columns.maybe().value_or(0));
        if (!error)
            return std::unexpected(error.error());
        if (!attempt.ok)
            attempt.error = errorCodeNamed(*error);
        attempt.detail = columns.text();
        attempt.usage = columns.usage();
        attempt.usage.estimated = (flags & attempt_flag::estimated) != 0;
        attempt.cost = columns.money();
        record.attempts.push_back(std::move(attempt));
    }
    return m_session.ended(*statement);
}

Result<CallDetail> CallRows::withBodies(CallRow row)
{
    const bool hadBodies = (m_flags & call_flag::hadBodies) != 0;
    auto statement = m_session.ask(Sql {.text = fmt::format("SELECT {} FROM bodies WHERE row = ?", bodyColumns), .values = {row.cursor.row}});
    if (!statement)
        return std::unexpected(statement.error());
    CallDetail detail {.record = std::move(row.record), .bodiesExpired = false};
    if (!statement->next()) {
        if (auto end = m_session.ended(*statement); !end)
            return std::unexpected(end.error());
        detail.bodiesExpired = hadBodies;
        return detail;
    }
    auto bodies = unpackBodies(*statement, 0, m_codec);
    if (!bodies)
        return std::unexpected(bodies.error());
    detail.record.bodies = std::move(*bodies);
    return detail;
}

} // namespace gateway::storage
