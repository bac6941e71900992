// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/side_question.h"
#include "gateway/pipeline/task.h"
#include "gateway/privacy/guards.h"
#include "gateway/privacy/webhook_text.h"

#include <optional>
#include <string>

namespace gateway::pipeline {

/// Asks a webhook for its verdict, once and no longer than its guardrail gives it. One that does not answer, or answers what is no
/// verdict, does what the guardrail says.
/// @param hasher  whose key questions are signed with (privacy/webhook_text.h); all of it outlives the task
/// @return why not, in words behind "The request is stopped by ...: "; nullopt: it may go on. PolicyUnavailable: there is no
///         verdict, and nothing goes on without; Cancelled.
Task<Result<std::optional<std::string>>> askJudge(const AnalyzerAsk &ask, const privacy::Guard &guard, const KeyHasher &hasher, const privacy::Judged &judged);

} // namespace gateway::pipeline
