// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The query of a request's target, "a=1&b=2". Pure functions.
namespace gateway::wire {

/// The first parameter of that name, percent-encoding and '+' taken off; nullopt: there is none.
[[nodiscard]] std::optional<std::string> queryParameter(std::string_view query, std::string_view name);

/// The query without the parameters of those names, the others as they are written.
[[nodiscard]] std::string withoutParameters(std::string_view query, std::span<const std::string_view> names);

} // namespace gateway::wire
