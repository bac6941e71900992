// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/text_marks.h"

#include "ui/bridge/text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {

namespace {

using gateway::CallFilter;

constexpr double markStrength = 0.3;

struct Word
{
    qsizetype from = 0, length = 0;
    QString folded;
};

bool isMark(char32_t c)
{
    const auto category = QChar::category(c);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_SpacingCombining || category == QChar::Mark_Enclosing;
}

bool isOfWord(char32_t c) { return QChar::isLetterOrNumber(c) || QChar::category(c) == QChar::Other_PrivateUse; }

QString folded(const QString &word)
{
    const bool plain = std::ranges::all_of(word, [](QChar c) { return c.unicode() < 0x80; });
    if (plain)
        return word.toLower();
    QString all;
    for (const char32_t c : word.normalized(QString::NormalizationForm_D).toUcs4()) {
        if (!isMark(c))
            all += QString::fromUcs4(&c, 1);
    }
    return all.toCaseFolded();
}

QList<Word> wordsOf(const QString &text)
{
    QList<Word> words;
    qsizetype from = -1;
    const auto end = [&](qsizetype at) {
        if (from >= 0)
            words.append({from, at - from, folded(text.mid(from, at - from))});
        from = -1;
    };
    for (qsizetype at = 0; at < text.size();) {
        const bool pair = text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
        const char32_t c = pair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : char32_t(text[at].unicode());
        if (isOfWord(c))
            from = from < 0 ? at : from;
        else if (from < 0 || !isMark(c)) // a mark belongs to the letter before it
            end(at);
        at += pair ? 2 : 1;
    }
    end(text.size());
    return words;
}

void collect(const CallFilter::Node &node, QList<WantedWords> &wanted)
{
    if (node.kind == CallFilter::Kind::Not)
        return;
    if (node.kind == CallFilter::Kind::Term && node.field->name == "text") {
        WantedWords one {.words = {}, .prefix = node.prefix};
        for (const Word &word : wordsOf(bridge::qt(node.value)))
            one.words.append(word.folded);
        if (!one.words.isEmpty() && !wanted.contains(one))
            wanted.append(one);
    }
    for (const CallFilter::Node &child : node.children)
        collect(child, wanted);
}

bool standsAt(const QList<Word> &words, qsizetype at, const WantedWords &wanted)
{
    if (at + wanted.words.size() > words.size())
        return false;
    for (qsizetype i = 0; i < wanted.words.size(); ++i) {
        const QString &there = words[at + i].folded;
        const bool beginning = wanted.prefix && i + 1 == wanted.words.size();
        if (beginning ? !there.startsWith(wanted.words[i]) : there != wanted.words[i])
            return false;
    }
    return true;
}

} // namespace

QList<WantedWords> wantedWords(const CallFilter &filter)
{
    QList<WantedWords> wanted;
    collect(filter.root(), wanted);
    return wanted;
}

QList<TextMark> markedIn(const QString &text, const QList<WantedWords> &wanted)
{
    QList<TextMark> marks;
    if (wanted.isEmpty())
        return marks;
    const QList<Word> words = wordsOf(text);
    for (qsizetype at = 0; at < words.size(); ++at) {
        qsizetype end = 0; // behind the longest that stands here
        for (const WantedWords &one : wanted) {
            if (standsAt(words, at, one)) {
                const Word &last = words[at + one.words.size() - 1];
                end = std::max(end, last.from + last.length);
            }
        }
        if (end == 0)
            continue;
        if (!marks.isEmpty() && marks.last().from + marks.last().length > words[at].from) // two phrases that share words
            marks.last().length = std::max(marks.last().from + marks.last().length, end) - marks.last().from;
        else
            marks.append({words[at].from, end - words[at].from});
    }
    return marks;
}

QString markedHtml(const QString &text, const QList<TextMark> &marks, const widgets::ThemeColors &colors)
{
    const QString begin = u"<span style=\"background-color:%1; color:%2\">"_s.arg(markColor(colors).name(), colors.text.name());
    QString html = u"<div style=\"white-space: pre-wrap\">"_s;
    qsizetype at = 0;
    const auto add = [&](qsizetype to) {
        html += text.mid(at, to - at).toHtmlEscaped().replace(u'\n', u"<br>"_s);
        at = to;
    };
    for (const TextMark &mark : marks) {
        add(mark.from);
        html += begin;
        add(mark.from + mark.length);
        html += u"</span>"_s;
    }
    add(text.size());
    return html + u"</div>"_s;
}

QColor markColor(const widgets::ThemeColors &colors) { return widgets::blended(colors.surface, colors.warn, markStrength); }

} // namespace ui::calls
