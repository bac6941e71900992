// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway::pipeline {

struct Exchange;

/// Whose call this is, where calls share what earlier ones left: the team of its key, a key's own where it has none, or
/// that of calls without a key. Equal texts are equal tenants; none is the beginning of another.
std::string tenantOf(const Exchange &x);

} // namespace gateway::pipeline
