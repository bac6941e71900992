// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::wire {

/// Where something stands in a JSON text.
struct JsonPlace
{
    std::string path {};           ///< "messages.2.content.0.image_url.url", as RequestCursor says it
    std::string_view object {};    ///< the innermost object that holds it, brackets and all
};

/// Finds the place of a value.
/// @param piece  bytes of `body`, within one value
/// @return an empty place where they are none of `body`, or the way there is no JSON
JsonPlace placeIn(std::string_view body, std::string_view piece);

} // namespace gateway::wire
