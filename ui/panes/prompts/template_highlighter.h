// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QSyntaxHighlighter>

class QWidget;

namespace ui::prompts {

/// {{variables}} of a template on a tint of their own; those that have no value are underlined.
class TemplateHighlighter final : public QSyntaxHighlighter
{
public:
    TemplateHighlighter(QTextDocument *document, const QWidget *widget);
    void setMissing(const QSet<QString> &names);

    /// What a tag looks up: "user" of "{{#user.name}}"; empty for comments, partials and ends of sections.
    static QString nameIn(QStringView tag);

protected:
    void highlightBlock(const QString &text) override;

private:
    const QWidget *m_widget;
    QSet<QString> m_missing;
};

} // namespace ui::prompts
