// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire::anthropic {

/// What a Claude model takes beyond the common, told by its name (wire.md 2.4 to 2.6). A name that is not known has the
/// newest models' rules: names are new more often than old.
struct ModelRules
{
    enum class Thinking : std::uint8_t {
        None,     ///< it does not think
        Budget,   ///< {type: enabled, budget_tokens}
        Adaptive  ///< {type: adaptive} and output_config.effort
    };
    Thinking thinking = Thinking::Adaptive;
    bool effortXHigh = true;        ///< knows the effort "xhigh"
    bool sampling = false;          ///< takes temperature, top_p, top_k at all
    bool oneOfTwo = true;           ///< temperature or top_p, not both
    bool structuredOutput = true;   ///< output_config.format
    std::int64_t maxOutput = 64000; ///< tokens that it writes at most
    std::int64_t leastCached = 1024; ///< tokens of the shortest beginning that a cache keeps (Anthropic, "Prompt caching"); shorter ones are not kept, in silence
};

ModelRules rulesOf(std::string_view model);

} // namespace gateway::wire::anthropic
