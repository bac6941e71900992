// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace gateway::admin {

/// What bodies and answers look like, by the names that Endpoint::body and Endpoint::answer have: JSON Schemas, for the
/// OpenAPI text.
nlohmann::ordered_json schemas();

} // namespace gateway::admin
