// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/model_rules.h"

#include <algorithm>
#include <array>

namespace gateway::wire::cohere {

ModelRules rulesOf(std::string_view model)
{
    constexpr std::array<std::string_view, 8> thoughtless {"command-r",     "command-a-03",    "command-a-vision", "command-a-translate",
                                                           "command-light", "command-nightly", "aya-",             "command-xlarge"};
    const auto has = [&](std::string_view part) { return model.find(part) != std::string_view::npos; };
    return {.thinks = has("reasoning") || (model != "command" && std::ranges::none_of(thoughtless, has))};
}

} // namespace gateway::wire::cohere
