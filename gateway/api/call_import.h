// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/log_tools.h"

#include <functional>

namespace gateway::storage {
class CallLogWriter;
}

namespace gateway::api {

/// What an import holds to.
struct ImportRules
{
    WallTime notBefore {};   ///< older calls would be removed at once
    WallTime bodiesFrom {};  ///< older bodies likewise
};

/// Reads the file and hands its calls to the writer, some at a time. Blocks; on a thread of its own. What waits in memory is
/// bounded, however long the file is.
/// @param goOn  told bytes of the file that are done, and of how many; false ends it (Cancelled)
Result<ImportSummary> importCalls(const ImportOrder &order, const ImportRules &rules, storage::CallLogWriter &writer, const std::function<bool(std::uint64_t done, std::uint64_t all)> &goOn);

} // namespace gateway::api
