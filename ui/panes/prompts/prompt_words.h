// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QString>
#include <QStringList>

/// Prompts in words. Pure.
namespace ui::prompts {

/// "Ana, 13:12", "10 Nov 2026"; empty where neither is known.
QString writtenText(const gateway::config::PromptVersion &version, gateway::WallTime now);
/// "support/summarise-ticket"
QString pathText(const gateway::config::Prompt &prompt);
/// What of a version's parameters fits on chips: "temp 0.2", "max 400".
QStringList parameterChips(const gateway::config::JsonText &parameters);
/// The role of a message as it is written in the list: "system", "user".
const QStringList &roleNames();
/// "production on v7, staging on v8"
QString labelsText(const gateway::config::Prompt &prompt);
/// The first problem that is more than a warning, else the first warning; empty: none.
QString firstProblem(const std::vector<gateway::api::FieldError> &problems);
/// Why a version cannot be saved as it is, as far as it can be told here: a text that is no template, what is no JSON; empty: nothing.
QString versionProblem(const gateway::config::PromptVersion &version);
/// Names that a prompt and a label may have: letters, digits, dots, dashes and underscores. @return why this is none
QString nameProblem(const QString &name);
QString labelProblem(const QString &label);

} // namespace ui::prompts
