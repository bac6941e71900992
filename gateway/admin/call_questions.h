// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"

namespace gateway::admin {

/// What calls have in common: values, causes of errors, sessions and traces. A part of addCallEndpoints().
void addCallGroupEndpoints(std::vector<Endpoint> &table);

} // namespace gateway::admin
