// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"
#include "gateway/core/key_hash.h"
#include "gateway/privacy/policy.h"

#include <memory>
#include <string>
#include <vector>

namespace gateway::storage {
class CallLogReader;
}

/// What PrivacyTools does, wherever it is done. No state.
namespace gateway::api {

/// @param stored  the configuration's policies. Errors: as PrivacyTools
Result<std::shared_ptr<const privacy::Policy>> compileTried(std::vector<config::PrivacyPolicy> stored, const TriedPolicy &policy);

/// @param asAnswer  guardrails take the text for an answer
PrivacyTrial tryPolicy(const std::shared_ptr<const privacy::Policy> &policy, const KeyHasher &hasher, const std::string &text, bool asAnswer = false);

/// Blocks for as long as it takes: query thread. Errors: those of the reader.
Result<PrivacyDryRun> dryRunPolicy(storage::CallLogReader &log, const std::shared_ptr<const privacy::Policy> &policy, const KeyHasher &hasher, int calls);

} // namespace gateway::api
