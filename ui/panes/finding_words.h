// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <QString>

/// What privacy policies found in a call, in words. Pure.
namespace ui::panes {

/// "E-mail address", "ticket", "Guardrail size".
QString findingTitle(const gateway::PrivacyFinding &finding);
/// How often and where, and what became of it: "2 in the request, 1 in the answer: placeholders went in their place".
/// @param record  that the finding is of
QString findingWords(const gateway::PrivacyFinding &finding, const gateway::CallRecord &record);

} // namespace ui::panes
