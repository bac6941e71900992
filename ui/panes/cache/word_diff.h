// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <utility>

namespace ui::cache {

/// A stretch of a text: where it begins, and how long it is.
struct Stretch
{
    qsizetype at = 0, length = 0;
    bool operator==(const Stretch &) const = default;
};

/// The words of each of two texts that the other has not in the same order: what to look at first. Texts of more than some
/// hundred words are compared as far as that. Pure.
std::pair<QList<Stretch>, QList<Stretch>> differingWords(const QString &one, const QString &other);

} // namespace ui::cache
