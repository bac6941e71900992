// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/usage.h"

#include "gateway/wire/json_cursor.h"

#include <algorithm>

namespace gateway::wire::anthropic {

bool UsageCount::take(std::string_view usageObject)
{
    JsonCursor in(usageObject);
    bool any = false;
    const auto count = [&](std::int64_t &to) {
        const auto value = in.integer();
        if (!value)
            return in.skip(); // null: not said
        to = std::max<std::int64_t>(*value, 0);
        return any = true;
    };
    const bool whole = in.members([&](std::string_view key) {
        if (key == "input_tokens")
            return count(m_input);
        if (key == "output_tokens")
            return count(m_output);
        if (key == "cache_read_input_tokens")
            return count(m_cacheRead);
        if (key == "cache_creation_input_tokens")
            return count(m_cacheWrite);
        if (key == "cache_creation" && in.type() == JsonCursor::Type::Object)
            return in.members([&](std::string_view inner) { return inner == "ephemeral_1h_input_tokens" ? count(m_cacheWrite1h) : in.skip(); });
        return in.skip();
    });
    return whole && any;
}

TokenUsage UsageCount::usage() const
{
    const std::int64_t oneHour = std::min(m_cacheWrite1h, m_cacheWrite);
    return {.input = m_input + m_cacheRead + m_cacheWrite, .output = m_output, .cachedInput = m_cacheRead, .cacheWrite = m_cacheWrite - oneHour, .cacheWrite1h = oneHour};
}

void writeUsage(JsonWriter &json, const TokenUsage &usage)
{
    const std::int64_t written = usage.cacheWrite + usage.cacheWrite1h;
    json.member("input_tokens", std::max<std::int64_t>(usage.input - usage.cachedInput - written, 0));
    json.member("cache_creation_input_tokens", written).member("cache_read_input_tokens", usage.cachedInput).member("output_tokens", usage.output);
}

} // namespace gateway::wire::anthropic
