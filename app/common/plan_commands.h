// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

namespace app {

/// What `explain` answered, for people.
void printExplanation(const nlohmann::json &answer, std::ostream &out);

/// What `replay` answered, for people.
void printReplay(const nlohmann::json &answer, std::ostream &out);

} // namespace app
