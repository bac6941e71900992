// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"
#include "gateway/wire/json_writer.h"

#include <string_view>

namespace gateway::wire::anthropic {

/// Anthropic's counts, gathered over a stream: it tells the prompt's at the start and may correct them at the end; a
/// member that is there overwrites (wire.md 4.3, 4.4). Its input_tokens are those that no cache knew.
class UsageCount
{
public:
    /// Takes a `usage` object. False: it is none, or says nothing.
    bool take(std::string_view usageObject);
    [[nodiscard]] TokenUsage usage() const;

private:
    std::int64_t m_input = 0, m_output = 0, m_cacheRead = 0, m_cacheWrite = 0, m_cacheWrite1h = 0;
};

/// The members of a `usage` object, without its braces.
void writeUsage(JsonWriter &json, const TokenUsage &usage);

} // namespace gateway::wire::anthropic
