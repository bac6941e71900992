// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QString>

#include <functional>

namespace ui::bridge {

/// The name of the --config file that locks entries of Origin::File ("gateway.yaml"), from the list of revisions;
/// "the --config file" where it is not known. `done` is called later, on the GUI thread, while `context` lives.
void askFileOwner(gateway::api::Gateway &gateway, QObject *context, std::function<void(const QString &file)> done);

} // namespace ui::bridge
