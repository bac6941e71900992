// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace ui::privacy {

/// What is wrong with a regular expression, and where.
struct PatternProblem
{
    QString text;
    int at = 0;     ///< in letters of the pattern, at most its length
    int length = 0; ///< of what is wrong there; 0: something is missing
};

/// Whether RE2 takes the pattern; std::nullopt: it does. The gateway's own check says it again when a draft is saved.
std::optional<PatternProblem> checkPattern(const QString &pattern);

} // namespace ui::privacy
