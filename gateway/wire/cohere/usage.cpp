// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/usage.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/take_count.h"

#include <algorithm>

namespace gateway::wire::cohere {

bool readUsage(std::string_view usageObject, std::optional<TokenUsage> &out)
{
    JsonCursor in(usageObject);
    std::optional<std::int64_t> input, output, billedInput, billedOutput, cached;
    const auto counts = [&](std::optional<std::int64_t> &read, std::optional<std::int64_t> &written) {
        return in.members([&](std::string_view key) {
            return key == "input_tokens" ? takeCount(in, read) : key == "output_tokens" ? takeCount(in, written) : in.skip();
        });
    };
    const bool whole = in.members([&](std::string_view key) {
        if (key == "tokens" && in.type() == JsonCursor::Type::Object)
            return counts(input, output);
        if (key == "billed_units" && in.type() == JsonCursor::Type::Object)
            return counts(billedInput, billedOutput);
        return key == "cached_tokens" ? takeCount(in, cached) : in.skip();
    });
    if (!input && !output) {
        input = billedInput;
        output = billedOutput;
    }
    if (whole && (input || output)) {
        const std::int64_t prompt = input.value_or(0);
        out = TokenUsage {.input = prompt, .output = output.value_or(0), .cachedInput = std::min(cached.value_or(0), prompt)};
    }
    return whole;
}

} // namespace gateway::wire::cohere
