// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

/// Values of a field chosen by clicks, as a part of the filter's text. Pure; any thread.
namespace ui::calls {

/// What a filter says of one field, as far as clicks could have said it: "team:a", "(team:a OR team:b)" and "NOT team:c" among
/// what it ANDs. Values are as CallFacet has them.
struct FieldChoice
{
    QStringList included, excluded;
    [[nodiscard]] bool empty() const { return included.isEmpty() && excluded.isEmpty(); }
    bool operator==(const FieldChoice &) const = default;
};

/// @param filter  a valid one
FieldChoice choiceOf(const QString &filter, const QString &field);
/// The filter with this choice in the place of the one that it has; all else stays as it was typed.
QString withChoice(const QString &filter, const QString &field, const FieldChoice &choice);

/// The filter after a click on a value: it is included beside others of its field (or excluded), or no longer so.
QString toggled(const QString &filter, const QString &field, const QString &value, bool exclude);

} // namespace ui::calls
