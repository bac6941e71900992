// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/usage.h"

#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace gateway::wire {
namespace {

/// Where counts stand in a usage object, by OpenAI's names and those of others.
struct Counts
{
    std::optional<std::int64_t> input, output, total, cached, cacheHit, cacheWrite, cacheWrite5m, cacheWrite1h, reasoning, audioInput, cachedAudio, audioOutput;
};

struct Place
{
    std::string_view name;
    std::optional<std::int64_t> Counts::*count;
};

constexpr std::array topPlaces {
    Place {"prompt_tokens", &Counts::input},
    Place {"completion_tokens", &Counts::output},
    Place {"total_tokens", &Counts::total},
    Place {"input_tokens", &Counts::input},
    Place {"output_tokens", &Counts::output},
    Place {"cached_tokens", &Counts::cacheHit},              // Moonshot
    Place {"prompt_cache_hit_tokens", &Counts::cacheHit},    // DeepSeek
    Place {"cache_read_input_tokens", &Counts::cacheHit},    // OpenAI-compatible servers before Anthropic models
    Place {"cache_creation_input_tokens", &Counts::cacheWrite},
    Place {"reasoning_tokens", &Counts::reasoning},          // Perplexity
};
constexpr std::array promptPlaces {
    Place {"cached_tokens", &Counts::cached},
    Place {"cache_write_tokens", &Counts::cacheWrite},
    Place {"cache_creation_tokens", &Counts::cacheWrite},
    Place {"audio_tokens", &Counts::audioInput},
};
constexpr std::array inputPlaces {
    Place {"cached_tokens", &Counts::cached},
    Place {"cache_write_tokens", &Counts::cacheWrite},
    Place {"audio_tokens", &Counts::audioInput},
};
constexpr std::array cachedPlaces {Place {"audio_tokens", &Counts::cachedAudio}}; // within the input's details, of a realtime answer
constexpr std::array answerPlaces {
    Place {"reasoning_tokens", &Counts::reasoning},
    Place {"audio_tokens", &Counts::audioOutput},
};
constexpr std::array creationPlaces {
    Place {"ephemeral_5m_input_tokens", &Counts::cacheWrite5m},
    Place {"ephemeral_1h_input_tokens", &Counts::cacheWrite1h},
};

/// The counts of an object within the usage object; empty: none of it is read.
std::span<const Place> placesIn(std::string_view object)
{
    if (object == "prompt_tokens_details")
        return promptPlaces;
    if (object == "input_tokens_details" || object == "input_token_details")
        return inputPlaces;
    if (object == "cached_tokens_details")
        return cachedPlaces;
    if (object == "completion_tokens_details" || object == "output_tokens_details" || object == "output_token_details")
        return answerPlaces;
    if (object == "cache_creation")
        return creationPlaces;
    return {};
}

bool readCount(JsonCursor &cursor, std::string_view key, std::span<const Place> places, Counts &counts)
{
    const auto place = std::find_if(places.begin(), places.end(), [key](const Place &known) {
        return known.name.size() == key.size() && known.name.front() == key.front() && known.name == key;
    });
    if (place == places.end())
        return cursor.skip();
    const auto count = cursor.integer();
    if (!count)
        return cursor.skip();
    counts.*place->count = std::max<std::int64_t>(*count, 0);
    return true;
}

bool readCounts(JsonCursor &cursor, Counts &counts)
{
    return cursor.members([&](std::string_view key) {
        if (cursor.type() != JsonCursor::Type::Object)
            return readCount(cursor, key, topPlaces, counts);
        const std::span<const Place> places = placesIn(key);
        if (places.empty())
            return cursor.skip();
        return cursor.members([&](std::string_view inner) {
            if (cursor.type() != JsonCursor::Type::Object)
                return readCount(cursor, inner, places, counts);
            const std::span<const Place> deeper = placesIn(inner);
            return deeper.empty() ? cursor.skip() : cursor.members([&](std::string_view innermost) { return readCount(cursor, innermost, deeper, counts); });
        });
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
    if (cursor.type() != JsonCursor::Type::Object || !readCounts(cursor, counts))
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
    usage.audioInput = std::min(counts.audioInput.value_or(0), usage.input);
    usage.cachedAudio = std::min({counts.cachedAudio.value_or(0), usage.audioInput, usage.cachedInput});
    usage.audioOutput = std::min(counts.audioOutput.value_or(0), usage.output);
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
    const std::int64_t written = usage.cacheWrite + usage.cacheWrite1h;
    return fmt::format("{{\"prompt_tokens\":{},\"completion_tokens\":{},\"total_tokens\":{},\"prompt_tokens_details\":{{\"cached_tokens\":{}}},"
                       "\"completion_tokens_details\":{{\"reasoning_tokens\":{}}}{}}}",
                       usage.input, usage.output, usage.total(), usage.cachedInput, usage.reasoning,
                       written > 0 ? fmt::format(",\"cache_creation_input_tokens\":{}", written) : std::string());
}

} // namespace gateway::wire
