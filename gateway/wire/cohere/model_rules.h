// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire::cohere {

/// What a Cohere model takes beyond the common, told by its name (wire.md 2.6). A name that is not known has the newest
/// models' rules.
struct ModelRules
{
    bool thinks = true;                  ///< takes `thinking`
    std::int64_t maxThinking = 31000;    ///< tokens; Cohere asks to leave 1,000 of the 32,000 that a model writes at most
};

ModelRules rulesOf(std::string_view model);

} // namespace gateway::wire::cohere
