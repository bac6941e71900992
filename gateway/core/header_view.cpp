// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/header_view.h"

#include "gateway/core/text.h"

namespace gateway {

std::optional<std::string_view> findHeader(std::span<const HeaderView> headers, std::string_view name)
{
    for (const HeaderView &header : headers) {
        if (header.name.size() == name.size() && equalsIgnoringCase(header.name, name))
            return header.value;
    }
    return std::nullopt;
}

} // namespace gateway
