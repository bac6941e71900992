// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/scope_state.h"

#include <string>

namespace gateway {

/// A scope whose state is asked for.
struct ScopeName
{
    ScopeKind kind = ScopeKind::Organisation;
    std::string name {};    ///< empty for the organisation and for customers
    std::string keyHash {}; ///< of a key: its VirtualKey::hash, by which it is found
};

} // namespace gateway
