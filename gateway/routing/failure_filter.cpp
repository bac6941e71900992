// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/plan.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

namespace gateway::routing {

namespace {

/// A word of config.md, and the classes of failure that it stands for.
struct Word
{
    std::string_view word;
    std::initializer_list<ErrorCode> codes;
};

// A connect limit is both a failed connection and a time limit: either word means it.
const Word wordTable[] = {
    {"connect", {ErrorCode::Busy, ErrorCode::Dns, ErrorCode::Connect, ErrorCode::Tls, ErrorCode::ConnectTimeout}},
    {"timeout", {ErrorCode::ConnectTimeout, ErrorCode::FirstByteTimeout, ErrorCode::IdleTimeout, ErrorCode::TotalTimeout}},
    {"malformed", {ErrorCode::Malformed, ErrorCode::AnswerTooLarge, ErrorCode::Redirect}},
    {"auth", {ErrorCode::UpstreamAuth}},
    {"quota", {ErrorCode::Quota}},
    {"not_found", {ErrorCode::UpstreamModelNotFound}},
    {"context_window", {ErrorCode::ContextWindow}},
    {"content_policy", {ErrorCode::ContentPolicy}},
    {"cut", {ErrorCode::Cut}},
};

// Classes that an in-stream error of a 200 can have without its status line saying so.
const Word statusTable[] = {
    {"429", {ErrorCode::RateLimited}},
    {"5xx", {ErrorCode::ServerError, ErrorCode::Overloaded}},
    {"503", {ErrorCode::Overloaded}},
    {"529", {ErrorCode::Overloaded}},
};

constexpr int lowestStatus = 300, highestStatus = 599;

std::optional<int> toStatus(std::string_view word)
{
    int status = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), status);
    if (error != std::errc {} || end != word.data() + word.size() || status < lowestStatus || status > highestStatus)
        return std::nullopt;
    return status;
}

/// "5xx" -> 5
std::optional<int> toStatusClass(std::string_view word)
{
    if (word.size() != 3 || word[0] < '3' || word[0] > '5' || asciiLower(word[1]) != 'x' || asciiLower(word[2]) != 'x')
        return std::nullopt;
    return word[0] - '0';
}

Error unknownWord(std::string_view word)
{
    std::vector<std::string_view> known {"408", "409", "425", "429", "5xx"};
    for (const Word &row : wordTable)
        known.push_back(row.word);
    const std::string_view near = nearestName(word, known);
    return {ErrorCode::Invalid,
            fmt::format("\"{}\" is no kind of failure{}. Known are statuses from 300 to 599, 3xx to 5xx, and: connect, timeout, malformed, auth, quota, "
                        "not_found, context_window, content_policy, cut",
                        word, near.empty() ? std::string {} : fmt::format("; did you mean \"{}\"?", near))};
}

} // namespace

bool FailureFilter::matches(ErrorCode code, int httpStatus) const
{
    if (m_codes.test(static_cast<std::size_t>(code)))
        return true;
    return httpStatus >= lowestStatus && httpStatus <= highestStatus && m_statuses.test(static_cast<std::size_t>(httpStatus));
}

Result<FailureFilter> FailureFilter::fromConfig(const config::FailureSet &set)
{
    FailureFilter filter;
    const auto addCodes = [&filter](const Word &row) {
        for (const ErrorCode code : row.codes)
            filter.m_codes.set(static_cast<std::size_t>(code));
    };
    for (const std::string &item : set.items) {
        const std::string_view word = trimmed(item);
        bool known = false;
        for (const Word &row : wordTable) {
            if (equalsIgnoringCase(row.word, word)) {
                addCodes(row);
                known = true;
            }
        }
        for (const Word &row : statusTable) {
            if (equalsIgnoringCase(row.word, word))
                addCodes(row);
        }
        if (const auto status = toStatus(word)) {
            filter.m_statuses.set(static_cast<std::size_t>(*status));
            known = true;
        }
        if (const auto statusClass = toStatusClass(word)) {
            for (int status = *statusClass * 100; status < (*statusClass + 1) * 100; ++status)
                filter.m_statuses.set(static_cast<std::size_t>(status));
            known = true;
        }
        if (!known)
            return std::unexpected(unknownWord(word));
    }
    return filter;
}

} // namespace gateway::routing
