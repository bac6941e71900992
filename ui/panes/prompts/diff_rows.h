// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"

#include <QList>
#include <QString>

namespace ui::prompts {

/// A line of what differs between two versions, as it is shown.
struct DiffRow
{
    enum class Kind {
        Heading, ///< of a message or another part
        Equal,
        Removed,
        Added,
        Folded   ///< lines that are alike and not shown
    };
    Kind kind = Kind::Equal;
    QString text;
    bool operator==(const DiffRow &) const = default;
};

/// What differs, with lines that are alike folded; empty: the versions are identical.
QList<DiffRow> diffRows(const gateway::config::PromptVersion &before, const gateway::config::PromptVersion &after);

} // namespace ui::prompts
