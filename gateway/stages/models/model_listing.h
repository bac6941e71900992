// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/services.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::stages {

/// A name that callers may send as `model`.
struct ListedModel
{
    std::string id;
    const pipeline::CompiledRoute *route = nullptr;
    std::string star {}; ///< of a wildcard's model
};

/// All that the key may use, sorted by id; at most 5,000.
/// @param key    null: everything
/// @param lists  null: wildcards are left out
std::vector<ListedModel> listModels(const pipeline::CompiledConfig &config, const pipeline::CompiledKey *key, const pipeline::ModelLists *lists);

/// As OpenAI's model object; `detailed` adds what the catalogue knows of the route's first target.
std::string modelJson(const pipeline::CompiledConfig &config, const ListedModel &model, bool detailed);

} // namespace gateway::stages
