// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/side_question.h"
#include "gateway/pipeline/task.h"
#include "gateway/privacy/scanner.h"

#include <string>
#include <vector>

namespace gateway::pipeline {

/// Asks the external detectors of a policy (Presidio's analyzer API) for what is in some texts, several texts in one
/// question, each at most five seconds; a policy without any is answered at once. One that does not answer, or answers what
/// cannot be read, does what its rule says.
/// @param texts  all of the ask's and these hold until it is done
/// @return by text, in bytes of it. PolicyUnavailable: one of those that block; Cancelled.
Task<Result<std::vector<std::vector<privacy::Hit>>>> askAnalyzers(AnalyzerAsk ask, const privacy::Policy &policy, const std::vector<std::string> &texts);

} // namespace gateway::pipeline
