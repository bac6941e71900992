// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace gateway::config {

/// One thing that is wrong with a configuration, in words for the person who wrote it: what, where, what to do.
/// Never holds a secret's value.
struct Problem
{
    std::string file {};     ///< empty: not from a file
    int line = 0;            ///< from 1; 0: not known
    int column = 0;          ///< from 1; 0: not known
    std::string field {};    ///< "routes[2].plan.fallback[0].provider"; empty: the whole
    std::string message;
    bool warning = false;    ///< accepted all the same

    /// "routes.yaml:14:9: message"; without a position "field: message".
    [[nodiscard]] std::string text() const;
    bool operator==(const Problem &) const = default;
};

using Problems = std::vector<Problem>;

/// Whether any of them is more than a warning.
bool anyError(const Problems &problems);

} // namespace gateway::config
