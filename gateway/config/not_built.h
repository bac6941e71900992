// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

/// The parts of config.md that this version does not have. A file that uses one is refused by name, instead of running
/// without what its author relies on. What a former version stored of them is passed over. Building a part takes its rows
/// out.
namespace gateway::config {

struct NotBuilt
{
    std::string_view section; ///< kind of map that the key stands in: "" (top level), gateway, log, telemetry, provider, credential, route, plan, target, team, key
    std::string_view key;
    const char *harmless = nullptr; ///< a value that says what is so anyway, and is accepted; "" also stands for an empty list or map
};

/// The row for that key, or nullptr.
const NotBuilt *findNotBuilt(std::string_view section, std::string_view key);

/// Provider kinds that config.md names. Those that have no descriptor yet are refused as not built, other words as unknown.
std::span<const std::string_view> namedKinds();

} // namespace gateway::config
