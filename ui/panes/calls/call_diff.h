// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <QList>
#include <QString>

/// What differs between two calls, side by side. Pure; any thread.
namespace ui::calls {

/// A figure of both calls.
struct FigurePair
{
    QString name, left, right;
    QString difference;      ///< of figures that can be subtracted: "+340 ms (+12 %)"; empty: of others
    bool differs = false;
};
QList<FigurePair> figurePairs(const gateway::CallRecord &left, const gateway::CallRecord &right);

/// A stretch of a line: whether it is on its own side alone.
struct DiffPiece
{
    QString text;
    bool changed = false;
    bool operator==(const DiffPiece &) const = default;
};

/// A line of two texts beside one another.
struct SideRow
{
    enum class Kind {
        Heading, ///< of a message or another part, over both sides
        Folded,  ///< lines or messages that are alike and not shown, likewise
        Lines    ///< one of either side; `left` or `right` is missing where the other has no counterpart
    };
    Kind kind = Kind::Lines;
    QString words {};        ///< of Heading and Folded
    QList<DiffPiece> left {}, right {};
    bool onLeft = true, onRight = true;
    bool operator==(const SideRow &) const = default;
};

/// What the callers sent, message by message, and their parameters; empty: identical. Formats may differ.
QList<SideRow> requestRows(const gateway::CallRecord &left, const gateway::CallRecord &right);
/// What they were answered; a stream and a whole answer of the same text are identical.
QList<SideRow> answerRows(const gateway::CallRecord &left, const gateway::CallRecord &right);
/// Of texts; empty: identical.
QList<SideRow> textRows(const std::string &left, const std::string &right);

} // namespace ui::calls
