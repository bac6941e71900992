// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/text_diff.h"

#include <string>
#include <vector>

/// What differs between two versions of a prompt, line by line. Pure.
namespace gateway::config {

/// One part of the versions: "model", "message 2", "parameters", "tools".
struct DiffPart
{
    std::string what;
    std::vector<DiffLine> lines;
    bool operator==(const DiffPart &) const = default;
};

/// The parts that differ; empty: the versions are identical. Labels, notes, authors and times are no part of it.
std::vector<DiffPart> diff(const PromptVersion &before, const PromptVersion &after);

} // namespace gateway::config
