// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::wire {

/// Percent-encoding taken off once (RFC 3986, 2.1); what is no encoding stays as written.
[[nodiscard]] std::string percentDecoded(std::string_view text);

} // namespace gateway::wire
