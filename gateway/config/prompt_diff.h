// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What differs between two versions of a prompt, line by line. Pure.
namespace gateway::config {

struct DiffLine
{
    enum class Kind : std::uint8_t { Equal, Removed, Added };
    Kind kind = Kind::Equal;
    std::string text; ///< without its line end
    bool operator==(const DiffLine &) const = default;
};

/// One part of the versions: "model", "message 2", "parameters", "tools".
struct DiffPart
{
    std::string what;
    std::vector<DiffLine> lines;
    bool operator==(const DiffPart &) const = default;
};

/// The parts that differ; empty: the versions are identical. Labels, notes, authors and times are no part of it.
std::vector<DiffPart> diff(const PromptVersion &before, const PromptVersion &after);

/// The lines of two texts, with as many equal ones as there can be; past some thousand lines that differ, all of them are
/// removed and added.
std::vector<DiffLine> diffLines(std::string_view before, std::string_view after);

} // namespace gateway::config
