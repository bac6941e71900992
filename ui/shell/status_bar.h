// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QWidget>

namespace ui::shell {

/// The strip along the bottom: listener, calls a second, p95, errors, today's cost, an open circuit; at the right the
/// log's and the configuration's numbers. Painted whole, 28 px, four times a second while the window is visible.
class StatusBar final : public QWidget
{
    Q_OBJECT
public:
    explicit StatusBar(gateway::api::Gateway *gateway, QWidget *parent = nullptr);
    void refresh();
    [[nodiscard]] QString text() const; ///< all of it, for tests and screen readers

Q_SIGNALS:
    void listenerClicked();
    void circuitClicked(const QString &provider);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    struct Item
    {
        QString before, value, after;
        bool mono = false;
        int dot = -1;          ///< 0 error, 1 ok; -1 none
        bool warning = false;
        int width = 0;
        int x = 0;
        QString link;
    };
    void layOut();
    [[nodiscard]] QString linkAt(const QPoint &at) const;

    gateway::api::Gateway *m_gateway;
    QList<Item> m_left, m_right;
};

} // namespace ui::shell
