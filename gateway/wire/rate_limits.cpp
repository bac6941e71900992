// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/rate_limits.h"

#include "gateway/core/text.h"
#include "gateway/wire/retry_after.h"

#include <array>
#include <charconv>
#include <string_view>

namespace gateway::wire {
namespace {

enum class Sort : std::uint8_t { Requests, Tokens, InputTokens, OutputTokens };

/// One spelling of what is limited, behind or before the word for limit, remaining or reset.
struct Spelling
{
    std::string_view name;
    Sort sort;
};
constexpr std::array spellings {
    Spelling {"requests", Sort::Requests}, Spelling {"tokens", Sort::Tokens},
    Spelling {"input-tokens", Sort::InputTokens}, Spelling {"output-tokens", Sort::OutputTokens},        // Anthropic
    Spelling {"", Sort::Requests},                                                                       // Together, OpenRouter
    Spelling {"req-minute", Sort::Requests}, Spelling {"tokens-minute", Sort::Tokens},                   // Mistral
    Spelling {"requests-minute", Sort::Requests}, Spelling {"requests-hour", Sort::Requests},            // Cerebras, with the last of Mistral's
    Spelling {"requests-day", Sort::Requests}, Spelling {"tokens-hour", Sort::Tokens}, Spelling {"tokens-day", Sort::Tokens},
};

enum class Field : std::uint8_t { Limit, Remaining, Reset };
constexpr std::array<std::pair<std::string_view, Field>, 3> fields {{{"limit", Field::Limit}, {"remaining", Field::Remaining}, {"reset", Field::Reset}}};

std::optional<std::int64_t> countOf(std::string_view text)
{
    text = trimmed(text);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc {} || !(number >= 0) || number > 9e15)
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

bool takePrefix(std::string_view &name, std::string_view prefix)
{
    if (name.size() < prefix.size() || !equalsIgnoringCase(name.substr(0, prefix.size()), prefix))
        return false;
    name.remove_prefix(prefix.size());
    return true;
}

bool takeSuffix(std::string_view &name, std::string_view suffix)
{
    if (name.size() < suffix.size() || !equalsIgnoringCase(name.substr(name.size() - suffix.size()), suffix))
        return false;
    name.remove_suffix(suffix.size());
    return true;
}

/// What of which limit a header tells, where it tells of one.
struct Place
{
    std::size_t spelling;
    Field field;
};

std::optional<Place> placeOf(std::string_view name, Field field)
{
    for (std::size_t i = 0; i < spellings.size(); ++i)
        if (equalsIgnoringCase(name, spellings[i].name))
            return Place {i, field};
    return std::nullopt;
}

/// "x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining"
std::optional<Place> placeOf(std::string_view name)
{
    if (name.size() < std::string_view("x-ratelimit-").size())
        return std::nullopt;
    const char first = asciiLower(name.front());
    if (first == 'x' && takePrefix(name, "x-ratelimit-")) {
        for (const auto &[word, field] : fields) {
            if (!takePrefix(name, word))
                continue;
            if (name.starts_with('-'))
                name.remove_prefix(1);
            return placeOf(name, field);
        }
    } else if (first == 'a' && takePrefix(name, "anthropic-ratelimit-")) {
        for (const auto &[word, field] : fields)
            if (takeSuffix(name, word) && takeSuffix(name, "-"))
                return placeOf(name, field);
    }
    return std::nullopt;
}

bool tellsNothing(const RateLimitState &state)
{
    return !state.limit && !state.remaining && !state.reset;
}

RateLimitState &stateOf(RateLimits &limits, Sort sort)
{
    switch (sort) {
    case Sort::Requests: break;
    case Sort::Tokens: return limits.tokens;
    case Sort::InputTokens: return limits.inputTokens;
    case Sort::OutputTokens: return limits.outputTokens;
    }
    return limits.requests;
}

} // namespace

bool RateLimits::known() const
{
    return requests.limit || requests.remaining || tokens.limit || tokens.remaining || inputTokens.remaining || outputTokens.remaining;
}

RateLimits readRateLimits(std::span<const HeaderView> headers, WallTime wallNow)
{
    std::array<RateLimitState, spellings.size()> told;
    bool any = false;
    for (const HeaderView &header : headers) {
        const auto place = placeOf(header.name);
        if (!place)
            continue;
        any = true;
        RateLimitState &state = told[place->spelling];
        switch (place->field) {
        case Field::Limit: state.limit = countOf(header.value); break;
        case Field::Remaining: state.remaining = countOf(header.value); break;
        case Field::Reset: state.reset = parseWait(header.value, wallNow); break;
        }
    }
    RateLimits limits;
    for (std::size_t i = 0; any && i < told.size(); ++i) {
        RateLimitState &state = stateOf(limits, spellings[i].sort);
        const bool less = told[i].remaining && (!state.remaining || *told[i].remaining < *state.remaining);
        if (less || (tellsNothing(state) && !tellsNothing(told[i])))
            state = told[i];
    }
    return limits;
}

} // namespace gateway::wire
