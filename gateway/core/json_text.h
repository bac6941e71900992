// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// The text under that name of a JSON object; empty: there is none, or it is no text.
template <typename Json>
std::string textOf(const Json &object, std::string_view name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->template get<std::string>() : std::string();
}

} // namespace gateway
