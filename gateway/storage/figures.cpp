// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/figures.h"

#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/statement.h"
#include "gateway/storage/varint.h"

#include <algorithm>

namespace gateway::storage {

namespace {

std::int64_t number(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}

std::uint64_t count(const Statement &statement, int column)
{
    return static_cast<std::uint64_t>(statement.integer(column));
}

/// The caller's own fault says nothing of the provider.
bool isCallersFault(ErrorCode code)
{
    return code == ErrorCode::UpstreamBadRequest || code == ErrorCode::ContextWindow || code == ErrorCode::ContentPolicy || code == ErrorCode::Cancelled;
}

} // namespace

void SparseHistogram::addToBucket(std::size_t bucket, std::uint64_t times)
{
    const auto key = static_cast<std::uint8_t>(std::min<std::size_t>(bucket, LatencyBuckets::count - 1));
    const auto at = std::lower_bound(m_counts.begin(), m_counts.end(), key, [](const auto &entry, std::uint8_t wanted) { return entry.first < wanted; });
    if (at != m_counts.end() && at->first == key)
        at->second += times;
    else
        m_counts.emplace(at, key, times);
}

void SparseHistogram::merge(const SparseHistogram &other)
{
    for (const auto &[bucket, times] : other.m_counts)
        addToBucket(bucket, times);
}

void SparseHistogram::subtract(const SparseHistogram &other)
{
    for (const auto &[bucket, times] : other.m_counts) {
        const auto at = std::ranges::lower_bound(m_counts, bucket, {}, &std::pair<std::uint8_t, std::uint64_t>::first);
        if (at == m_counts.end() || at->first != bucket)
            continue;
        at->second -= std::min(at->second, times);
        if (at->second == 0)
            m_counts.erase(at);
    }
}

void SparseHistogram::addTo(LatencyHistogram &histogram) const
{
    for (const auto &[bucket, times] : m_counts)
        histogram.addToBucket(bucket, times);
}

QByteArray SparseHistogram::encoded() const
{
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(m_counts.size() * 3));
    std::uint8_t previous = 0;
    for (const auto &[bucket, times] : m_counts) {
        appendVarint(bytes, static_cast<std::uint64_t>(bucket - previous));
        appendVarint(bytes, times);
        previous = bucket;
    }
    return bytes;
}

void SparseHistogram::addEncoded(const QByteArray &bytes)
{
    std::uint64_t bucket = 0;
    for (qsizetype at = 0; at < bytes.size();) {
        std::uint64_t step = 0;
        std::uint64_t times = 0;
        if (!readVarint(bytes, at, step) || !readVarint(bytes, at, times) || (bucket += step) >= LatencyBuckets::count)
            return;
        addToBucket(static_cast<std::size_t>(bucket), times);
    }
}

CallFigures CallFigures::of(const CallRecord &record)
{
    return CallFigures {.status = record.status,
                        .rescued = isRescued(record),
                        .stream = record.stream,
                        .shadow = record.shadow,
                        .repeats = record.repeats,
                        .latencyUs = record.latencyUs,
                        .firstByteUs = record.firstByteUs,
                        .cost = record.cost,
                        .input = record.usage.input,
                        .output = record.usage.output,
                        .error = record.error ? errorClass(*record.error) : ErrorClass::Other,
                        .cache = record.cache};
}

CallFigures CallFigures::from(const Statement &statement, int firstColumn)
{
    const std::int64_t flags = statement.integer(firstColumn + 1);
    CallFigures call {.status = callStatusFrom(statement.integer(firstColumn)),
                      .rescued = (flags & call_flag::rescued) != 0,
                      .stream = (flags & call_flag::stream) != 0,
                      .shadow = (flags & call_flag::shadow) != 0,
                      .repeats = count(statement, firstColumn + 2),
                      .latencyUs = statement.integer(firstColumn + 3),
                      .firstByteUs = statement.maybeInteger(firstColumn + 4).value_or(-1),
                      .input = statement.integer(firstColumn + 6),
                      .output = statement.integer(firstColumn + 7),
                      .cache = cacheOutcomeFrom(flags)};
    if (const auto cost = statement.maybeInteger(firstColumn + 5))
        call.cost = Money::fromNanos(*cost);
    return call;
}

void Figures::add(const CallFigures &call)
{
    if (call.cost)
        cost = sumOf(cost, *call.cost);
    input += static_cast<std::uint64_t>(call.input);
    output += static_cast<std::uint64_t>(call.output);
    if (call.shadow)
        return;
    calls += call.repeats;
    if (call.cache != CacheOutcome::Off) {
        cacheLooked += call.repeats;
        cacheHits += call.cache == CacheOutcome::Miss ? 0 : call.repeats;
    }
    if (call.status == CallStatus::Refused) {
        refused += call.repeats;
        return;
    }
    if (!call.cost)
        unpriced += call.repeats;
    if (call.rescued)
        rescued += call.repeats;
    if (call.status == CallStatus::Failed || call.status == CallStatus::Cut) {
        failed += call.repeats;
        errors[static_cast<std::size_t>(call.status == CallStatus::Cut ? ErrorClass::Cut : call.error)] += call.repeats;
    }
    latency.add(call.latencyUs, call.repeats);
    if (call.stream && call.firstByteUs >= 0)
        ttft.add(call.firstByteUs, call.repeats);
}

void Figures::merge(const Figures &other)
{
    calls += other.calls;
    failed += other.failed;
    refused += other.refused;
    rescued += other.rescued;
    unpriced += other.unpriced;
    cost = sumOf(cost, other.cost);
    input += other.input;
    output += other.output;
    for (std::size_t i = 0; i < errors.size(); ++i)
        errors[i] += other.errors[i];
    latency.merge(other.latency);
    ttft.merge(other.ttft);
    cacheHits += other.cacheHits;
    cacheLooked += other.cacheLooked;
}

void Figures::subtract(const Figures &other)
{
    calls -= other.calls;
    failed -= other.failed;
    refused -= other.refused;
    rescued -= other.rescued;
    unpriced -= other.unpriced;
    cost -= other.cost;
    input -= other.input;
    output -= other.output;
    for (std::size_t i = 0; i < errors.size(); ++i)
        errors[i] -= other.errors[i];
    latency.subtract(other.latency);
    ttft.subtract(other.ttft);
    cacheHits -= other.cacheHits;
    cacheLooked -= other.cacheLooked;
}

CostFigures costsOf(const Figures &figures)
{
    return {.cost = figures.cost, .calls = figures.calls, .refused = figures.refused, .unpriced = figures.unpriced, .input = figures.input, .output = figures.output};
}

CostFigures costsOf(const CallFigures &call)
{
    CostFigures figures {.cost = call.cost.value_or(Money {}), .input = static_cast<std::uint64_t>(call.input), .output = static_cast<std::uint64_t>(call.output)};
    if (call.shadow)
        return figures;
    figures.calls = call.repeats;
    if (call.status == CallStatus::Refused)
        figures.refused = call.repeats;
    else if (!call.cost)
        figures.unpriced = call.repeats;
    return figures;
}

void Figures::bindTo(Statement &statement) const
{
    bindEarlierTo(statement);
    statement.bind(number(cacheHits)).bind(number(cacheLooked));
}

void Figures::bindEarlierTo(Statement &statement) const
{
    statement.bind(number(calls)).bind(number(failed)).bind(number(refused)).bind(number(rescued)).bind(number(unpriced));
    statement.bind(cost.nanos()).bind(number(input)).bind(number(output));
    for (const std::uint64_t error : errors)
        statement.bind(number(error));
    statement.bindBlobOrNull(latency.encoded()).bindBlobOrNull(ttft.encoded());
}

Figures Figures::from(const Statement &statement, int firstColumn)
{
    Figures figures = earlierFrom(statement, firstColumn);
    figures.cacheHits = count(statement, firstColumn + columnCount - 2);
    figures.cacheLooked = count(statement, firstColumn + columnCount - 1);
    return figures;
}

Figures Figures::earlierFrom(const Statement &statement, int firstColumn)
{
    int column = firstColumn;
    Figures figures;
    for (std::uint64_t *value : {&figures.calls, &figures.failed, &figures.refused, &figures.rescued, &figures.unpriced})
        *value = count(statement, column++);
    figures.cost = Money::fromNanos(statement.integer(column++));
    figures.input = count(statement, column++);
    figures.output = count(statement, column++);
    for (std::uint64_t &error : figures.errors)
        error = count(statement, column++);
    figures.latency.addEncoded(statement.blob(column++));
    figures.ttft.addEncoded(statement.blob(column));
    return figures;
}

void AttemptFigures::add(const AttemptRecord &attempt)
{
    if (attempt.skipped)
        return;
    ++attempts;
    if (attempt.ok)
        latency.add(attempt.endedUs - attempt.startedUs);
    else if (errorClass(attempt.error) == ErrorClass::RateLimit)
        ++rateLimited;
    else if (!isCallersFault(attempt.error))
        ++errors;
}

void AttemptFigures::merge(const AttemptFigures &other)
{
    attempts += other.attempts;
    errors += other.errors;
    rateLimited += other.rateLimited;
    latency.merge(other.latency);
}

void AttemptFigures::bindTo(Statement &statement) const
{
    statement.bind(number(attempts)).bind(number(errors)).bind(number(rateLimited)).bindBlobOrNull(latency.encoded());
}

AttemptFigures AttemptFigures::from(const Statement &statement, int firstColumn)
{
    AttemptFigures figures;
    figures.attempts = count(statement, firstColumn);
    figures.errors = count(statement, firstColumn + 1);
    figures.rateLimited = count(statement, firstColumn + 2);
    figures.latency.addEncoded(statement.blob(firstColumn + 3));
    return figures;
}

} // namespace gateway::storage
