// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/diff.h"
#include "gateway/core/audit.h"

#include <deque>

/// A made-up audit log: three weeks of an installation with five teams, newest first.
namespace tests {

std::deque<gateway::AuditEntry> sceneAudit();
/// The log of one that was just installed.
std::deque<gateway::AuditEntry> beginningAudit();

bool isFound(const gateway::AuditQuery &query, const gateway::AuditEntry &entry);
gateway::AuditEntry auditEntry(const gateway::config::Change &change, std::uint64_t revision);

} // namespace tests
