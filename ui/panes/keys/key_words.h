// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QString>

/// What is said of a virtual key. Pure.
namespace ui::keys {

/// A model that this key may use, for its first call; empty: nothing is configured that it may use.
QString firstModel(const gateway::config::Config &config, const gateway::config::VirtualKey &key);
/// "Team search, gpt-4o, smart, until 31 Dec 2027."
QString summaryOf(const gateway::config::VirtualKey &key);
/// Why the gateway did not take a change.
QString problemOf(const gateway::api::ApplyOutcome &outcome);
QString problemField(const gateway::api::ApplyOutcome &outcome); ///< what that is about: "keys[3].name"
/// "13 d": how long ago the key was made; "—" where that is not known.
QString ageOf(const gateway::config::VirtualKey &key, gateway::WallTime now);
/// Whether it is older than a year and never ends by itself: time for a new secret.
bool isOld(const gateway::config::VirtualKey &key, gateway::WallTime now);

} // namespace ui::keys
