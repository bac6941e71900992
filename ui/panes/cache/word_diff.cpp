// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/word_diff.h"

#include <algorithm>
#include <vector>

namespace ui::cache {

namespace {

constexpr qsizetype mostWords = 400; ///< the table of two such texts is a fraction of a megabyte

QList<Stretch> wordsOf(const QString &text)
{
    QList<Stretch> words;
    qsizetype begin = -1;
    for (qsizetype i = 0; i <= text.size() && words.size() < mostWords; ++i) {
        const bool inside = i < text.size() && !text[i].isSpace();
        if (inside && begin < 0)
            begin = i;
        if (!inside && begin >= 0) {
            words.append({begin, i - begin});
            begin = -1;
        }
    }
    return words;
}

QStringView textOf(const QString &text, const Stretch &stretch) { return QStringView(text).mid(stretch.at, stretch.length); }

} // namespace

std::pair<QList<Stretch>, QList<Stretch>> differingWords(const QString &one, const QString &other)
{
    const QList<Stretch> a = wordsOf(one), b = wordsOf(other);
    const auto same = [&](qsizetype i, qsizetype j) { return textOf(one, a[i]).compare(textOf(other, b[j]), Qt::CaseInsensitive) == 0; };
    // The longest row of words that both have, from the end on.
    const auto columns = static_cast<std::size_t>(b.size()) + 1;
    std::vector<std::uint16_t> longest((static_cast<std::size_t>(a.size()) + 1) * columns);
    const auto at = [&](qsizetype i, qsizetype j) -> std::uint16_t & { return longest[static_cast<std::size_t>(i) * columns + static_cast<std::size_t>(j)]; };
    for (qsizetype i = a.size() - 1; i >= 0; --i) {
        for (qsizetype j = b.size() - 1; j >= 0; --j)
            at(i, j) = same(i, j) ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1) : std::max(at(i + 1, j), at(i, j + 1));
    }
    std::pair<QList<Stretch>, QList<Stretch>> found;
    qsizetype i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && same(i, j)) {
            ++i;
            ++j;
        } else if (j == b.size() || (i < a.size() && at(i + 1, j) >= at(i, j + 1))) {
            found.first.append(a[i++]);
        } else {
            found.second.append(b[j++]);
        }
    }
    return found;
}

} // namespace ui::cache
