// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <string>

/// Calls as CSV (RFC 4180), for tables: a call a row, under the names that its JSON has. Not to be read back: attempts are only
/// counted. Pure.
namespace app {

/// Neither has a line end behind it.
[[nodiscard]] std::string csvHead(bool bodies);
/// What a spreadsheet would take for a formula begins with an apostrophe: callers choose texts.
[[nodiscard]] std::string csvLine(const gateway::CallRecord &record, bool bodies);

} // namespace app
