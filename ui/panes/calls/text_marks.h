// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "ui/widgets/theme_colors.h"

#include <QList>
#include <QString>
#include <QStringList>

/// Where the words that a filter's text: terms ask for stand in a text: by the rules of the full-text index (SQLite FTS5's
/// unicode61, remove_diacritics 2), so that what is marked is what was found. Pure.
namespace ui::calls {

/// Words one after the other; case and marks of letters do not count.
struct WantedWords
{
    QStringList words;     ///< folded, at least one
    bool prefix = false;   ///< of the last one its beginning is enough: text:pay*
    bool operator==(const WantedWords &) const = default;
};

/// Of a filter's text: terms, each once; not of those behind NOT, which the calls do not have.
QList<WantedWords> wantedWords(const gateway::CallFilter &filter);

struct TextMark
{
    qsizetype from = 0, length = 0; ///< UTF-16 units
    bool operator==(const TextMark &) const = default;
};

/// In order, none over another.
QList<TextMark> markedIn(const QString &text, const QList<WantedWords> &wanted);

/// The text as HTML that shows its marks and nothing else as markup: white space stays.
QString markedHtml(const QString &text, const QList<TextMark> &marks, const widgets::ThemeColors &colors);

/// What is behind marked words, on which `colors.text` is read well.
QColor markColor(const widgets::ThemeColors &colors);

} // namespace ui::calls
