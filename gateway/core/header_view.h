// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace gateway {

/// One HTTP header field; both views belong to whoever read the message.
struct HeaderView
{
    std::string_view name;
    std::string_view value;
};

/// The first header of that name (ASCII case ignored, RFC 9110 5.1), or nullopt.
std::optional<std::string_view> findHeader(std::span<const HeaderView> headers, std::string_view name);

} // namespace gateway
