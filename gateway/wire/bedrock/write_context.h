// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/loss.h"
#include "gateway/wire/bedrock/model_rules.h"
#include "gateway/wire/bedrock/tool_names.h"
#include "gateway/wire/json_writer.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gateway::wire::bedrock {

/// What the writers of one request share: the model's rules, and what they find on their way.
class WriteContext
{
public:
    explicit WriteContext(const ModelRules &ofModel) : rules(ofModel) {}

    /// Tells a loss, once.
    void lose(std::string what, std::string why);
    /// A tool's name as Converse takes it; a change is remembered.
    std::string name(Chars name);
    /// Writes `{"cachePoint": ...}` behind what carries Anthropic's mark; nothing where there is no mark.
    /// @param allowed  the model takes one in this place
    void cachePoint(std::string &list, Json mark, bool allowed);

    const ModelRules &rules;
    std::vector<Loss> losses;
    RenamedTools renamed;

private:
    std::set<std::pair<std::string, std::string>> m_told;
    int m_cachePointsLeft = 4;
};

} // namespace gateway::wire::bedrock
