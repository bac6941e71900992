// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_line.h"

#include "gateway/config/duration.h"
#include "gateway/core/finding_action.h"
#include "gateway/core/text.h"
#include "gateway/storage/call_log_schema.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <QByteArray>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace gateway::storage {

namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 2'100; // brackets in one another: more than metadata of a call can have; JSON is written by a function that calls itself
constexpr std::size_t longestName = 1024;
constexpr std::size_t longestText = 64 * 1024;
constexpr std::size_t mostItems = 1000;
constexpr std::int64_t mostTokens = 1'000'000'000'000;
constexpr std::int64_t mostNanos = 1'000'000'000'000'000;       // a million dollars: millions of such calls can still be added up
constexpr std::int64_t mostMicros = std::numeric_limits<std::int32_t>::max();
constexpr WallTime firstStart {};
constexpr WallTime lastStart = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);

bool isTooDeep(std::string_view text)
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted && c == '\\')
            ++i;
        else if (!quoted && (c == '{' || c == '[') && ++depth > deepest)
            return true;
        else if (!quoted && (c == '}' || c == ']'))
            --depth;
    }
    return false;
}

/// The members of one object. The first that is not as it must be is kept as the problem, and nothing is read from then on.
class Members
{
public:
    Members(const Json &object, std::string place, std::optional<Error> &problem) : m_object(object), m_place(std::move(place)), m_problem(problem)
    {
        if (!object.is_object())
            complain({}, "is no JSON object");
    }

    void text(const char *name, std::string &out, std::size_t most = longestText)
    {
        const Json *value = find(name);
        if (value == nullptr)
            return;
        if (!value->is_string())
            return complain(name, "is no text");
        const auto &text = value->get_ref<const std::string &>();
        if (text.size() > most)
            return complain(name, fmt::format("has over {} bytes", most));
        out = text;
    }

    void name(const char *member, std::string &out) { text(member, out, longestName); }

    void flag(const char *name, bool &out)
    {
        const Json *value = find(name);
        if (value != nullptr && !value->is_boolean())
            return complain(name, "is neither true nor false");
        if (value != nullptr)
            out = value->get<bool>();
    }

    template <typename T>
    void number(const char *name, T &out, std::int64_t least, std::int64_t most)
    {
        const Json *value = find(name);
        if (value == nullptr)
            return;
        const bool fits = value->is_number_integer() && (!value->is_number_unsigned() || value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most));
        if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most)
            return complain(name, fmt::format("is no whole number from {} to {}", least, most));
        out = static_cast<T>(value->get<std::int64_t>());
    }

    /// Milliseconds, with as many places as microseconds have.
    template <typename T>
    void micros(const char *name, T &out, std::int64_t most = mostMicros)
    {
        const std::optional<double> value = real(name, static_cast<double>(most) / 1000.0);
        if (value)
            out = static_cast<T>(std::llround(*value * 1000.0));
    }

    /// From zero on.
    std::optional<double> real(const char *name, double most)
    {
        const Json *value = find(name);
        if (value == nullptr)
            return std::nullopt;
        const double number = value->is_number() ? value->get<double>() : -1;
        if (!(number >= 0 && number <= most)) {
            complain(name, fmt::format("is no number from 0 to {}", most));
            return std::nullopt;
        }
        return number;
    }

    /// By its nano-dollars, else by its decimal text.
    void money(const char *name, const char *nanosName, std::optional<Money> &out)
    {
        if (find(nanosName) != nullptr) {
            std::int64_t nanos = 0;
            number(nanosName, nanos, 0, mostNanos);
            out = Money::fromNanos(nanos);
            return;
        }
        std::string decimal;
        text(name, decimal, 32);
        if (decimal.empty())
            return;
        const auto read = Money::parse(decimal);
        if (!read || read->nanos() < 0 || read->nanos() > mostNanos)
            return complain(name, "is no amount in dollars that a call can cost");
        out = *read;
    }

    /// @param named  std::optional of what a word stands for
    template <typename T, typename Named>
    void word(const char *name, T &out, Named named)
    {
        std::string word;
        text(name, word, longestName);
        if (word.empty())
            return;
        const auto value = named(word);
        if (!value)
            return complain(name, fmt::format("has no such value as {}", jsonQuoted(truncatedUtf8(word, 64))));
        out = *value;
    }

    /// @param read  called with the Members of each item
    template <typename Read>
    void list(const char *name, Read read)
    {
        const Json *value = find(name);
        if (value == nullptr)
            return;
        if (!value->is_array())
            return complain(name, "is no list");
        if (value->size() > mostItems)
            return complain(name, fmt::format("has over {} items", mostItems));
        for (std::size_t i = 0; i < value->size(); ++i) {
            Members item((*value)[i], fmt::format("{}[{}]", at(name), i), m_problem);
            if (!m_problem)
                read(item);
        }
    }

    template <typename Read>
    void object(const char *name, Read read)
    {
        const Json *value = find(name);
        if (value == nullptr)
            return;
        Members inner(*value, at(name), m_problem);
        if (!m_problem)
            read(inner);
    }

    /// null where it is absent, null, or nothing is read any more.
    const Json *find(const char *name) const
    {
        if (m_problem)
            return nullptr;
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }

    void complain(const char *name, std::string words)
    {
        if (!m_problem)
            m_problem = Error {ErrorCode::Malformed, std::move(words), name == nullptr ? m_place : at(name)};
    }

private:
    std::string at(const char *name) const { return m_place.empty() ? std::string(name) : fmt::format("{}.{}", m_place, name); }

    const Json &m_object;
    std::string m_place;
    std::optional<Error> &m_problem;
};

void readUsage(Members &members, TokenUsage &usage)
{
    for (const auto &[name, count] : {std::pair("input", &TokenUsage::input), std::pair("output", &TokenUsage::output), std::pair("cached_input", &TokenUsage::cachedInput),
                                      std::pair("cache_write", &TokenUsage::cacheWrite), std::pair("cache_write_1h", &TokenUsage::cacheWrite1h), std::pair("reasoning", &TokenUsage::reasoning),
                                      std::pair("audio_input", &TokenUsage::audioInput), std::pair("cached_audio", &TokenUsage::cachedAudio), std::pair("audio_output", &TokenUsage::audioOutput)})
        members.number(name, usage.*count, 0, mostTokens);
    if (usage.cacheWrite1h > usage.cacheWrite)
        return members.complain("cache_write_1h", "is more than cache_write, which it is a part of");
    usage.cacheWrite -= usage.cacheWrite1h;
    members.flag("estimated", usage.estimated);
}

std::optional<ErrorCode> errorNamed(const std::string &word)
{
    return errorCodeNamed(word); // one of a newer version is Internal, as in the log
}

void readAttempt(Members &members, AttemptRecord &attempt)
{
    for (const auto &[name, text] : {std::pair("provider", &AttemptRecord::provider), std::pair("credential", &AttemptRecord::credential), std::pair("model", &AttemptRecord::model)})
        members.name(name, attempt.*text);
    for (const auto &[name, flag] : {std::pair("ok", &AttemptRecord::ok), std::pair("skipped", &AttemptRecord::skipped), std::pair("hedge", &AttemptRecord::hedge)})
        members.flag(name, attempt.*flag);
    members.number("http_status", attempt.httpStatus, 0, 999);
    for (const auto &[name, time] : {std::pair("started_ms", &AttemptRecord::startedUs), std::pair("waited_ms", &AttemptRecord::waitedUs), std::pair("first_byte_ms", &AttemptRecord::firstByteUs),
                                     std::pair("ended_ms", &AttemptRecord::endedUs)})
        members.micros(name, attempt.*time);
    members.object("usage", [&](Members &usage) { readUsage(usage, attempt.usage); });
    members.money("cost", "cost_nanos", attempt.cost);
    if (!attempt.ok)
        members.word("error", attempt.error, errorNamed);
    members.text("detail", attempt.detail);
}

void readFinding(Members &members, PrivacyFinding &finding)
{
    bool guardrail = false;
    members.name("rule", finding.rule);
    members.name("action", finding.action);
    members.flag("guardrail", guardrail);
    if (guardrail)
        finding.action = guardrailAction(finding.action);
    members.number("asked", finding.asked, 0, std::numeric_limits<std::uint32_t>::max());
    members.number("answered", finding.answered, 0, std::numeric_limits<std::uint32_t>::max());
}

void readMetadata(Members &members, std::string &metadata)
{
    members.text("metadata_text", metadata);
    const Json *value = members.find("metadata");
    if (value == nullptr || !metadata.empty())
        return;
    metadata = value->is_string() ? value->get<std::string>() : value->dump(-1, ' ', false, Json::error_handler_t::replace);
    if (metadata.size() > longestText)
        members.complain("metadata", fmt::format("has over {} bytes", longestText));
}

void readBody(Members &members, std::string &text, bool &cut)
{
    members.flag("cut", cut);
    std::string packed;
    members.text("base64", packed, longestCallLine);
    if (packed.empty())
        return members.text("text", text, longestCallLine);
    const auto bytes = QByteArray::fromBase64Encoding(QByteArray::fromRawData(packed.data(), static_cast<qsizetype>(packed.size())), QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes)
        return members.complain("base64", "is no base64");
    text = bytes.decoded.toStdString();
}

void readBodies(Members &members, CapturedBodies &bodies)
{
    members.object("request", [&](Members &body) { readBody(body, bodies.request, bodies.requestCut); });
    members.object("answer", [&](Members &body) { readBody(body, bodies.answer, bodies.answerCut); });
    members.object("sent", [&](Members &body) { readBody(body, bodies.sent, bodies.sentCut); });
    members.object("received", [&](Members &body) { readBody(body, bodies.received, bodies.receivedCut); });
    members.flag("dropped", bodies.dropped);
}

void readNames(Members &members, CallRecord &record)
{
    for (const auto &[name, text] : {std::pair("id", &CallRecord::id), std::pair("key", &CallRecord::key), std::pair("key_id", &CallRecord::keyId), std::pair("team", &CallRecord::team),
                                     std::pair("customer", &CallRecord::customer), std::pair("session", &CallRecord::session), std::pair("asked_model", &CallRecord::askedModel),
                                     std::pair("route", &CallRecord::route), std::pair("provider", &CallRecord::provider), std::pair("model", &CallRecord::model), std::pair("peer", &CallRecord::peer),
                                     std::pair("provider_format", &CallRecord::providerFormat), std::pair("trace", &CallRecord::trace), std::pair("shadow_of", &CallRecord::shadowOf),
                                     std::pair("prompt", &CallRecord::prompt), std::pair("policy", &CallRecord::policy)})
        members.name(name, record.*text);
    for (const auto &[name, text] : {std::pair("tags", &CallRecord::tags), std::pair("decisions", &CallRecord::decisions), std::pair("error_message", &CallRecord::errorMessage),
                                     std::pair("dropped", &CallRecord::dropped)})
        members.text(name, record.*text);
    readMetadata(members, record.metadata);
}

void readFigures(Members &members, CallRecord &record)
{
    members.word("endpoint", record.endpoint, [](const std::string &word) { return endpointNamed(word); });
    members.word("status", record.status, [](const std::string &word) { return callStatusNamed(word); });
    members.word("cache", record.cache, [](const std::string &word) { return cacheOutcomeNamed(word); });
    members.word("error", record.error, errorNamed);
    members.number("http_status", record.httpStatus, 0, 999);
    for (const auto &[name, flag] : {std::pair("stream", &CallRecord::stream), std::pair("test", &CallRecord::test), std::pair("shadow", &CallRecord::shadow), std::pair("continued", &CallRecord::continued)})
        members.flag(name, record.*flag);
    members.micros("latency_ms", record.latencyUs);
    members.micros("first_byte_ms", record.firstByteUs);
    members.number("repeats", record.repeats, 1, std::numeric_limits<std::int32_t>::max());
    members.object("usage", [&](Members &usage) { readUsage(usage, record.usage); });
    members.money("cost", "cost_nanos", record.cost);
}

void readStart(Members &members, WallTime &start)
{
    std::string date;
    members.text("started_at", date, longestName);
    if (date.empty())
        return members.complain("started_at", "is missing");
    const auto read = config::parseDate(date);
    if (!read || *read < firstStart || *read >= lastStart)
        return members.complain("started_at", "is no date and time, such as 2026-11-30T08:00:00Z");
    start = *read;
}

void readCached(Members &members, CallRecord &record)
{
    members.name("from", record.cachedFrom);
    record.similarity = members.real("similarity", 1).value_or(0);
    members.money("saved", "saved_nanos", record.saved);
    members.micros("saved_ms", record.savedUs, std::int64_t {1} << 52);
}

} // namespace

Result<CallRecord> readCallLine(std::string_view line)
{
    if (isTooDeep(line))
        return fail(ErrorCode::Malformed, "has too many brackets in one another");
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded())
        return fail(ErrorCode::Malformed, "is no JSON");
    std::optional<Error> problem;
    Members members(json, {}, problem);
    CallRecord record;
    readNames(members, record);
    readStart(members, record.startedAt);
    if (record.id.empty())
        members.complain("id", "is missing");
    readFigures(members, record);
    members.list("losses", [&](Members &item) {
        Loss &loss = record.losses.emplace_back();
        item.text("what", loss.what);
        item.text("why", loss.why);
    });
    members.list("findings", [&](Members &item) { readFinding(item, record.findings.emplace_back()); });
    members.list("attempts", [&](Members &item) { readAttempt(item, record.attempts.emplace_back()); });
    members.object("cached", [&](Members &cached) { readCached(cached, record); });
    members.object("bodies", [&](Members &bodies) { readBodies(bodies, record.bodies); });
    if (problem)
        return std::unexpected(std::move(*problem));
    return record;
}

} // namespace gateway::storage
