// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/model_rules.h"

#include <array>

namespace gateway::wire::anthropic {
namespace {

using Thinking = ModelRules::Thinking;

/// The first row whose part stands in the name. Providers put prefixes and dates around it (`us.anthropic.claude-…-v1:0`).
struct Row
{
    std::string_view part;
    ModelRules rules;
};

constexpr std::array rows {
    Row {"claude-3-7", {Thinking::Budget, false, true, false, false, 64000}},
    Row {"claude-3-5-haiku", {Thinking::None, false, true, false, false, 8192, 2048}},
    Row {"claude-3-5", {Thinking::None, false, true, false, false, 8192}},
    Row {"claude-3-haiku", {Thinking::None, false, true, false, false, 4096, 2048}},
    Row {"claude-3", {Thinking::None, false, true, false, false, 4096}},
    Row {"claude-2", {Thinking::None, false, true, false, false, 4096}},
    Row {"claude-opus-4-1", {Thinking::Budget, false, true, true, true, 32000}},
    Row {"claude-opus-4-5", {Thinking::Budget, false, true, true, true, 64000, 4096}},
    Row {"claude-opus-4-6", {Thinking::Adaptive, false, true, true, true, 128000, 4096}},
    Row {"claude-opus-4-7", {Thinking::Adaptive, true, false, true, true, 128000, 2048}},
    Row {"claude-opus-4-8", {Thinking::Adaptive, true, false, true, true, 128000}},
    Row {"claude-opus-4", {Thinking::Budget, false, true, false, false, 32000}},
    Row {"claude-sonnet-4-5", {Thinking::Budget, false, true, true, true, 64000}},
    Row {"claude-sonnet-4-6", {Thinking::Adaptive, false, true, true, true, 64000}},
    Row {"claude-sonnet-4", {Thinking::Budget, false, true, false, false, 64000}},
    Row {"claude-haiku-4-5", {Thinking::Budget, false, true, true, true, 64000, 4096}},
    Row {"claude-haiku-4", {Thinking::Budget, false, true, true, true, 64000, 4096}},
};

} // namespace

ModelRules rulesOf(std::string_view model)
{
    for (const Row &row : rows)
        if (model.find(row.part) != std::string_view::npos)
            return row.rules;
    return {};
}

} // namespace gateway::wire::anthropic
