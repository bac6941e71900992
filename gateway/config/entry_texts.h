// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/diff.h"

#include <string>

namespace gateway::config {

/// An entry or a section as text: YAML, without secrets, ids and other state.
struct EntryTexts
{
    std::string before; ///< empty: it is not there
    std::string after;
};

/// What changed, as it was and as it is, for eyes. Of `change` only kind, subject and name are looked at. Both are the same,
/// or empty, where what changed is a secret, or no text at all.
EntryTexts textsOf(const Change &change, const Config &before, const Config &after);

} // namespace gateway::config
