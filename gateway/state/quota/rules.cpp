// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/rules.h"

#include <array>

namespace gateway::state {

std::string_view toText(ScopeKind kind)
{
    static constexpr std::array<std::string_view, 8> words {"organisation", "team", "key", "customer", "provider", "route", "endpoint", "tag"};
    return words[static_cast<std::size_t>(kind)];
}

} // namespace gateway::state
