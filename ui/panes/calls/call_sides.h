// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <QString>

/// A call has two sides on the wire: the program's and the provider's. What each spoke, and what is kept of it.
namespace ui::calls {

enum class CallSide { Program, Provider };
enum class BodyKind { Request, Answer };

/// Whether the provider's side is not the program's: another format, or other bodies.
bool sidesDiffer(const gateway::CallRecord &record);
/// The format of a side, in words: "OpenAI chat", "Anthropic".
QString formatOf(const gateway::CallRecord &record, CallSide side);
/// "OpenAI chat → Anthropic"; empty where nothing was translated.
QString formatPair(const gateway::CallRecord &record);

const std::string &bodyOf(const gateway::CapturedBodies &bodies, CallSide side, BodyKind kind);
bool bodyCut(const gateway::CapturedBodies &bodies, CallSide side, BodyKind kind);

/// Why a body is not there, in words; empty where it is.
/// @param complete  false: bodies have not been read yet
/// @param kept      whether the configuration keeps bodies at all
QString missingBody(const gateway::CallDetail &detail, bool complete, bool kept, CallSide side, BodyKind kind);

} // namespace ui::calls
