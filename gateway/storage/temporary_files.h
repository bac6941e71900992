// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace gateway::storage {

/// Bytes of SQLite's temporary files that this process has open: they have no name any more. 0 where the system does not tell.
/// Takes a look at each open file.
std::uint64_t temporaryFileBytes();

} // namespace gateway::storage
