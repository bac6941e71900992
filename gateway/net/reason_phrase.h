// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::net {

/// The words behind a status in the status line (RFC 9110 15); "Status" for one without any.
std::string_view reasonPhrase(int status);

} // namespace gateway::net
