// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/model_rules.h"

namespace gateway::wire::gemini {

ModelRules rulesOf(std::string_view model)
{
    using Thinking = ModelRules::Thinking;
    const auto has = [&](std::string_view part) { return model.find(part) != std::string_view::npos; };
    const bool pro = has("-pro");
    if (has("gemini-1.") || has("gemini-2.0"))
        return {.thinking = Thinking::None, .jsonSchema = false, .signatures = false};
    if (has("gemini-2.5"))
        return {.thinking = Thinking::Budget, .alwaysThinks = pro, .signatures = false, .penalties = false};
    return {.thinking = Thinking::Level, .alwaysThinks = pro, .penalties = false};
}

} // namespace gateway::wire::gemini
