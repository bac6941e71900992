// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/usage.h"

#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gateway::wire {
namespace {

/// Where counts stand in a usage object, by OpenAI's names and those of others.
struct Counts
{
    std::optional<std::int64_t> input, output, total, cached, cacheHit, cacheWrite, cacheWrite5m, cacheWrite1h, reasoning;
};

struct Place
{
    std::string_view object; ///< empty: the usage object itself
    std::string_view name;
    std::optional<std::int64_t> Counts::*count;
};

constexpr std::array places {
    Place {"", "prompt_tokens", &Counts::input},
    Place {"", "input_tokens", &Counts::input},
    Place {"", "completion_tokens", &Counts::output},
    Place {"", "output_tokens", &Counts::output},
    Place {"", "total_tokens", &Counts::total},
    Place {"", "cached_tokens", &Counts::cacheHit},              // Moonshot
    Place {"", "prompt_cache_hit_tokens", &Counts::cacheHit},    // DeepSeek
    Place {"", "cache_read_input_tokens", &Counts::cacheHit},    // OpenAI-compatible servers before Anthropic models
    Place {"", "cache_creation_input_tokens", &Counts::cacheWrite},
    Place {"", "reasoning_tokens", &Counts::reasoning},          // Perplexity
    Place {"prompt_tokens_details", "cached_tokens", &Counts::cached},
    Place {"prompt_tokens_details", "cache_write_tokens", &Counts::cacheWrite},
    Place {"prompt_tokens_details", "cache_creation_tokens", &Counts::cacheWrite},
    Place {"input_tokens_details", "cached_tokens", &Counts::cached},
    Place {"input_tokens_details", "cache_write_tokens", &Counts::cacheWrite},
    Place {"completion_tokens_details", "reasoning_tokens", &Counts::reasoning},
    Place {"output_tokens_details", "reasoning_tokens", &Counts::reasoning},
    Place {"cache_creation", "ephemeral_5m_input_tokens", &Counts::cacheWrite5m},
    Place {"cache_creation", "ephemeral_1h_input_tokens", &Counts::cacheWrite1h},
};

bool readCounts(JsonCursor &cursor, std::string_view object, Counts &counts)
{
    return cursor.members([&](std::string_view key) {
        if (object.empty() && cursor.type() == JsonCursor::Type::Object) {
            const bool known = std::any_of(places.begin(), places.end(), [&](const Place &place) { return place.object == key; });
            return known ? readCounts(cursor, key, counts) : cursor.skip();
        }
        for (const Place &place : places) {
            if (place.object != object || place.name != key)
                continue;
            if (const auto count = cursor.integer()) {
                counts.*place.count = std::max<std::int64_t>(*count, 0);
                return true;
            }
            break;
        }
        return cursor.skip();
    });
}

/// Whether completion_tokens leaves the reasoning tokens out (wire.md 3: xAI, DeepInfra).
bool reasoningApart(const Counts &counts, const TokenUsage &usage, ReasoningCount mode)
{
    if (usage.reasoning == 0)
        return false;
    if (counts.total && *counts.total == usage.input + usage.output)
        return usage.reasoning > usage.output;
    if (counts.total && *counts.total == usage.input + usage.output + usage.reasoning)
        return true;
    return mode == ReasoningCount::Separate || usage.reasoning > usage.output;
}

} // namespace

std::optional<TokenUsage> readUsage(std::string_view usageObject, ReasoningCount reasoning)
{
    JsonCursor cursor(usageObject);
    Counts counts;
    if (cursor.type() != JsonCursor::Type::Object || !readCounts(cursor, {}, counts))
        return std::nullopt;
    if (!counts.input && !counts.output && !counts.total)
        return std::nullopt;
    TokenUsage usage;
    usage.output = counts.output.value_or(0);
    usage.input = counts.input.value_or(std::max<std::int64_t>(counts.total.value_or(0) - usage.output, 0));
    usage.reasoning = counts.reasoning.value_or(0);
    // A provider cannot have read more from its cache, or written more to it, than the prompt held.
    usage.cachedInput = std::min(counts.cached.value_or(counts.cacheHit.value_or(0)), usage.input);
    usage.cacheWrite1h = std::min(counts.cacheWrite1h.value_or(0), usage.input - usage.cachedInput);
    const std::int64_t shortLived = counts.cacheWrite5m.value_or(counts.cacheWrite.value_or(0) - counts.cacheWrite1h.value_or(0));
    usage.cacheWrite = std::clamp<std::int64_t>(shortLived, 0, usage.input - usage.cachedInput - usage.cacheWrite1h);
    if (reasoningApart(counts, usage, reasoning))
        usage.output += usage.reasoning;
    return usage;
}

std::string withCost(std::string_view usageObject, Money cost)
{
    std::string out;
    out.reserve(usageObject.size() + 32);
    JsonCursor cursor(usageObject);
    out += '{';
    const bool good = cursor.members([&](std::string_view key) {
        std::string_view value;
        if (!cursor.skip(value))
            return false;
        if (key != "cost")
            fmt::format_to(std::back_inserter(out), "\"{}\":{},", key, value);
        return true;
    });
    if (!good)
        return std::string(usageObject);
    fmt::format_to(std::back_inserter(out), "\"cost\":{}}}", cost.toDecimal());
    return out;
}

std::string writeUsage(const TokenUsage &usage)
{
    return fmt::format("{{\"prompt_tokens\":{},\"completion_tokens\":{},\"total_tokens\":{},\"prompt_tokens_details\":{{\"cached_tokens\":{}}},"
                       "\"completion_tokens_details\":{{\"reasoning_tokens\":{}}}}}",
                       usage.input, usage.output, usage.total(), usage.cachedInput, usage.reasoning);
}

} // namespace gateway::wire
