// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace ui::widgets {
class Label;
}

namespace ui::providers {

/// The routes that send calls to a provider, each a way there.
class UsedByTab final : public QWidget
{
    Q_OBJECT
public:
    explicit UsedByTab(QWidget *parent = nullptr);
    void show(const QString &provider, const QStringList &routes);
    using QWidget::show;

Q_SIGNALS:
    void routeWanted(const QString &name);

private:
    widgets::Label *m_words;
    QWidget *m_links = nullptr;
    QVBoxLayout *m_column;
    QStringList m_routes;
};

} // namespace ui::providers
