// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"
#include "ui/panes/privacy/policy_words.h"

/// Guardrails in words. Pure.
namespace ui::privacy {

using GuardrailKind = gateway::config::GuardrailKind;
using GuardrailAction = gateway::config::GuardrailAction;
using LooksAt = gateway::config::LooksAt;
using StreamWay = gateway::config::StreamWay;

inline constexpr GuardrailKind allKinds[] {GuardrailKind::MaxBytes, GuardrailKind::MaxTokens, GuardrailKind::Forbid, GuardrailKind::Require, GuardrailKind::Injection, GuardrailKind::JsonSchema, GuardrailKind::Webhook};

QString kindTitle(GuardrailKind kind);   ///< "Forbidden patterns"
QString kindMeaning(GuardrailKind kind); ///< what it wants of a call, for tool tips
/// Its name; where it has none that of its kind, as the configuration writes it.
QString guardrailTitle(const Guardrail &guardrail);
/// What it checks, and how: "at most 1 MB", "answers · 2 patterns".
QString guardrailNotes(const Guardrail &guardrail);

QString actionWord(GuardrailAction action);
QString actionMeaning(GuardrailAction action);
widgets::Icon actionIcon(GuardrailAction action);
widgets::Role actionRole(GuardrailAction action);
QString looksAtWord(LooksAt what);       ///< "Requests and answers"

/// Whether it can look at answers as a whole, so that streams are let pass or held.
bool judgesStreams(const Guardrail &guardrail);
/// "size would refuse the request: it has 2,345 bytes, ..." of a trial. @param answer  the text was taken for one
QString trialWords(const gateway::api::GuardrailFinding &finding, bool answer);

} // namespace ui::privacy
