// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace gateway::net {

/// Who listens on a TCP port of this machine: "nginx (1234)", or empty where the system does not tell (another user's
/// process). Reads /proc; some milliseconds.
std::string portOwner(std::uint16_t port);

} // namespace gateway::net
