// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"

namespace gateway::admin {

/// A part of the table: colours and comments of calls.
void addMarkEndpoints(std::vector<Endpoint> &table);

} // namespace gateway::admin
