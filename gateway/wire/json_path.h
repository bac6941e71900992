// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// The value that a path leads to, as written, without white space around it; nullopt: it leads nowhere, or the text is no
/// JSON on the way. A step is a member's name, or an element's number from 0. Of two members of one name the last counts,
/// as providers have it. Pure; allocates nothing.
std::optional<std::string_view> findJson(std::string_view json, std::span<const std::string> path);

} // namespace gateway::wire
