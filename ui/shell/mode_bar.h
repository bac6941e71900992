// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QWidget>

class QVBoxLayout;

namespace ui::shell {

/// The bar of panes at the left: 72 px wide, logo, entries of icon and label, the chosen one on the surface colour with
/// an accent edge. Settings stand at the bottom.
class ModeBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ModeBar(QWidget *parent = nullptr);
    void addMode(const QString &id, widgets::Icon icon, const QString &label, const QString &shortcut, bool atBottom);
    void addSeparator();
    void setCurrent(const QString &id);
    void setBadge(const QString &id, int number);

Q_SIGNALS:
    void chosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class ModeButton *find(const QString &id) const;
    QVBoxLayout *m_top;
    QVBoxLayout *m_bottom;
    QList<class ModeButton *> m_buttons;
};

} // namespace ui::shell
