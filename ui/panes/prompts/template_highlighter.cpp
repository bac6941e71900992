// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/template_highlighter.h"

#include "ui/widgets/theme_colors.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace ui::prompts {

namespace {

constexpr qsizetype longestLine = 20'000;

} // namespace

TemplateHighlighter::TemplateHighlighter(QTextDocument *document, const QWidget *widget) : QSyntaxHighlighter(document), m_widget(widget) {}

void TemplateHighlighter::setMissing(const QSet<QString> &names)
{
    if (names == m_missing)
        return;
    m_missing = names;
    rehighlight();
}

QString TemplateHighlighter::nameIn(QStringView tag)
{
    QStringView inside = tag;
    while (inside.startsWith(u'{'))
        inside = inside.mid(1);
    while (inside.endsWith(u'}'))
        inside.chop(1);
    inside = inside.trimmed();
    if (inside.isEmpty() || QStringView(u"!>/=").contains(inside.front()))
        return {};
    if (QStringView(u"#^&").contains(inside.front()))
        inside = inside.mid(1).trimmed();
    const qsizetype dot = inside.indexOf(u'.');
    return (dot > 0 ? inside.left(dot) : inside).toString();
}

void TemplateHighlighter::highlightBlock(const QString &text)
{
    if (text.size() > longestLine)
        return;
    static const QRegularExpression tags(u"\\{\\{\\{[^{}]*\\}\\}\\}|\\{\\{[^{}]*\\}\\}"_s);
    const widgets::ThemeColors &colors = widgets::colorsOf(m_widget);
    for (auto found = tags.globalMatch(text); found.hasNext();) {
        const auto match = found.next();
        QTextCharFormat format;
        format.setForeground(colors.accent);
        format.setBackground(colors.selection);
        if (m_missing.contains(nameIn(match.capturedView()))) {
            format.setForeground(colors.err);
            format.setBackground(colors.errBg);
            format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            format.setUnderlineColor(colors.err);
        }
        setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), format);
    }
}

} // namespace ui::prompts
