// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache_words.h"

#include <QCoreApplication>

namespace ui::panes {

using gateway::config::CacheMode;
using gateway::config::CacheShare;

QString modeName(CacheMode mode)
{
    switch (mode) {
    case CacheMode::Off: return QCoreApplication::translate("cache", "Off");
    case CacheMode::Exact: return QCoreApplication::translate("cache", "Exact");
    case CacheMode::Semantic: return QCoreApplication::translate("cache", "Exact and semantic");
    }
    return {};
}

QString shareName(CacheShare share)
{
    switch (share) {
    case CacheShare::Team: return QCoreApplication::translate("cache", "keys of one team");
    case CacheShare::Key: return QCoreApplication::translate("cache", "the key alone");
    case CacheShare::Everyone: return QCoreApplication::translate("cache", "everyone");
    }
    return {};
}

} // namespace ui::panes
