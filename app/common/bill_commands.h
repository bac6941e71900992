// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

namespace app {

/// What `reconcile` answered, for people.
void printReconciliation(const nlohmann::json &answer, std::ostream &out);

} // namespace app
