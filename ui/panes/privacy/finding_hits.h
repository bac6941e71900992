// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/finding_counts.h"
#include "ui/panes/privacy/policy_words.h"

#include <QPainter>

#include <optional>

/// How often rules and guardrails found something lately. Pure.
namespace ui::privacy {

/// Of one of them, in calls that ran under one policy.
struct Hits
{
    QStringList names;          ///< of findings, as the call filter and the log have them
    std::uint64_t asked = 0, answered = 0, calls = 0; ///< calls: the most that any of the names has
    std::vector<std::uint64_t> parts {}; ///< the oldest first
    bool operator==(const Hits &) const = default;
    [[nodiscard]] std::uint64_t found() const { return asked + answered; }
};

/// @param policy  that is shown: it may inherit what stands at the place
Hits hitsOf(const gateway::FindingSummary &summary, const Policies &policies, int policy, List list, const RulePlace &place);
/// The call filter for them: `policy:"default" (finding:"a" OR finding:"b")`.
QString filterFor(const QString &policy, const Hits &hits);

/// A bar for each part, those with nothing as a line of 1 px; the highest is the height.
void paintHits(QPainter *painter, const QRect &where, const std::vector<std::uint64_t> &parts, const QColor &color, const QColor &empty);

} // namespace ui::privacy
