// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/usage.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/take_chars.h"

#include <algorithm>

namespace gateway::wire::bedrock {

std::optional<TokenUsage> readUsage(std::string_view usageObject)
{
    JsonCursor in(usageObject);
    bool any = false;
    std::int64_t input = 0, output = 0, cacheRead = 0, cacheWrite = 0, oneHour = 0;
    const auto count = [&](std::int64_t &to) {
        const auto value = in.integer();
        if (!value)
            return in.skip(); // null: not said
        to = std::max<std::int64_t>(*value, 0);
        return any = true;
    };
    // One entry for each life that was written with: {"inputTokens": 7351, "ttl": "5m"}.
    const auto written = [&] {
        Chars life;
        std::int64_t tokens = 0;
        if (!in.members([&](std::string_view key) { return key == "inputTokens" ? count(tokens) : key == "ttl" ? takeChars(in, life) : in.skip(); }))
            return false;
        oneHour += life.raw == "1h" ? tokens : 0;
        return true;
    };
    const bool whole = in.members([&](std::string_view key) {
        if (key == "inputTokens")
            return count(input);
        if (key == "outputTokens")
            return count(output);
        if (key == "cacheReadInputTokens")
            return count(cacheRead);
        if (key == "cacheWriteInputTokens")
            return count(cacheWrite);
        return key == "cacheDetails" && in.type() == JsonCursor::Type::Array ? in.elements(written) : in.skip();
    });
    if (!whole || !any)
        return std::nullopt;
    oneHour = std::min(oneHour, cacheWrite);
    const std::int64_t all = input + cacheRead + cacheWrite;
    return TokenUsage {.input = all, .output = output, .cachedInput = cacheRead, .cacheWrite = cacheWrite - oneHour, .cacheWrite1h = oneHour};
}

} // namespace gateway::wire::bedrock
