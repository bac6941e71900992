// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/answer_form.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/wire/neutral/kept_reasoning.h"
#include "gateway/wire/neutral/lost_reasoning.h"

#include <set>
#include <string>
#include <string_view>

/// What providers want to see again of their own answers (signatures, sealed thoughts: wire.md 2.1 and 11) survives clients
/// that lose it, and never goes to another provider, whichever one a conversation goes on with.
namespace gateway::stages {

/// Seals of a history, as escaped.
using Seals = std::set<std::string, std::less<>>;

/// Of the request's seals those that another provider than the target is known to have given.
/// @param format  that is spoken with the target
pipeline::Task<Seals> foreignSeals(pipeline::Exchange &x, const AttemptBook &book, wire::WireFormat format, const wire::ChatRequest &asked);

/// Makes a request fit for the target: puts back what the caller's client has lost of its answers, and takes out what
/// another provider is known to have sealed. (Writers leave out by themselves what is of another format.)
pipeline::Task<void> mendConversation(pipeline::Exchange &x, const AttemptBook &book, wire::WireFormat format, wire::ChatRequest &asked);

/// Whether an answer's reasoning is worth collecting.
bool collectsReasoning(const pipeline::Exchange &x, const AnswerForm &form);

/// Keeps what came of it, at the end of an answer.
void keepReasoning(pipeline::Exchange &x, const AttemptBook &book, const AnswerForm &form, const wire::ReasoningCollector &reasoning);

} // namespace gateway::stages
