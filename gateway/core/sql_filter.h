// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"

#include <string>
#include <string_view>

namespace gateway {

/// A filter of the call log as a condition over the SQL console's `calls`: it finds the same calls. Never NULL, so that it can be
/// negated.
[[nodiscard]] std::string sqlCondition(const CallFilter::Node &node);

/// 'it''s'
[[nodiscard]] std::string sqlQuoted(std::string_view text);

} // namespace gateway
