// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/cache_settings.h"

#include <QString>

/// A route's cache in words. Pure.
namespace ui::panes {

QString modeName(gateway::config::CacheMode mode);   ///< "Exact and semantic"
QString shareName(gateway::config::CacheShare share); ///< "keys of one team"

} // namespace ui::panes
