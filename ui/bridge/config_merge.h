// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

namespace ui::bridge {

/// Carries a draft over to a newer configuration: what the draft changed since `base` stays as the draft has it, all
/// else becomes as in `theirs`. Entries are matched by id, new ones by name; the gateway's settings count as one entry. Of a
/// prompt that both changed each part is carried over by itself: its versions, its test sets. Pure.
gateway::config::Config rebased(const gateway::config::Config &draft, const gateway::config::Config &base, const gateway::config::Config &theirs);

} // namespace ui::bridge
