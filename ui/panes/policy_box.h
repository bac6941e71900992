// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QString>

class QComboBox;

namespace ui::panes {

/// Offers the privacy policies of a configuration; the data of a choice is the policy's name, of none an empty one. One that is
/// named and not there stays to be seen.
/// @param none  what holds where none is named: "as its team"
void fillPolicies(QComboBox *box, const gateway::config::Config &config, const std::string &chosen, const QString &none);

} // namespace ui::panes
