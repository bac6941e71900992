// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway::stages {

/// The joint between what one model said and what another goes on with.
struct Joint
{
    std::string_view said;    ///< plain text: not empty
    std::string_view more;    ///< plain text: all that has come of the second so far
    bool moreComes = true;
    bool spaceCutOff = false; ///< the second was shown `said` without the white space at its end
};

/// How many bytes of `more` only repeat the end of `said`: models begin again with the last words, or from the start.
/// A few letters are no repetition: "hel" goes on with "lo". nullopt: what comes next may tell.
[[nodiscard]] std::optional<std::size_t> repeatedAt(const Joint &joint);

} // namespace gateway::stages
