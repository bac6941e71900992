// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

namespace app {

/// What `costs reprice` answered, for people.
void printRepricing(const nlohmann::json &answer, std::ostream &out);

} // namespace app
