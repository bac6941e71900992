// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::storage {

class Database;

/// The row of a call, through the time in its id or through the index of ids that have none; nullopt: the log does not have it
/// (any more). Of several with one id the last. The database's thread.
Result<std::optional<std::int64_t>> rowOfCall(Database &database, const std::string &callId);

} // namespace gateway::storage
