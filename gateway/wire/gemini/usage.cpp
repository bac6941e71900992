// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/usage.h"

#include "gateway/wire/json_cursor.h"

#include <algorithm>
#include <cstdint>

namespace gateway::wire::gemini {

bool readUsage(std::string_view usageObject, std::optional<TokenUsage> &out)
{
    JsonCursor in(usageObject);
    std::int64_t prompt = 0, toolPrompt = 0, candidates = 0, thoughts = 0, cached = 0;
    const auto count = [&](std::int64_t &to) {
        const auto value = in.integer();
        to = std::max<std::int64_t>(value.value_or(0), 0);
        return value || in.skip();
    };
    const bool read = in.members([&](std::string_view key) {
        if (key == "promptTokenCount")
            return count(prompt);
        if (key == "toolUsePromptTokenCount")
            return count(toolPrompt);
        if (key == "candidatesTokenCount")
            return count(candidates);
        if (key == "thoughtsTokenCount")
            return count(thoughts);
        return key == "cachedContentTokenCount" ? count(cached) : in.skip();
    });
    if (read && prompt + candidates + thoughts > 0)
        out = TokenUsage {.input = prompt + toolPrompt, .output = candidates + thoughts, .cachedInput = cached, .reasoning = thoughts};
    return read;
}

} // namespace gateway::wire::gemini
