// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>

class QWidget;

namespace ui::costs {

/// Colours of a query's words.
class SqlHighlighter final : public QSyntaxHighlighter
{
public:
    /// @param widget  whose palette says whether it is dark; outlives this
    SqlHighlighter(QTextDocument *document, const QWidget *widget) : QSyntaxHighlighter(document), m_widget(widget) {}

protected:
    void highlightBlock(const QString &text) override;

private:
    const QWidget *m_widget;
};

} // namespace ui::costs
