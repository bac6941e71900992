// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ui::panes {

/// The filter that finds what both find. What the first one asks already is not added again; one that ORs is put into
/// parentheses. A filter that does not parse counts as none.
QString withFilter(const QString &filter, const QString &added);

} // namespace ui::panes
