// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/text.h"

#include <string>
#include <string_view>

namespace gateway::wire {

/// Plain text as it stands between the quotes of a JSON string: what Chars views.
inline std::string escaped(std::string_view plain)
{
    std::string quoted = jsonQuoted(plain);
    quoted.pop_back();
    quoted.erase(0, 1);
    return quoted;
}

} // namespace gateway::wire
