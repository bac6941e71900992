// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Fields of the filter and their values in words. Pure; any thread.
namespace ui::calls {

QString facetTitle(const QString &field);                       ///< "Team"
QString facetValue(const QString &field, const QString &value); ///< "none" for "", "no error" for status "<400", else as it is

} // namespace ui::calls
